// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Many Groth16 proofs over BN254, of several circuits, in one pairing call
/// @notice Proof i of key k holds when Eᵢ = e(Aᵢ, Bᵢ)·e(−α, β)·e(Cᵢ, −δ)·e(Lᵢ, −γ) = 1, L = IC₀ + Σ xⱼ·ICⱼ. One check of Π Eᵢ^rᵢ = 1 with
///         r₁ = 1 and the other rᵢ of 128 bits stands for all: if any Eᵢ ≠ 1, it passes with probability 2⁻¹²⁸. The rᵢ are hashes of all
///         keys, inputs and proofs, so that whoever makes the proofs cannot choose errors that cancel. Per key the pairings with β, γ
///         and δ are shared, and so is the sum over its inputs; a proof costs one pair and two multiplications.
/// @dev Keys lie on the chain as the code of contracts that only this one creates, at addresses that follow from their content. By Cancun's
///      prices reading a key of 34 words so costs 2,800 gas, as call data 17,400, from storage 71,400. No owner; anyone registers any key.
///      Which keys a proof may be of is the caller's to decide, and so is what the inputs mean.
contract BatchVerifier {
    /// @notice Proofs of one key.
    /// @param key The key's address, from `registerKey` or `keyAddress`.
    /// @param proofs A.x, A.y, B.x₁, B.x₀, B.y₁, B.y₀, C.x, C.y each; a G2 coordinate is x₀ + x₁·u, its imaginary part first (EIP-197).
    /// @param inputs The first proof's public inputs, then the second's, and so on; each below r.
    struct Group {
        address key;
        uint256[8][] proofs;
        uint256[] inputs;
    }

    /// @notice A key was registered.
    event KeyRegistered(address indexed key, uint256 inputCount);

    /// @notice A key has 16 words and two for each public input, of which there are 1 to INPUTS_MAX.
    error KeyLength(uint256 words);
    /// @notice A coordinate of the key is not below q, a point is not on its curve or not in its subgroup, or α, β, γ or δ is infinity.
    error InvalidKeyPoint();
    /// @notice The gas did not suffice to put the key on the chain.
    error KeyCreationFailed();
    /// @notice Nothing was registered here at this address.
    error UnknownKey(address key);
    /// @notice There is no group, or a group without a proof.
    error EmptyBatch();
    /// @notice A group's inputs are not its key's count for each proof.
    error InputCount(uint256 group, uint256 given, uint256 expected);
    /// @notice A public input is not below the scalar field's order r, so it would be a second spelling of another.
    error PublicInputNotReduced(uint256 group, uint256 index, uint256 value);
    /// @notice A point of G1 is not on its curve, a coordinate not below q; or the gas did not suffice, or precompile 6 or 7 is missing.
    error PointOperationFailed();
    /// @notice The pairing gave no answer: a point is not on its curve or not in its subgroup, a coordinate not below q; or the gas did not
    ///         suffice, or precompile 8 is missing.
    error PairingFailed();

    /// @notice What the hashes of the challenges begin with.
    bytes32 public constant DOMAIN = keccak256("Accel BatchVerifier 1");
    /// @notice Most public inputs of a key: its words must fit a contract's code.
    uint256 public constant INPUTS_MAX = 375;

    uint256 private constant R = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;
    uint256 private constant Q = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47;
    /// @dev α, β, δ, γ and IC₀.
    uint256 private constant KEY_WORDS_FIXED = 16;
    uint256 private constant HEADER_LENGTH = 10;

    struct Work {
        uint256 seed;
        uint256 pairs;
        uint256 next;
        uint256 proofIndex;
        uint256 scratch;
    }

    /// @notice Puts a key on the chain for good. Registering it again changes nothing.
    /// @dev Anyone, at any time. Moves no funds. Emits KeyRegistered the first time. Reverts with KeyLength, InvalidKeyPoint or KeyCreationFailed.
    /// @param key α, β, γ, δ, IC₀, IC₁ …; G1 points as x, y; G2 points as x₁, x₀, y₁, y₀.
    /// @return registered The key's address.
    function registerKey(uint256[] calldata key) external returns (address registered) {
        bytes memory code = creationCode(key);
        registered = create2Address(keccak256(code));
        if (registered.code.length > 0) {
            return registered;
        }
        requireValid(code, key.length);
        assembly ("memory-safe") {
            registered := create2(0, add(code, 0x20), mload(code), 0)
        }
        if (registered == address(0)) {
            revert KeyCreationFailed();
        }
        emit KeyRegistered(registered, (key.length - KEY_WORDS_FIXED) / 2);
    }

    /// @notice The address that a key has, or would have, here. Anyone may ask.
    /// @dev Reverts with KeyLength or InvalidKeyPoint; the points' curves and subgroups are not examined.
    /// @param key As for `registerKey`.
    function keyAddress(uint256[] calldata key) external view returns (address) {
        return create2Address(keccak256(creationCode(key)));
    }

    /// @notice Whether all proofs hold.
    /// @dev Anyone may call; moves nothing. True or false are answers about the proofs alone; all else reverts: UnknownKey, EmptyBatch,
    ///      InputCount, PublicInputNotReduced, PointOperationFailed, PairingFailed. A precompile that refuses its input takes all gas that
    ///      it was given, 63/64 of what is left: give a bound when you verify for others. Groth16 proofs are malleable: never use their
    ///      bytes as an identity.
    /// @param groups The proofs by key. A key may come in several groups; that only costs more.
    /// @return True when every proof holds, false when at least one does not.
    function verify(Group[] calldata groups) external view returns (bool) {
        uint256 proofs;
        bytes32 keys;
        uint256[] memory points = new uint256[](groups.length);
        for (uint256 g = 0; g < groups.length; g++) {
            bytes32 codeHash;
            (points[g], codeHash) = loadKey(g, groups[g]);
            keys = keccak256(abi.encode(keys, codeHash));
            proofs += groups[g].proofs.length;
        }
        if (proofs == 0) {
            revert EmptyBatch();
        }

        // All of the call data are hashed, whatever their layout, so that nothing which is read below escapes the challenges.
        Work memory work;
        work.seed = uint256(keccak256(abi.encode(DOMAIN, block.chainid, address(this), keys, keccak256(msg.data))));
        uint256 pairCount = proofs + 3 * groups.length;
        work.pairs = allocate(6 * pairCount);
        work.next = work.pairs;
        work.scratch = allocate(5);
        for (uint256 g = 0; g < groups.length; g++) {
            addGroup(work, g, groups[g], points[g]);
        }
        return pairing(work.pairs, pairCount);
    }

    /// @dev Appends the group's pairs: (rᵢ·Aᵢ, Bᵢ) for each proof, then (Σrᵢ·−α, β), (Σrᵢ·Cᵢ, −δ), (Σrᵢ·Lᵢ, −γ).
    function addGroup(Work memory work, uint256 g, Group calldata group, uint256 points) private view {
        uint256 inputCount = group.inputs.length / group.proofs.length;
        uint256 scalars = allocate(inputCount + 1);
        uint256 sum = allocate(3);
        for (uint256 i = 0; i < group.proofs.length; i++) {
            uint256 challenge = work.proofIndex == 0 ? 1 : uint256(keccak256(abi.encode(work.seed, work.proofIndex))) >> 128;
            work.proofIndex++;
            uint256 proof;
            uint256[8] calldata words = group.proofs[i];
            uint256 pair = work.next;
            uint256 operand = work.scratch + 0x40;
            assembly ("memory-safe") {
                proof := words
                calldatacopy(pair, proof, 0x40)
                calldatacopy(operand, add(proof, 0xc0), 0x40)
            }
            multiply(pair, challenge);
            multiply(operand, challenge);
            assembly ("memory-safe") {
                calldatacopy(add(pair, 0x40), add(proof, 0x40), 0x80)
            }
            work.next = pair + 0xc0;
            if (i == 0) {
                copy(sum, operand, 2);
            } else {
                accumulate(work.scratch, sum);
            }
            addInputs(g, group.inputs, i * inputCount, inputCount, scalars, challenge);
        }

        uint256 last = work.next;
        work.next = last + 0x240;
        copy(last, points, 2);
        multiply(last, load(scalars));
        copy(last + 0x40, points + 0x40, 4);
        copy(last + 0xc0, sum, 2);
        copy(last + 0x100, points + 0xc0, 4);
        inputSum(work.scratch, sum, points + 0x1c0, scalars, inputCount);
        copy(last + 0x180, sum, 2);
        copy(last + 0x1c0, points + 0x140, 4);
    }

    /// @dev scalars[0] += challenge, scalars[1 + j] += challenge·xⱼ, mod r.
    function addInputs(uint256 g, uint256[] calldata inputs, uint256 start, uint256 count, uint256 scalars, uint256 challenge) private pure {
        uint256 source;
        assembly ("memory-safe") {
            source := add(inputs.offset, mul(0x20, start))
            mstore(scalars, addmod(mload(scalars), challenge, R))
        }
        for (uint256 j = 0; j < count; j++) {
            uint256 value;
            assembly ("memory-safe") {
                value := calldataload(add(source, mul(0x20, j)))
                let scalar := add(scalars, mul(0x20, add(j, 1)))
                mstore(scalar, addmod(mload(scalar), mulmod(value, challenge, R), R))
            }
            if (value >= R) {
                revert PublicInputNotReduced(g, start + j, value);
            }
        }
    }

    /// @dev sum = Σ scalars[j]·IC[j], j from 0 to count.
    function inputSum(uint256 scratch, uint256 sum, uint256 ic, uint256 scalars, uint256 count) private view {
        uint256 operand = scratch + 0x40;
        for (uint256 j = 0; j <= count; j++) {
            copy(operand, ic + 0x40 * j, 2);
            multiply(operand, load(scalars + 0x20 * j));
            if (j == 0) {
                copy(sum, operand, 2);
            } else {
                accumulate(scratch, sum);
            }
        }
    }

    /// @dev Copies a registered key's points into memory: −α, β, −δ, −γ, IC.
    function loadKey(uint256 g, Group calldata group) private view returns (uint256 points, bytes32 codeHash) {
        address key = group.key;
        uint256 length = key.code.length;
        if (length == 0) {
            revert UnknownKey(key);
        }
        bytes memory code = abi.encodePacked(header(length), new bytes(length));
        assembly ("memory-safe") {
            points := add(code, add(0x20, HEADER_LENGTH))
            extcodecopy(key, points, 0, length)
            points := add(points, 1)
            codeHash := keccak256(add(code, 0x20), mload(code))
        }
        // Only what `registerKey` has examined lies at the address that follows from its content.
        if (key != create2Address(codeHash)) {
            revert UnknownKey(key);
        }
        if (group.proofs.length == 0) {
            revert EmptyBatch();
        }
        uint256 expected = group.proofs.length * ((length - 1) / 0x40 - KEY_WORDS_FIXED / 2);
        if (group.inputs.length != expected) {
            revert InputCount(g, group.inputs.length, expected);
        }
    }

    /// @dev The code that puts a key on the chain: the signs that the check needs are on its points, and a STOP is before them.
    function creationCode(uint256[] calldata key) private pure returns (bytes memory) {
        uint256 inputWords = key.length < KEY_WORDS_FIXED ? 0 : key.length - KEY_WORDS_FIXED;
        if (inputWords == 0 || inputWords % 2 != 0 || inputWords > 2 * INPUTS_MAX) {
            revert KeyLength(key.length);
        }
        bytes memory alpha = abi.encodePacked(key[0], negate(key[1]));
        bytes memory delta = abi.encodePacked(key[10], key[11], negate(key[12]), negate(key[13]));
        bytes memory gamma = abi.encodePacked(key[6], key[7], negate(key[8]), negate(key[9]));
        return abi.encodePacked(header(1 + 0x20 * key.length), bytes1(0), alpha, key[2:6], delta, gamma, key[14:]);
    }

    /// @dev PUSH2 length DUP1 PUSH1 10 PUSH0 CODECOPY PUSH0 RETURN: what follows becomes the contract's code.
    function header(uint256 length) private pure returns (bytes memory) {
        return abi.encodePacked(hex"61", uint16(length), hex"80600a5f395ff3");
    }

    function create2Address(bytes32 codeHash) private view returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), address(this), bytes32(0), codeHash)))));
    }

    function requireValid(bytes memory code, uint256 words) private view {
        uint256 points;
        assembly ("memory-safe") {
            points := add(code, add(0x21, HEADER_LENGTH))
        }
        uint256 pairs = allocate(18);
        bool infinity = (load(points) | load(points + 0x20)) == 0;
        for (uint256 i = 0; i < 3; i++) {
            uint256 pair = pairs + 0xc0 * i;
            uint256 point = points + 0x40 + 0x80 * i;
            copy(pair, points, 2);
            copy(pair + 0x40, point, 4);
            infinity = infinity || (load(point) | load(point + 0x20) | load(point + 0x40) | load(point + 0x60)) == 0;
        }
        bool ok = !infinity;
        assembly ("memory-safe") {
            ok := and(ok, staticcall(gas(), 8, pairs, 0x240, 0, 0x20))
        }
        for (uint256 word = 14; word < words; word += 2) {
            copy(pairs, points + 0x20 * word, 2);
            assembly ("memory-safe") {
                mstore(add(pairs, 0x40), 0)
                ok := and(ok, staticcall(gas(), 7, pairs, 0x60, pairs, 0x40))
            }
        }
        if (!ok) {
            revert InvalidKeyPoint();
        }
    }

    function negate(uint256 coordinate) private pure returns (uint256) {
        if (coordinate >= Q) {
            revert InvalidKeyPoint();
        }
        return coordinate == 0 ? 0 : Q - coordinate;
    }

    /// @dev The point at this place times a scalar; the word behind the point is overwritten. A factor of 1 leaves the point unexamined,
    ///      for the addition or the pairing that it goes into.
    function multiply(uint256 point, uint256 scalar) private view {
        if (scalar == 1) {
            return;
        }
        bool ok;
        assembly ("memory-safe") {
            mstore(add(point, 0x40), scalar)
            ok := staticcall(gas(), 7, point, 0x60, point, 0x40)
            // A call to a chain without the precompile succeeds and returns nothing.
            ok := and(ok, eq(returndatasize(), 0x40))
        }
        if (!ok) {
            revert PointOperationFailed();
        }
    }

    /// @dev sum += the point at scratch + 0x40.
    function accumulate(uint256 scratch, uint256 sum) private view {
        copy(scratch, sum, 2);
        bool ok;
        assembly ("memory-safe") {
            ok := staticcall(gas(), 6, scratch, 0x80, sum, 0x40)
            ok := and(ok, eq(returndatasize(), 0x40))
        }
        if (!ok) {
            revert PointOperationFailed();
        }
    }

    function pairing(uint256 pairs, uint256 count) private view returns (bool result) {
        bool ok;
        assembly ("memory-safe") {
            ok := staticcall(gas(), 8, pairs, mul(0xc0, count), 0, 0x20)
            ok := and(ok, eq(returndatasize(), 0x20))
            result := mload(0)
        }
        if (!ok) {
            revert PairingFailed();
        }
    }

    /// @dev Zeroed memory of so many words.
    function allocate(uint256 words) private pure returns (uint256 place) {
        uint256[] memory space = new uint256[](words);
        assembly ("memory-safe") {
            place := add(space, 0x20)
        }
    }

    function copy(uint256 to, uint256 from, uint256 words) private pure {
        assembly ("memory-safe") {
            mcopy(to, from, mul(0x20, words))
        }
    }

    function load(uint256 place) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(place)
        }
    }
}
