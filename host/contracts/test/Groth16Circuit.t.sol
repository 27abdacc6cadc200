// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Groth16Circuit} from "../Groth16Circuit.sol";
import {vm} from "./Vm.sol";

/// @notice Verifiers of two shapes, as the generator names their functions.
contract MockVerifiers {
    error PublicInputNotReduced(uint256 index, uint256 value);

    function verifyProof(uint256[8] calldata proof, uint256[2] calldata inputs) external pure returns (bool) {
        if (inputs[0] == type(uint256).max) {
            revert PublicInputNotReduced(0, inputs[0]);
        }
        return proof[0] == 1 && proof[7] == 8 && inputs[0] == 21 && inputs[1] == 22;
    }

    function verifyProof(uint256[8] calldata proof, uint256[150] calldata inputs) external pure returns (bool) {
        return proof[0] == 1 && inputs[149] == 149;
    }

    function verifyProof(uint256[12] calldata, uint256[1] calldata) external pure returns (uint256, uint256) {
        return (1, 1);
    }
}

contract Groth16CircuitTest {
    MockVerifiers private verifiers;

    function setUp() public {
        verifiers = new MockVerifiers();
    }

    function test_forwards_to_the_function_of_the_shape() public {
        uint256[] memory inputs = new uint256[](2);
        (inputs[0], inputs[1]) = (21, 22);
        Groth16Circuit circuit = new Groth16Circuit(address(verifiers), 8, 2);
        vm.assertTrue(circuit.verify(proof(), inputs), "true");
        inputs[1] = 23;
        vm.assertFalse(circuit.verify(proof(), inputs), "false");

        inputs = new uint256[](150);
        inputs[149] = 149;
        vm.assertTrue(new Groth16Circuit(address(verifiers), 8, 150).verify(proof(), inputs), "three digits");
    }

    function test_refuses_other_counts_and_passes_errors_on() public {
        Groth16Circuit circuit = new Groth16Circuit(address(verifiers), 8, 2);
        vm.expectRevert(abi.encodeWithSelector(Groth16Circuit.WordCount.selector, 7, 8));
        circuit.verify(new uint256[](7), new uint256[](2));
        vm.expectRevert(abi.encodeWithSelector(Groth16Circuit.WordCount.selector, 3, 2));
        circuit.verify(new uint256[](8), new uint256[](3));
        uint256[] memory inputs = new uint256[](2);
        inputs[0] = type(uint256).max;
        vm.expectRevert(abi.encodeWithSelector(MockVerifiers.PublicInputNotReduced.selector, 0, type(uint256).max));
        circuit.verify(new uint256[](8), inputs);
        circuit = new Groth16Circuit(address(verifiers), 12, 1);
        vm.expectRevert(abi.encodeWithSelector(Groth16Circuit.InvalidAnswer.selector, 64));
        circuit.verify(new uint256[](12), new uint256[](1));
    }

    function test_refuses_verifiers_without_code_and_counts_that_cannot_be() public {
        vm.expectRevert(abi.encodeWithSelector(Groth16Circuit.VerifierHasNoCode.selector, address(0xdead)));
        new Groth16Circuit(address(0xdead), 8, 2);
        vm.expectRevert(abi.encodeWithSelector(Groth16Circuit.InvalidCount.selector, 0));
        new Groth16Circuit(address(verifiers), 8, 0);
        vm.expectRevert(abi.encodeWithSelector(Groth16Circuit.InvalidCount.selector, 1000));
        new Groth16Circuit(address(verifiers), 1000, 1);
    }

    function proof() private pure returns (uint256[] memory words) {
        words = new uint256[](8);
        (words[0], words[7]) = (1, 8);
    }
}
