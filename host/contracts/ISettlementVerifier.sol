// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title What a settlement asks of its verifier
/// @notice The generated Groth16 verifier of a key with nine public inputs has exactly this function. The count is part
///         of the selector, so that a verifier of another shape is refused by the EVM and never answers by accident.
interface ISettlementVerifier {
    /// @notice Whether the proof proves the statement for these public inputs.
    /// @dev Must revert when an input is not below the scalar field's order r: x and x + r are the same field element,
    ///      and a state root that has two spellings can be replayed.
    /// @param proof A.x, A.y, B.x₁, B.x₀, B.y₁, B.y₀, C.x, C.y; a G2 coordinate is x₀ + x₁·u, its imaginary part first (EIP-197).
    /// @param inputs domain, batchNumber, firstLeaf, oldRoot, newRoot, oracleTime, oracleKeyHash, parameterHash, diffHash.
    /// @return valid True when the pairing equation holds, false when it does not.
    function verifyProof(uint256[8] calldata proof, uint256[9] calldata inputs) external view returns (bool valid);
}
