// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICircuitVerifier} from "../ICircuitVerifier.sol";

/// @notice A circuit whose proof is the hash of its inputs, so that a test can make one for any statement and for no other.
contract MockCircuit is ICircuitVerifier {
    function verify(uint256[] calldata proof, uint256[] calldata inputs) external pure returns (bool) {
        return proof.length == 1 && proof[0] == uint256(keccak256(abi.encodePacked(inputs)));
    }
}

function proofOf(uint256[] memory inputs) pure returns (uint256[] memory proof) {
    proof = new uint256[](1);
    proof[0] = uint256(keccak256(abi.encodePacked(inputs)));
}

function words(uint256 first) pure returns (uint256[] memory list) {
    list = new uint256[](1);
    list[0] = first;
}

function words(uint256 first, uint256 second) pure returns (uint256[] memory list) {
    list = new uint256[](2);
    (list[0], list[1]) = (first, second);
}

function words(uint256 first, uint256 second, uint256 third) pure returns (uint256[] memory list) {
    list = new uint256[](3);
    (list[0], list[1], list[2]) = (first, second, third);
}
