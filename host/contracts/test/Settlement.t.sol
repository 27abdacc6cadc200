// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementVerifier} from "../ISettlementVerifier.sol";
import {Settlement} from "../Settlement.sol";
import {vm} from "./Vm.sol";

/// @notice A proof is the hash of its inputs.
contract MockSettlementVerifier is ISettlementVerifier {
    function verifyProof(uint256[8] calldata proof, uint256[9] calldata inputs) external pure returns (bool) {
        return proof[0] == uint256(keccak256(abi.encode(inputs)));
    }
}

/// @notice The rules of `Settlement` in one process; with real pairings `SettlementTests` holds it on anvil.
contract SettlementTest {
    uint256 private constant R = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;
    uint64 private constant NOW = 1_700_000_000;

    Settlement private settlement;

    function setUp() public {
        vm.warp(NOW);
        settlement = new Settlement(configuration());
    }

    function test_sweeps_leaf_by_leaf_and_begins_again_with_a_newer_snapshot() public {
        uint64[4] memory cursors = [uint64(0), 4, 8, 0];
        for (uint64 i = 0; i < 4; i++) {
            vm.assertEq(settlement.nextFirstLeaf(), cursors[i], "cursor");
            settle(100 + i, NOW + i);
        }
        vm.assertEq(settlement.stateRoot(), 103, "root");
        vm.assertEq(settlement.nextBatchNumber(), 4, "number");
        vm.assertEq(settlement.lastOracleTime(), NOW + 3, "time");
    }

    function test_refuses_a_replay() public {
        uint256[8] memory proof = prove(1, NOW);
        settlement.settle(proof, 1, NOW, 5, "");
        vm.expectRevert(abi.encodeWithSelector(Settlement.InvalidProof.selector, 1, 4, 1));
        settlement.settle(proof, 1, NOW, 5, "");
    }

    function test_refuses_snapshots_out_of_time() public {
        uint256[8] memory proof;
        vm.expectRevert(abi.encodeWithSelector(Settlement.OracleTimeInFuture.selector, NOW + 61, NOW + 60));
        settlement.settle(proof, 1, NOW + 61, 5, "");
        vm.expectRevert(abi.encodeWithSelector(Settlement.OracleTimeTooOld.selector, NOW - 3601, NOW - 3600));
        settlement.settle(proof, 1, NOW - 3601, 5, "");
        vm.expectRevert(abi.encodeWithSelector(Settlement.OracleTimeNotNewer.selector, 0, 0));
        settlement.settle(proof, 1, 0, 5, "");
        settle(1, NOW);
        vm.expectRevert(abi.encodeWithSelector(Settlement.OracleTimeWentBack.selector, NOW - 1, NOW));
        settlement.settle(proof, 1, NOW - 1, 5, "");
        vm.warp(60);
        settlement = new Settlement(configuration());
        settle(1, 1);
        vm.assertEq(settlement.lastOracleTime(), 1, "an age beyond the chain's own allows any");
    }

    function test_refuses_terms_that_cannot_work() public {
        for (uint256 rule = 0; rule < 7; rule++) {
            Settlement.Configuration memory terms = configuration();
            if (rule == 0) terms.verifier = ISettlementVerifier(address(0xdead));
            if (rule == 1) terms.genesisRoot = R;
            if (rule == 2) terms.oracleKeyHash = R;
            if (rule == 3) terms.parameterHash = R;
            if (rule == 4) terms.accountCount = 0;
            if (rule == 5) terms.leavesPerBatch = 0;
            if (rule == 6) terms.accountCount = type(uint64).max;
            vm.expectPartialRevert(
                rule == 0
                    ? Settlement.VerifierHasNoCode.selector
                    : rule < 4 ? Settlement.NotAFieldElement.selector : Settlement.InvalidCursorRange.selector
            );
            new Settlement(terms);
        }
    }

    function configuration() private returns (Settlement.Configuration memory) {
        return Settlement.Configuration(new MockSettlementVerifier(), 11, 12, 13, 10, 4, 3600, 60);
    }

    function settle(uint256 newRoot, uint64 time) private {
        settlement.settle(prove(newRoot, time), newRoot, time, 5, "");
    }

    function prove(uint256 newRoot, uint64 time) private view returns (uint256[8] memory proof) {
        uint256[9] memory inputs = [
            settlement.domain(), settlement.nextBatchNumber(), settlement.nextFirstLeaf(), settlement.stateRoot(), newRoot, time, 12, 13, 5
        ];
        proof[0] = uint256(keccak256(abi.encode(inputs)));
    }
}
