// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BatchVerifier} from "../BatchVerifier.sol";
import {Groth16Simulator, Q, R} from "./Groth16Simulator.sol";
import {vm} from "./Vm.sol";

/// @notice Proofs with a known trapdoor against the batch check.
contract BatchVerifierTest {
    using Groth16Simulator for Groth16Simulator.Setup;

    BatchVerifier private verifier;
    Groth16Simulator.Setup[3] private setups;
    address[3] private keys;

    function setUp() public {
        verifier = new BatchVerifier();
        for (uint256 i = 0; i < 3; i++) {
            setups[i] = Groth16Simulator.create(100 + 31 * i, 1 + 4 * i);
            keys[i] = verifier.registerKey(setups[i].key());
        }
    }

    // ---- what holds

    /// forge-config: default.fuzz.runs = 24
    function testFuzz_accepts_any_mixture_of_true_proofs(uint256 seed) public view {
        BatchVerifier.Group[] memory groups = new BatchVerifier.Group[](1 + seed % 3);
        for (uint256 g = 0; g < groups.length; g++) {
            groups[g] = group(seed / 3 + g, 1 + (seed >> (8 * g)) % 3, seed);
        }
        vm.assertTrue(verifier.verify(groups), "true proofs");
    }

    /// One word of one proof replaced by another legal one, or one input, makes the whole batch false.
    /// forge-config: default.fuzz.runs = 48
    function testFuzz_one_false_proof_makes_the_batch_false(uint256 seed) public view {
        BatchVerifier.Group[] memory groups = new BatchVerifier.Group[](2);
        groups[0] = group(seed, 1 + seed % 3, seed);
        groups[1] = group(seed / 2 + 1, 2, ~seed);
        BatchVerifier.Group memory broken = groups[seed % 2];
        uint256 place = seed / 16 % broken.proofs.length;
        uint256 kind = seed / 8 % 4;
        if (kind == 0) {
            uint256 input = seed / 16 % broken.inputs.length;
            broken.inputs[input] = addmod(broken.inputs[input], 1 + seed % 1000, R);
        } else if (kind == 1) {
            (broken.proofs[place][0], broken.proofs[place][1]) = Groth16Simulator.g1(Groth16Simulator.scalar(seed, 2000));
        } else if (kind == 2) {
            (broken.proofs[place][6], broken.proofs[place][7]) = Groth16Simulator.g1(Groth16Simulator.scalar(seed, 2001));
        } else {
            broken.proofs[place][7] = Q - broken.proofs[place][7];
        }
        vm.assertFalse(verifier.verify(groups), "one false proof");
    }

    function test_the_same_key_may_come_in_two_groups() public view {
        BatchVerifier.Group[] memory groups = new BatchVerifier.Group[](2);
        groups[0] = group(1, 2, 5);
        groups[1] = group(1, 1, 6);
        vm.assertTrue(verifier.verify(groups), "two groups of one key");
    }

    function test_a_proof_under_another_key_is_false() public {
        BatchVerifier.Group[] memory groups = single(group(0, 1, 5));
        Groth16Simulator.Setup memory other = Groth16Simulator.create(999, 1);
        groups[0].key = verifier.registerKey(other.key());
        vm.assertFalse(verifier.verify(groups), "another key");
    }

    // ---- errors that cancel

    /// C₁ + D and C₂ − D: the product of the two equations still holds, each by itself does not, and the batch is refused.
    /// forge-config: default.fuzz.runs = 24
    function testFuzz_errors_built_to_cancel_are_refused(uint256 seed) public view {
        BatchVerifier.Group[] memory groups = single(group(seed % 3, 2, seed));
        uint256 d = 1 + Groth16Simulator.scalar(seed, 3000) % (R - 1);
        (uint256 x, uint256 y) = Groth16Simulator.g1(d);
        addToC(groups[0].proofs[0], x, y);
        addToC(groups[0].proofs[1], x, Q - y);

        vm.assertTrue(productHolds(groups[0], seed % 3), "without weights the errors cancel");
        vm.assertFalse(verifier.verify(groups), "with weights they do not");
        for (uint256 i = 0; i < 2; i++) {
            vm.assertFalse(verifier.verify(single(part(groups[0], i))), "each proof alone is false");
        }
    }

    /// The same across two keys with one delta: C of the one plus D, of the other minus D.
    function test_errors_built_to_cancel_across_keys_are_refused() public {
        Groth16Simulator.Setup memory first = Groth16Simulator.create(36, 1);
        Groth16Simulator.Setup memory second = Groth16Simulator.create(37, 2);
        vm.assertEq(first.delta, second.delta, "one delta");
        BatchVerifier.Group[] memory groups = new BatchVerifier.Group[](2);
        groups[0] = groupOf(verifier.registerKey(first.key()), first, 1, 8);
        groups[1] = groupOf(verifier.registerKey(second.key()), second, 1, 9);
        vm.assertTrue(verifier.verify(groups), "before");
        (uint256 x, uint256 y) = Groth16Simulator.g1(4711);
        addToC(groups[0].proofs[0], x, y);
        addToC(groups[1].proofs[0], x, Q - y);
        vm.assertFalse(verifier.verify(groups), "after");
    }

    /// What an attacker does who knows the challenge of another batch: errors D and −D/r₂ would cancel there, but a changed proof
    /// changes the challenge.
    function test_errors_weighed_by_the_challenge_before_the_change_are_refused() public view {
        BatchVerifier.Group[] memory groups = single(group(0, 2, 77));
        uint256 challenge = challengeOf(groups, 1);
        (uint256 x, uint256 y) = Groth16Simulator.g1(4711);
        addToC(groups[0].proofs[0], x, y);
        (x, y) = Groth16Simulator.g1(R - mulmod(4711, Groth16Simulator.inverse(challenge), R));
        addToC(groups[0].proofs[1], x, y);
        vm.assertTrue(challengeOf(groups, 1) != challenge, "another challenge");
        vm.assertFalse(verifier.verify(groups), "refused");
    }

    // ---- malformed proofs

    function test_refuses_every_word_of_a_proof_at_or_above_q() public {
        for (uint256 place = 0; place < 2; place++) {
            for (uint256 word = 0; word < 8; word++) {
                BatchVerifier.Group[] memory groups = single(group(0, 2, 5));
                groups[0].proofs[place][word] += Q;
                bool multiplied = place == 1 && (word < 2 || word > 5);
                bool added = place == 0 && word > 5;
                expectRefusal(groups, multiplied || added ? BatchVerifier.PointOperationFailed.selector : BatchVerifier.PairingFailed.selector);
            }
        }
    }

    function test_refuses_points_off_the_curve() public {
        for (uint256 place = 0; place < 2; place++) {
            for (uint256 word = 0; word < 8; word++) {
                BatchVerifier.Group[] memory groups = single(group(0, 2, 5));
                groups[0].proofs[place][word] ^= 1;
                bool inG2 = word > 1 && word < 6;
                bool first = place == 0 && word < 2;
                expectRefusal(groups, inG2 || first ? BatchVerifier.PairingFailed.selector : BatchVerifier.PointOperationFailed.selector);
            }
        }
    }

    function test_refuses_a_lone_proof_off_the_curve() public {
        for (uint256 word = 0; word < 8; word++) {
            BatchVerifier.Group[] memory groups = single(group(0, 1, 5));
            groups[0].proofs[0][word] ^= 1;
            expectRefusal(groups, BatchVerifier.PairingFailed.selector);
        }
    }

    function test_refuses_a_point_of_the_twist_outside_the_subgroup() public {
        BatchVerifier.Group[] memory groups = single(group(0, 2, 5));
        uint256[4] memory point = stray();
        for (uint256 i = 0; i < 4; i++) {
            groups[0].proofs[1][2 + i] = point[i];
        }
        expectRefusal(groups, BatchVerifier.PairingFailed.selector);
    }

    function test_refuses_inputs_at_or_above_r_and_names_them() public {
        for (uint256 place = 0; place < 10; place++) {
            for (uint256 more = 0; more < 2; more++) {
                BatchVerifier.Group[] memory groups = new BatchVerifier.Group[](2);
                groups[0] = group(0, 1, 5);
                groups[1] = group(1, 2, 5);
                uint256 value = more == 0 ? groups[1].inputs[place] + R : R;
                groups[1].inputs[place] = value;
                vm.expectRevert(abi.encodeWithSelector(BatchVerifier.PublicInputNotReduced.selector, 1, place, value));
                verifier.verify(groups);
            }
        }
    }

    function test_refuses_an_empty_batch_and_an_empty_group() public {
        vm.expectRevert(abi.encodeWithSelector(BatchVerifier.EmptyBatch.selector));
        verifier.verify(new BatchVerifier.Group[](0));
        BatchVerifier.Group[] memory groups = new BatchVerifier.Group[](2);
        groups[0] = group(0, 1, 5);
        groups[1] = group(1, 0, 5);
        vm.expectRevert(abi.encodeWithSelector(BatchVerifier.EmptyBatch.selector));
        verifier.verify(groups);
    }

    function test_refuses_another_count_of_inputs() public {
        BatchVerifier.Group[] memory groups = single(group(1, 2, 5));
        for (uint256 count = 0; count < 12; count++) {
            if (count == 10) continue;
            groups[0].inputs = new uint256[](count);
            vm.expectRevert(abi.encodeWithSelector(BatchVerifier.InputCount.selector, 0, count, 10));
            verifier.verify(groups);
        }
    }

    // ---- keys

    function test_a_key_lies_at_the_address_of_its_content_and_is_registered_once() public {
        uint256[] memory key = Groth16Simulator.create(7, 2).key();
        address expected = verifier.keyAddress(key);
        vm.assertEq(expected.code.length, 0, "not yet");
        vm.expectEmit(address(verifier));
        emit BatchVerifier.KeyRegistered(expected, 2);
        vm.assertEq(verifier.registerKey(key), expected, "the address");
        vm.assertEq(expected.code.length, 1 + 32 * key.length, "STOP and the words");
        vm.assertEq(verifier.registerKey(key), expected, "again");
        (bool ok, bytes memory answer) = expected.call("");
        vm.assertTrue(ok && answer.length == 0, "it does nothing");
    }

    function test_refuses_keys_that_were_not_registered_here() public {
        BatchVerifier.Group[] memory groups = single(group(0, 1, 5));
        groups[0].key = address(0xdead);
        vm.expectRevert(abi.encodeWithSelector(BatchVerifier.UnknownKey.selector, address(0xdead)));
        verifier.verify(groups);
        // The same code, but somebody else put it there.
        groups[0].key = new BatchVerifier().registerKey(setups[0].key());
        vm.expectRevert(abi.encodeWithSelector(BatchVerifier.UnknownKey.selector, groups[0].key));
        verifier.verify(groups);
        groups[0].key = address(verifier);
        vm.expectRevert(abi.encodeWithSelector(BatchVerifier.UnknownKey.selector, address(verifier)));
        verifier.verify(groups);
    }

    function test_refuses_keys_with_points_that_are_none() public {
        for (uint256 word = 0; word < 18; word++) {
            uint256[] memory key = setups[0].key();
            key[word] ^= 1;
            vm.expectRevert(abi.encodeWithSelector(BatchVerifier.InvalidKeyPoint.selector));
            verifier.registerKey{gas: 3_000_000}(key);
            key = setups[0].key();
            key[word] += Q;
            vm.expectRevert(abi.encodeWithSelector(BatchVerifier.InvalidKeyPoint.selector));
            verifier.registerKey{gas: 3_000_000}(key);
        }
    }

    function test_refuses_keys_with_infinity_or_a_stray_point() public {
        for (uint256 i = 0; i < 4; i++) {
            uint256[] memory key = setups[0].key();
            for (uint256 word = i == 0 ? 0 : 4 * i - 2; word < 4 * i + 2; word++) {
                key[word] = 0;
            }
            vm.expectRevert(abi.encodeWithSelector(BatchVerifier.InvalidKeyPoint.selector));
            verifier.registerKey{gas: 3_000_000}(key);
        }
        for (uint256 i = 0; i < 3; i++) {
            uint256[] memory key = setups[0].key();
            for (uint256 j = 0; j < 4; j++) {
                key[2 + 4 * i + j] = stray()[j];
            }
            vm.expectRevert(abi.encodeWithSelector(BatchVerifier.InvalidKeyPoint.selector));
            verifier.registerKey{gas: 3_000_000}(key);
        }
    }

    function test_an_unused_input_has_infinity_in_the_key() public {
        Groth16Simulator.Setup memory setup = Groth16Simulator.create(8, 2);
        setup.ic[1] = 0;
        vm.assertTrue(verifier.verify(single(groupOf(verifier.registerKey(setup.key()), setup, 2, 3))), "unused input");
    }

    function test_refuses_keys_of_another_length() public {
        uint256[6] memory lengths = [uint256(0), 14, 16, 17, 19, 16 + 2 * 376];
        for (uint256 i = 0; i < lengths.length; i++) {
            uint256[] memory key = new uint256[](lengths[i]);
            vm.expectRevert(abi.encodeWithSelector(BatchVerifier.KeyLength.selector, lengths[i]));
            verifier.registerKey(key);
        }
    }

    function test_the_largest_key_fits_and_too_little_gas_leaves_nothing() public {
        Groth16Simulator.Setup memory setup = Groth16Simulator.create(9, 375);
        uint256[] memory key = setup.key();
        vm.expectRevert(abi.encodeWithSelector(BatchVerifier.KeyCreationFailed.selector));
        verifier.registerKey{gas: 5_000_000}(key);
        vm.assertTrue(verifier.verify(single(groupOf(verifier.registerKey(key), setup, 1, 3))), "375 inputs");
    }

    // ---- challenges

    /// The factors that reach the multiplication are the documented hashes over keys, inputs, proofs and index.
    function test_challenges_are_the_documented_hashes() public {
        BatchVerifier.Group[] memory groups = new BatchVerifier.Group[](2);
        groups[0] = group(0, 2, 5);
        groups[1] = group(1, 1, 6);
        vm.expectCall(address(7), abi.encode(groups[0].proofs[1][0], groups[0].proofs[1][1], challengeOf(groups, 1)));
        vm.expectCall(address(7), abi.encode(groups[0].proofs[1][6], groups[0].proofs[1][7], challengeOf(groups, 1)));
        vm.expectCall(address(7), abi.encode(groups[1].proofs[0][0], groups[1].proofs[0][1], challengeOf(groups, 2)));
        vm.expectCall(address(7), abi.encode(groups[1].proofs[0][6], groups[1].proofs[0][7], challengeOf(groups, 2)));
        vm.assertTrue(verifier.verify(groups), "true proofs");
    }

    function test_challenges_bind_chain_and_contract() public {
        BatchVerifier.Group[] memory groups = single(group(0, 2, 5));
        uint256 here = challengeOf(groups, 1);
        vm.chainId(block.chainid + 1);
        vm.assertTrue(here != challengeOf(groups, 1), "chain");
        vm.assertTrue(verifier.verify(groups), "true on any chain");
    }

    // ---- helpers

    function group(uint256 which, uint256 proofs, uint256 seed) private view returns (BatchVerifier.Group memory) {
        return groupOf(keys[which % 3], setups[which % 3], proofs, seed);
    }

    function groupOf(address key, Groth16Simulator.Setup memory setup, uint256 proofs, uint256 seed)
        private
        view
        returns (BatchVerifier.Group memory made)
    {
        uint256 inputCount = setup.ic.length - 1;
        made.key = key;
        made.proofs = new uint256[8][](proofs);
        made.inputs = new uint256[](proofs * inputCount);
        for (uint256 i = 0; i < made.inputs.length; i++) {
            made.inputs[i] = Groth16Simulator.scalar(seed, 500 + i);
        }
        for (uint256 i = 0; i < proofs; i++) {
            made.proofs[i] = setup.prove(made.inputs, i * inputCount, seed / 2 + i);
        }
    }

    function part(BatchVerifier.Group memory whole, uint256 proof) private pure returns (BatchVerifier.Group memory made) {
        uint256 inputCount = whole.inputs.length / whole.proofs.length;
        made.key = whole.key;
        made.proofs = new uint256[8][](1);
        made.proofs[0] = whole.proofs[proof];
        made.inputs = new uint256[](inputCount);
        for (uint256 i = 0; i < inputCount; i++) {
            made.inputs[i] = whole.inputs[proof * inputCount + i];
        }
    }

    function single(BatchVerifier.Group memory only) private pure returns (BatchVerifier.Group[] memory groups) {
        groups = new BatchVerifier.Group[](1);
        groups[0] = only;
    }

    function addToC(uint256[8] memory proof, uint256 x, uint256 y) private view {
        (proof[6], proof[7]) = Groth16Simulator.add(proof[6], proof[7], x, y);
    }

    /// The contract's challenge, from its documentation alone: keys, then all call data, then the index.
    function challengeOf(BatchVerifier.Group[] memory groups, uint256 index) private view returns (uint256) {
        bytes32 chained;
        for (uint256 g = 0; g < groups.length; g++) {
            bytes memory code = groups[g].key.code;
            bytes memory creation = abi.encodePacked(hex"61", uint16(code.length), hex"80600a5f395ff3", code);
            chained = keccak256(abi.encode(chained, keccak256(creation)));
        }
        bytes32 data = keccak256(abi.encodeCall(BatchVerifier.verify, (groups)));
        bytes32 seed = keccak256(abi.encode(verifier.DOMAIN(), block.chainid, address(verifier), chained, data));
        return uint256(keccak256(abi.encode(seed, index))) >> 128;
    }

    /// Whether the unweighted product of the group's equations is 1.
    function productHolds(BatchVerifier.Group memory made, uint256 which) private view returns (bool) {
        Groth16Simulator.Setup memory setup = setups[which];
        bytes memory pairs;
        for (uint256 i = 0; i < made.proofs.length; i++) {
            uint256[8] memory p = made.proofs[i];
            uint256 sum = setup.ic[0];
            for (uint256 j = 1; j < setup.ic.length; j++) {
                sum = addmod(sum, mulmod(made.inputs[i * (setup.ic.length - 1) + j - 1], setup.ic[j], R), R);
            }
            (uint256 x, uint256 y) = Groth16Simulator.g1(R - setup.alpha);
            (uint256 u, uint256 v) = Groth16Simulator.g1(R - sum);
            pairs = abi.encodePacked(
                abi.encodePacked(pairs, p[0], p[1], p[2], p[3], p[4], p[5]),
                abi.encodePacked(x, y, Groth16Simulator.g2(setup.beta), p[6], Q - p[7], Groth16Simulator.g2(setup.delta)),
                abi.encodePacked(u, v, Groth16Simulator.g2(setup.gamma))
            );
        }
        (bool ok, bytes memory answer) = address(8).staticcall(pairs);
        return ok && abi.decode(answer, (bool));
    }

    function expectRefusal(BatchVerifier.Group[] memory groups, bytes4 selector) private {
        vm.expectRevert(abi.encodeWithSelector(selector));
        verifier.verify{gas: 3_000_000}(groups);
    }

    /// On the twist at x = 1, outside the subgroup of order r.
    function stray() private pure returns (uint256[4] memory) {
        return [
            uint256(0),
            1,
            0x0d1271953ed9ea0836846e70a1934187998c7f790cb4d7511b7f8da82de048a4,
            0x2869111d5381f072f8e2728fdb825a51aadd70e52c9830e9ab4b871c0531f1bb
        ];
    }
}
