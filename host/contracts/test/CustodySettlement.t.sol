// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CustodySettlement} from "../CustodySettlement.sol";
import {ICircuitVerifier} from "../ICircuitVerifier.sol";
import {ITransferQueueHash} from "../ITransferQueueHash.sol";
import {OracleBoard} from "../OracleBoard.sol";
import {PublishedWords} from "../PublishedWords.sol";
import {RootMirror} from "../RootMirror.sol";
import {MockCircuit, proofOf} from "./MockCircuit.sol";
import {vm} from "./Vm.sol";

/// @notice Any collision-free hash will do where no circuit looks.
contract MockQueueHash is ITransferQueueHash {
    function hash(uint256 head, uint256 item, uint256 recipient, uint256 keyX, uint256 keyY) external pure returns (uint256) {
        return uint256(keccak256(abi.encode(head, item, recipient, keyX, keyY))) % PublishedWords.R;
    }
}

/// @notice Withdraws again while it is being paid, or refuses to be.
contract CustodyThief {
    CustodySettlement private immutable settlement;
    bool private immutable refuses;
    bool public tried;

    constructor(CustodySettlement settlement_, bool refuses_) payable {
        settlement = settlement_;
        refuses = refuses_;
    }

    function open() external returns (uint32) {
        return settlement.open{value: address(this).balance}(1, 2);
    }

    function steal() external {
        settlement.withdraw();
    }

    receive() external payable {
        require(!refuses, "no");
        try settlement.withdraw() {
            revert("paid twice");
        } catch {
            tried = true;
        }
    }
}

/// @notice Custody, queue, data availability, freeze and exit, with circuits whose proof is the hash of their inputs.
contract CustodySettlementTest {
    uint256 private constant R = PublishedWords.R;
    uint256 private constant UNIT = 1e10;
    address private constant ALICE = address(0x2001);
    address private constant BOB = address(0x2002);

    CustodySettlement private settlement;
    OracleBoard private oracle;
    MockCircuit private circuit;
    uint256[] private signerKeys;

    function setUp() public {
        circuit = new MockCircuit();
        address[] memory signers = new address[](3);
        for (uint256 key = 1; key < 20 && signerKeys.length < 3; key++) {
            if (signerKeys.length == 0 || vm.addr(key) > signers[signerKeys.length - 1]) {
                signers[signerKeys.length] = vm.addr(key);
                signerKeys.push(key);
            }
        }
        oracle = new OracleBoard(signers, 2, 5, 20, 60);
        settlement = new CustodySettlement(configuration());
        vm.deal(ALICE, 1e24);
        vm.deal(BOB, 1e24);
        post(1000);
        vm.roll(block.number + 5);
    }

    // ---- batches

    function test_a_batch_moves_root_and_number_and_publishes_thirteen_fields() public {
        CustodySettlement.Batch memory batch = make(0, 77, "");
        uint256[] memory inputs = settlement.statement(batch, 0);
        vm.assertEq(inputs.length, 13, "fields");
        vm.assertEq(inputs[0], uint256(keccak256(abi.encode(block.chainid, address(settlement)))) % R, "domain");
        vm.assertEq(inputs[3], 11, "old root");
        vm.assertEq(inputs[4], 77, "new root");
        vm.assertEq(inputs[5], 1000, "oracle time");
        vm.assertEq(inputs[6], 1001, "snapshot");
        vm.assertEq(inputs[7], 22, "parameters");
        settle(batch, 0);
        vm.assertEq(settlement.stateRoot(), 77, "root");
        vm.assertEq(settlement.nextBatchNumber(), 1, "number");
    }

    function test_refuses_a_replay_and_another_chain() public {
        CustodySettlement.Batch memory batch = make(0, 11, "");
        batch.proof = proofOf(settlement.statement(batch, 0));
        vm.chainId(block.chainid + 1);
        expectInvalidProof(0, 11);
        settlement.settle(batch);
        vm.chainId(block.chainid - 1);
        settlement.settle(batch);
        expectInvalidProof(1, 11);
        settlement.settle(batch);
    }

    function test_refuses_what_is_no_field_element_or_no_circuit() public {
        CustodySettlement.Batch memory batch = make(0, R, "");
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NotAFieldElement.selector, R));
        settlement.settle(batch);
        batch = make(0, 1, "");
        batch.wordsHash = R;
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NotAFieldElement.selector, R));
        settlement.settle(batch);
        batch = make(3, 1, "");
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.UnknownCircuit.selector, 3));
        settlement.settle(batch);
    }

    function test_a_sweep_goes_from_leaf_to_leaf_and_begins_again() public {
        for (uint256 i = 0; i < 5; i++) {
            openAs(ALICE, 1);
        }
        uint32[4] memory expected = [uint32(0), 4, 0, 4];
        for (uint256 i = 0; i < 4; i++) {
            vm.assertEq(settlement.nextSweepLeaf(), expected[i], "cursor");
            CustodySettlement.Batch memory batch = make(1, i, "");
            vm.assertEq(settlement.statement(batch, 0)[2], expected[i], "in the statement");
            settle(batch, 0);
        }
    }

    // ---- oracle

    function test_a_batch_uses_the_newest_snapshot_that_is_old_enough() public {
        post(2000);
        CustodySettlement.Batch memory batch = make(0, 1, "");
        batch.snapshot = 1;
        vm.expectRevert(abi.encodeWithSelector(OracleBoard.TooNew.selector, 1, block.number + 5));
        settlement.settle(batch);
        batch.snapshot = 2;
        vm.expectRevert(abi.encodeWithSelector(OracleBoard.UnknownSnapshot.selector, 2));
        settlement.settle(batch);

        vm.roll(block.number + 25);
        batch.snapshot = 0;
        settle(batch, 0);
        batch.snapshot = 1;
        settle(batch, 0);
        vm.assertEq(settlement.lastSnapshot(), 1, "last");
        batch.snapshot = 0;
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.SnapshotWentBack.selector, 0, 1));
        settlement.settle(batch);
    }

    function test_a_stale_snapshot_is_refused() public {
        post(2000);
        uint256 until = block.number + 25;
        vm.roll(until + 1);
        CustodySettlement.Batch memory batch = make(0, 1, "");
        vm.expectRevert(abi.encodeWithSelector(OracleBoard.TooOld.selector, 0, until));
        settlement.settle(batch);
    }

    function test_the_board_refuses_old_times_two_a_block_and_the_future() public {
        bytes[] memory signatures = sign(1000, 5, 2);
        vm.expectRevert(abi.encodeWithSelector(OracleBoard.TimeNotNewer.selector, 1000, 1000));
        oracle.post(1000, 5, signatures);
        post(1001);
        vm.expectRevert(abi.encodeWithSelector(OracleBoard.AlreadyPosted.selector, block.number));
        oracle.post(1002, 5, signatures);
        vm.roll(block.number + 1);
        uint64 late = uint64(block.timestamp) + 61;
        vm.expectRevert(abi.encodeWithSelector(OracleBoard.TimeInFuture.selector, late, block.timestamp + 60));
        oracle.post(late, 5, signatures);
        vm.expectRevert(abi.encodeWithSelector(OracleBoard.NotAFieldElement.selector, R));
        oracle.post(1003, R, signatures);
        vm.assertEq(oracle.count(), 2, "posted");
    }

    function test_the_board_needs_m_signatures_of_n_over_this_chain_and_snapshot() public {
        bytes[] memory one = sign(3000, 5, 1);
        vm.expectRevert(abi.encodeWithSelector(OracleBoard.TooFewSignatures.selector, 1, 2));
        oracle.post(3000, 5, one);
        bytes[] memory two = sign(3000, 5, 2);
        two[1] = two[0];
        expectInvalidSignature(1);
        oracle.post(3000, 5, two);
        two = sign(3000, 5, 2);
        expectInvalidSignature(0);
        oracle.post(3000, 6, two);
        two[0] = hex"00";
        expectInvalidSignature(0);
        oracle.post(3000, 5, two);
        two = sign(3000, 5, 2);
        vm.chainId(block.chainid + 1);
        expectInvalidSignature(0);
        oracle.post(3000, 5, two);
        vm.chainId(block.chainid - 1);
        oracle.post(3000, 5, two);
    }

    function test_the_board_refuses_signers_and_thresholds_that_cannot_work() public {
        address[] memory signers = new address[](2);
        (signers[0], signers[1]) = (address(1), address(1));
        vm.expectRevert(abi.encodeWithSelector(OracleBoard.SignersNotAscending.selector, address(1)));
        new OracleBoard(signers, 1, 1, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(OracleBoard.InvalidThreshold.selector, 0, 2));
        new OracleBoard(signers, 0, 1, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(OracleBoard.InvalidThreshold.selector, 3, 2));
        new OracleBoard(signers, 3, 1, 1, 1);
    }

    // ---- published words

    /// c and e are those of the documentation, by another way to evaluate the polynomial.
    function testFuzz_words_are_evaluated_at_the_hashed_point(uint248[5] memory d, uint256 h) public view {
        h %= R;
        bytes memory words = abi.encodePacked(bytes31(d[0]), bytes31(d[1]), bytes31(d[2]), bytes31(d[3]), bytes31(d[4]));
        CustodySettlement.Batch memory batch = make(0, 1, words);
        batch.wordsHash = h;
        uint256[] memory inputs = settlement.statement(batch, 0);
        uint256 c = uint256(keccak256(abi.encode(h, keccak256(words), block.chainid, address(settlement)))) % R;
        uint256 power = 1;
        uint256 sum = 0;
        for (uint256 i = 0; i < 5; i++) {
            sum = addmod(sum, mulmod(d[i], power, R), R);
            power = mulmod(power, c, R);
        }
        vm.assertEq(inputs[10], h, "h");
        vm.assertEq(inputs[11], c, "c");
        vm.assertEq(inputs[12], sum, "e");
    }

    function test_other_words_than_proved_are_refused() public {
        CustodySettlement.Batch memory batch = make(0, 1, word(5, 6));
        batch.proof = proofOf(settlement.statement(batch, 0));
        batch.words = word(5, 7);
        expectInvalidProof(0, 11);
        settlement.settle(batch);
        batch.words = word(5, 6);
        batch.wordsHash++;
        expectInvalidProof(0, 11);
        settlement.settle(batch);
        batch.words = hex"0102";
        vm.expectRevert(abi.encodeWithSelector(PublishedWords.PartialWord.selector, 2));
        settlement.settle(batch);
    }

    // ---- queue

    function test_deposits_withdrawals_and_forced_ones_move_funds_as_the_words_say() public {
        uint32 leaf = openAs(ALICE, 100);
        vm.assertEq(leaf, 2, "the first leaf that is not genesis'");
        vm.prank(BOB);
        settlement.deposit{value: 30 * UNIT}(leaf, 1, 2);
        vm.prank(ALICE);
        settlement.forceWithdrawal(leaf, 25);
        (uint256 length, uint256 head) = settlement.queue(3);
        vm.assertEq(length, 3, "queued");

        // The first deposit is done, the second refused; a signed withdrawal between; the forced one done.
        bytes memory words = abi.encodePacked(
            transfer(0, 1, leaf, 100, 0),
            transfer(1, 1, leaf, 30, 0),
            transfer(0, 2, leaf, 40, uint160(BOB)),
            transfer(0, 3, leaf, 25, uint160(ALICE)),
            transfer(0, 0, 0, 0, 0)
        );
        CustodySettlement.Batch memory batch = make(2, 5, words);
        vm.assertEq(settlement.statement(batch, 3)[9], head, "the head after three items");
        settle(batch, 3);
        vm.assertEq(settlement.itemsTaken(), 3, "taken");
        vm.assertEq(settlement.pool(), 35 * UNIT, "what backs the tree");
        vm.assertEq(settlement.withdrawableOf(BOB), 70 * UNIT, "the refused deposit and the withdrawal");
        vm.assertEq(settlement.withdrawableOf(ALICE), 25 * UNIT, "forced");
        vm.assertEq(address(settlement).balance, 130 * UNIT, "pool and withdrawable funds are all that is held");
        vm.assertFalse(settlement.forcedWaits(leaf), "another may be queued");
        uint256 before = BOB.balance;
        vm.prank(BOB);
        settlement.withdraw();
        vm.assertEq(BOB.balance, before + 70 * UNIT, "paid");
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NothingDue.selector, BOB));
        settlement.withdraw();
    }

    function test_an_invalid_forced_withdrawal_is_taken_as_a_no_op() public {
        uint32 leaf = openAs(ALICE, 100);
        vm.prank(ALICE);
        settlement.forceWithdrawal(leaf, 500);
        settle(make(2, 5, abi.encodePacked(transfer(0, 1, leaf, 100, 0), transfer(2, 3, leaf, 500, uint160(ALICE)))), 2);
        vm.assertEq(settlement.withdrawableOf(ALICE), 0, "nothing is paid");
        vm.assertEq(settlement.pool(), 100 * UNIT, "pool");
        vm.assertEq(settlement.itemsTaken(), 2, "and the queue moves on");
    }

    function test_items_cannot_be_left_out_or_invented() public {
        uint32 leaf = openAs(ALICE, 100);
        vm.prank(ALICE);
        settlement.forceWithdrawal(leaf, 25);
        // The circuit moved over both, but the words tell of one: the heads differ.
        CustodySettlement.Batch memory batch = make(2, 5, transfer(0, 1, leaf, 100, 0));
        uint256[] memory inputs = settlement.statement(batch, 2);
        batch.proof = proofOf(inputs);
        expectInvalidProof(0, 11);
        settlement.settle(batch);
        batch.words = abi.encodePacked(transfer(0, 1, leaf, 1, 0), transfer(0, 1, leaf, 1, 0), transfer(0, 1, leaf, 1, 0));
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.InvalidTransferWord.selector, 3));
        settlement.settle(batch);
    }

    function test_refuses_words_that_pay_nobody_or_more_than_is_held() public {
        CustodySettlement.Batch memory batch = make(2, 5, transfer(0, 2, 2, 1, uint160(BOB)));
        batch.proof = proofOf(settlement.statement(batch, 0));
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.PoolExceeded.selector, 0, UNIT));
        settlement.settle(batch);
        batch.words = transfer(0, 2, 2, 1, 1 << 160);
        batch.proof = proofOf(settlement.statement(batch, 0));
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.InvalidTransferWord.selector, 0));
        settlement.settle(batch);
        batch.words = transfer(1, 2, 2, 1, uint160(BOB));
        batch.proof = proofOf(settlement.statement(batch, 0));
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.InvalidTransferWord.selector, 0));
        settlement.settle(batch);
    }

    function test_the_queue_takes_from_owners_with_sensible_amounts() public {
        uint32 leaf = openAs(ALICE, 100);
        vm.startPrank(BOB);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NotTheOwner.selector, leaf, BOB));
        settlement.forceWithdrawal(leaf, 1);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.WrongKey.selector, leaf));
        settlement.deposit{value: UNIT}(leaf, 1, 3);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.WrongKey.selector, 0));
        settlement.deposit{value: UNIT}(0, 0, 0);
        uint256[4] memory values = [uint256(0), UNIT - 1, UNIT + 1, UNIT << 80];
        vm.deal(BOB, UNIT << 81);
        for (uint256 i = 0; i < 4; i++) {
            vm.expectRevert(abi.encodeWithSelector(CustodySettlement.InvalidDeposit.selector, values[i]));
            settlement.open{value: values[i]}(1, 2);
        }
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NotAFieldElement.selector, R));
        settlement.open{value: UNIT}(R, 2);
        vm.stopPrank();
        vm.startPrank(ALICE);
        uint128[2] memory amounts = [uint128(0), 1 << 80];
        for (uint256 i = 0; i < 2; i++) {
            vm.expectRevert(abi.encodeWithSelector(CustodySettlement.ForcedWithdrawalRefused.selector, leaf, amounts[i]));
            settlement.forceWithdrawal(leaf, amounts[i]);
        }
        settlement.forceWithdrawal(leaf, 1);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.ForcedWithdrawalRefused.selector, leaf, 1));
        settlement.forceWithdrawal(leaf, 1);
        vm.stopPrank();
    }

    function test_the_tree_has_an_end() public {
        CustodySettlement.Configuration memory terms = configuration();
        terms.genesisLeaves = (1 << 24) - 1;
        settlement = new CustodySettlement(terms);
        openAs(ALICE, 1);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.TreeFull.selector));
        settlement.open{value: UNIT}(1, 2);
    }

    // ---- freeze and exit

    function test_only_an_overdue_item_freezes_and_then_for_good() public {
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NothingOverdue.selector));
        settlement.freeze();
        uint32 leaf = openAs(ALICE, 100);
        vm.warp(block.timestamp + 1000);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NothingOverdue.selector));
        settlement.freeze();
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NotFrozen.selector));
        settlement.claimExit(leaf, 1, new uint256[](1));
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NotFrozen.selector));
        settlement.collectExit(ALICE);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NotFrozen.selector));
        settlement.refundDeposit(0);
        vm.assertEq(settlement.claimEnd(), 0, "no window yet");
        vm.warp(block.timestamp + 1);
        settlement.freeze();

        CustodySettlement.Batch memory batch = make(0, 1, "");
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.AlreadyFrozen.selector));
        settlement.settle(batch);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.AlreadyFrozen.selector));
        settlement.freeze();
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.AlreadyFrozen.selector));
        settlement.open{value: UNIT}(1, 2);

        settlement.refundDeposit(0);
        vm.assertEq(settlement.withdrawableOf(ALICE), 100 * UNIT, "the queued deposit is back");
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NotRefundable.selector, 0));
        settlement.refundDeposit(0);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NotRefundable.selector, 1));
        settlement.refundDeposit(1);
    }

    function test_a_taken_deposit_is_not_refunded() public {
        (uint32 leaf,) = frozen();
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NotRefundable.selector, 0));
        settlement.refundDeposit(0);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NotRefundable.selector, 2));
        settlement.refundDeposit(2);
        vm.assertTrue(settlement.forcedWaits(leaf), "the overdue item is a forced withdrawal");
    }

    function test_exits_are_paid_in_full_when_the_pool_suffices() public {
        (uint32 first, uint32 second) = frozen();
        claim(first, 60);
        claim(second, 40);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.ClaimWindow.selector, settlement.claimEnd()));
        settlement.collectExit(ALICE);
        vm.warp(settlement.claimEnd());
        settlement.collectExit(ALICE);
        settlement.collectExit(BOB);
        vm.assertEq(settlement.withdrawableOf(ALICE), 60 * UNIT, "in full");
        vm.assertEq(settlement.withdrawableOf(BOB), 40 * UNIT, "in full");
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NothingDue.selector, ALICE));
        settlement.collectExit(ALICE);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.ClaimWindow.selector, settlement.claimEnd()));
        settlement.claimExit(first, 1, new uint256[](1));
    }

    function testFuzz_exits_are_paid_pro_rata_when_the_pool_falls_short(uint96 left, uint96 right) public {
        left = 1 + left % (1 << 82);
        right = 1 + right % (1 << 82);
        (uint32 first, uint32 second) = frozen();
        claim(first, left);
        claim(second, right);
        vm.warp(settlement.claimEnd());
        settlement.collectExit(ALICE);
        settlement.collectExit(BOB);
        uint256 total = uint256(left) + right;
        uint256 paid = settlement.withdrawableOf(ALICE) + settlement.withdrawableOf(BOB);
        vm.assertTrue(paid <= settlement.pool(), "never more than is held");
        uint256 fair = total <= 200 ? uint256(left) * UNIT : uint256(left) * settlement.pool() / total;
        vm.assertEq(settlement.withdrawableOf(ALICE), fair, "each its share");
        if (total > 200) {
            vm.assertTrue(paid + 2 >= settlement.pool(), "all of it but the rounding");
        }
    }

    function test_an_exit_is_claimed_once_by_proof_for_the_owner() public {
        (uint32 first,) = frozen();
        uint256[] memory proof = exitProof(first, 60);
        expectInvalidProof(1, 5);
        settlement.claimExit(first, 61, proof);
        settlement.claimExit(first, 60, proof);
        vm.assertEq(settlement.claimOf(ALICE), 60, "for the owner, whoever calls");
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.AlreadyClaimed.selector, first));
        settlement.claimExit(first, 60, proof);
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NotTheOwner.selector, 0, address(0)));
        settlement.claimExit(0, 60, proof);
    }

    // ---- re-entrancy

    function test_a_reentrant_withdrawal_is_paid_once_and_a_refused_one_stays() public {
        CustodyThief thief = new CustodyThief{value: 0}(settlement, false);
        CustodyThief refuser = new CustodyThief{value: 0}(settlement, true);
        vm.deal(address(thief), 50 * UNIT);
        vm.deal(address(refuser), 50 * UNIT);
        openAs(ALICE, 100);
        thief.open();
        refuser.open();
        vm.warp(block.timestamp + 1001);
        settlement.freeze();
        for (uint256 i = 0; i < 3; i++) {
            settlement.refundDeposit(i);
        }
        thief.steal();
        vm.assertTrue(thief.tried() && address(thief).balance == 50 * UNIT, "once");
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.WithdrawalFailed.selector, address(refuser), 50 * UNIT));
        refuser.steal();
        vm.assertEq(settlement.withdrawableOf(address(refuser)), 50 * UNIT, "still its own");
    }

    // ---- configuration

    function test_refuses_configurations_that_cannot_work() public {
        for (uint256 rule = 0; rule < 10; rule++) {
            CustodySettlement.Configuration memory terms = configuration();
            if (rule == 0) terms.circuits = new ICircuitVerifier[](0);
            if (rule == 1) terms.kinds = new CustodySettlement.CircuitKind[](1);
            if (rule == 2) terms.genesisLeaves = 1;
            if (rule == 3) terms.leavesPerSweepBatch = 0;
            if (rule == 4) terms.unitWei = 0;
            if (rule == 5) terms.depositMin = 0;
            if (rule == 6) terms.exitCircuit = ICircuitVerifier(address(0xdead));
            if (rule == 7) terms.queueHash = ITransferQueueHash(address(0xdead));
            if (rule == 8) terms.oracle = OracleBoard(address(0xdead));
            if (rule == 9) terms.circuits[1] = ICircuitVerifier(address(0xdead));
            vm.expectRevert(abi.encodeWithSelector(CustodySettlement.InvalidConfiguration.selector, rule));
            new CustodySettlement(terms);
        }
        CustodySettlement.Configuration memory wrong = configuration();
        wrong.genesisRoot = R;
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.NotAFieldElement.selector, R));
        new CustodySettlement(wrong);
    }

    // ---- mirror

    function test_the_mirror_accepts_the_same_proof_on_another_chain_and_cannot_be_paid() public {
        CustodySettlement.Batch memory batch = make(0, 77, word(5, 6));
        uint256[] memory inputs = settlement.statement(batch, 0);
        settle(batch, 0);
        ICircuitVerifier[] memory circuits = configuration().circuits;
        RootMirror mirror = new RootMirror(block.chainid, address(settlement), circuits, 11, 22);
        vm.chainId(block.chainid + 1);
        RootMirror.Fields memory fields =
            RootMirror.Fields(inputs[2], inputs[4], uint64(inputs[5]), inputs[6], inputs[8], inputs[9], inputs[10]);
        bytes memory words = word(5, 6);
        mirror.follow(0, proofOf(inputs), fields, words);
        vm.assertEq(mirror.stateRoot(), 77, "root");
        vm.assertEq(mirror.nextBatchNumber(), 1, "number");
        vm.expectRevert(abi.encodeWithSelector(RootMirror.InvalidProof.selector, 1, 77));
        mirror.follow(0, proofOf(inputs), fields, words);
        vm.expectRevert(abi.encodeWithSelector(RootMirror.UnknownCircuit.selector, 3));
        mirror.follow(3, proofOf(inputs), fields, words);
        fields.oracleTime--;
        vm.expectRevert(abi.encodeWithSelector(RootMirror.OracleTimeWentBack.selector, 999, 1000));
        mirror.follow(0, proofOf(inputs), fields, words);
        vm.deal(address(this), 1);
        (bool ok,) = address(mirror).call{value: 1}("");
        vm.assertFalse(ok, "no funds");
    }

    function test_the_mirror_refuses_circuits_without_code() public {
        ICircuitVerifier[] memory circuits = new ICircuitVerifier[](0);
        vm.expectRevert(abi.encodeWithSelector(RootMirror.InvalidCircuit.selector, 0));
        new RootMirror(1, address(settlement), circuits, 11, 22);
        circuits = new ICircuitVerifier[](2);
        circuits[0] = circuit;
        vm.expectRevert(abi.encodeWithSelector(RootMirror.InvalidCircuit.selector, 1));
        new RootMirror(1, address(settlement), circuits, 11, 22);
    }

    // ---- helpers

    function configuration() private returns (CustodySettlement.Configuration memory terms) {
        terms.circuits = new ICircuitVerifier[](3);
        terms.kinds = new CustodySettlement.CircuitKind[](3);
        for (uint256 i = 0; i < 3; i++) {
            terms.circuits[i] = circuit;
            terms.kinds[i] = CustodySettlement.CircuitKind(i);
        }
        terms.exitCircuit = circuit;
        terms.queueHash = new MockQueueHash();
        terms.oracle = oracle;
        terms.genesisRoot = 11;
        terms.parameterHash = 22;
        terms.genesisLeaves = 2;
        terms.leavesPerSweepBatch = 4;
        terms.unitWei = UNIT;
        terms.depositMin = 1;
        terms.forcedSeconds = 1000;
        terms.claimSeconds = 500;
    }

    function make(uint256 which, uint256 newRoot, bytes memory published) private pure returns (CustodySettlement.Batch memory batch) {
        batch.circuit = which;
        batch.newRoot = newRoot;
        batch.wordsHash = 4711;
        batch.words = published;
    }

    function settle(CustodySettlement.Batch memory batch, uint256 taken) private {
        batch.proof = proofOf(settlement.statement(batch, taken));
        settlement.settle(batch);
    }

    function openAs(address owner, uint256 units) private returns (uint32) {
        vm.prank(owner);
        return settlement.open{value: units * UNIT}(1, 2);
    }

    /// Alice's and Bob's accounts with 100 units each in the tree, and frozen because of Alice's forced withdrawal.
    function frozen() private returns (uint32 first, uint32 second) {
        first = openAs(ALICE, 100);
        second = openAs(BOB, 100);
        settle(make(2, 5, abi.encodePacked(transfer(0, 1, first, 100, 0), transfer(0, 1, second, 100, 0))), 2);
        vm.prank(ALICE);
        settlement.forceWithdrawal(first, 10);
        vm.warp(block.timestamp + 1001);
        settlement.freeze();
    }

    function exitProof(uint32 leaf, uint256 equity) private view returns (uint256[] memory) {
        uint256[] memory inputs = new uint256[](7);
        inputs[0] = settlement.domain();
        inputs[1] = settlement.stateRoot();
        inputs[2] = 1000;
        inputs[3] = 1001;
        inputs[4] = 22;
        inputs[5] = leaf;
        inputs[6] = equity;
        return proofOf(inputs);
    }

    function claim(uint32 leaf, uint96 equity) private {
        settlement.claimExit(leaf, equity, exitProof(leaf, equity));
    }

    function transfer(uint256 outcome, uint256 kind, uint256 leaf, uint256 amount, uint256 recipient) private pure returns (bytes memory) {
        return word((outcome << 106) + (kind << 104) + (leaf << 80) + amount, recipient);
    }

    function word(uint256 first, uint256 second) private pure returns (bytes memory) {
        return abi.encodePacked(uint248(first), uint248(second));
    }

    function post(uint64 time) private {
        oracle.post(time, uint256(time) + 1, sign(time, uint256(time) + 1, 2));
    }

    function sign(uint64 time, uint256 snapshotHash, uint256 count) private view returns (bytes[] memory signatures) {
        signatures = new bytes[](count);
        for (uint256 i = 0; i < count; i++) {
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(signerKeys[i], oracle.message(time, snapshotHash));
            signatures[i] = abi.encodePacked(r, s, v);
        }
    }

    function expectInvalidSignature(uint256 index) private {
        vm.expectRevert(abi.encodeWithSelector(OracleBoard.InvalidSignature.selector, index));
    }

    function expectInvalidProof(uint64 number, uint256 root) private {
        vm.expectRevert(abi.encodeWithSelector(CustodySettlement.InvalidProof.selector, number, root));
    }
}
