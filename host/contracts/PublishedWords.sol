// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A batch's published words, and how a proof is bound to them
/// @notice The words d are call data of 31 bytes each. The statement publishes h = Poseidon(d), c and e = Σ dᵢ·cⁱ (i from 0), mod r; the contract
///         works out c and e itself. h is fixed before c = keccak256(h, keccak256(d), chain, contract) mod r is known, so that other words
///         with the same e would have to be a root of a polynomial that was fixed before c: no circuit for Keccak is needed.
library PublishedWords {
    /// @notice The data are not whole words of 31 bytes.
    error PartialWord(uint256 length);

    /// @notice Order r of BN254's scalar field.
    uint256 internal constant R = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;
    /// @notice Bytes of a word; any 31 bytes are below r.
    uint256 internal constant WORD_LENGTH = 31;

    /// @notice The point c and the value e there.
    /// @param data The words, one after the other.
    /// @param h Their Poseidon hash, as the statement publishes it.
    /// @param chainId The chain that the statement names.
    /// @param settlement The contract that it names.
    function evaluate(bytes calldata data, uint256 h, uint256 chainId, address settlement)
        internal
        pure
        returns (uint256 c, uint256 e)
    {
        if (data.length % WORD_LENGTH != 0) {
            revert PartialWord(data.length);
        }
        c = uint256(keccak256(abi.encode(h, keccak256(data), chainId, settlement))) % R;
        // Horner's rule, from the last word down.
        for (uint256 i = data.length / WORD_LENGTH; i > 0; i--) {
            e = addmod(mulmod(e, c, R), wordAt(data, i - 1), R);
        }
    }

    /// @notice Word i.
    function wordAt(bytes calldata data, uint256 i) internal pure returns (uint256) {
        return uint256(uint248(bytes31(data[WORD_LENGTH * i:WORD_LENGTH * (i + 1)])));
    }

    /// @notice keccak256(abi.encode(chain id, contract)) mod r: what every statement names first.
    function domainOf(uint256 chainId, address settlement) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(chainId, settlement))) % R;
    }
}
