// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICircuitVerifier} from "./ICircuitVerifier.sol";

/// @title A generated Groth16 verifier as a circuit of the prover market
/// @notice Forwards a proof to `verifyProof(uint256[m],uint256[n])`, whose selector depends on both counts.
contract Groth16Circuit is ICircuitVerifier {
    /// @notice The verifier's address holds no code.
    error VerifierHasNoCode(address verifier);
    /// @notice A count was zero, or more than a verifier's code has room for.
    error InvalidCount(uint256 count);
    /// @notice The proof or the inputs have another number of words than the circuit's.
    error WordCount(uint256 given, uint256 expected);
    /// @notice The verifier returned something else than one word: it is no generated verifier of this shape.
    error InvalidAnswer(uint256 length);

    uint256 private constant COUNT_MAX = 999;

    /// @notice The generated verifier.
    address public immutable verifier;
    /// @notice Words of a proof: 8, or 10 + 2k with k commitments.
    uint256 public immutable proofWords;
    /// @notice Public inputs of the circuit.
    uint256 public immutable inputCount;
    /// @notice Selector of the verifier's one function.
    bytes4 public immutable selector;

    /// @notice Pins the verifier and its shape. Anyone may deploy; nothing can be changed afterwards.
    /// @dev Reverts with VerifierHasNoCode, or InvalidCount when a count is not in 1 … 999.
    constructor(address verifier_, uint256 proofWords_, uint256 inputCount_) {
        if (verifier_.code.length == 0) {
            revert VerifierHasNoCode(verifier_);
        }
        verifier = verifier_;
        proofWords = proofWords_;
        inputCount = inputCount_;
        selector = bytes4(
            keccak256(abi.encodePacked("verifyProof(uint256[", decimal(proofWords_), "],uint256[", decimal(inputCount_), "])"))
        );
    }

    /// @inheritdoc ICircuitVerifier
    /// @dev Anyone may call; moves nothing. Reverts with WordCount, InvalidAnswer, or with the verifier's own error.
    function verify(uint256[] calldata proof, uint256[] calldata inputs) external view returns (bool valid) {
        requireCount(proof.length, proofWords);
        requireCount(inputs.length, inputCount);
        (bool ok, bytes memory answer) = verifier.staticcall(abi.encodePacked(selector, proof, inputs));
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
        if (answer.length != 32) {
            revert InvalidAnswer(answer.length);
        }
        return abi.decode(answer, (bool));
    }

    function requireCount(uint256 given, uint256 expected) private pure {
        if (given != expected) {
            revert WordCount(given, expected);
        }
    }

    function decimal(uint256 count) private pure returns (bytes memory digits) {
        if (count == 0 || count > COUNT_MAX) {
            revert InvalidCount(count);
        }
        for (; count > 0; count /= 10) {
            digits = abi.encodePacked(bytes1(uint8(0x30 + count % 10)), digits);
        }
    }
}
