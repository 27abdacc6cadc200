// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The hash that chains the transfer queue
/// @notice circomlib's Poseidon of five elements, as `Transfer.Enqueue` has it.
interface ITransferQueueHash {
    /// @notice Poseidon(head, kind·2¹⁰⁴ + leaf·2⁸⁰ + amount, recipient, key x, key y).
    function hash(uint256 head, uint256 item, uint256 recipient, uint256 keyX, uint256 keyY) external view returns (uint256);
}
