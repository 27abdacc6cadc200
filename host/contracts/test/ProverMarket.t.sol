// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICircuitVerifier} from "../ICircuitVerifier.sol";
import {ProverMarket} from "../ProverMarket.sol";
import {MockCircuit, proofOf, words} from "./MockCircuit.sol";
import {Thief} from "./Attackers.sol";
import {vm} from "./Vm.sol";

/// @notice The market's rules, one at a time.
contract ProverMarketTest {
    uint128 private constant CEILING = 1000;
    uint256 private constant COLLATERAL = 2000;
    uint256 private constant INPUT = 77;
    bytes32 private constant SALT = keccak256("salt");

    address private constant REQUESTER = address(0x1001);
    address private constant ALICE = address(0x2001);
    address private constant BOB = address(0x2002);
    address private constant CAROL = address(0x2003);
    address private constant MALLORY = address(0x6666);

    ProverMarket private market;
    MockCircuit private circuit;
    uint256 private start;

    function setUp() public {
        market = new ProverMarket();
        circuit = new MockCircuit();
        start = block.timestamp;
        address[4] memory provers = [ALICE, BOB, CAROL, MALLORY];
        for (uint256 i = 0; i < provers.length; i++) {
            vm.deal(provers[i], 10 * COLLATERAL);
            vm.prank(provers[i]);
            market.deposit{value: 10 * COLLATERAL}();
        }
        vm.deal(REQUESTER, 1 ether);
    }

    // ---- requests

    function test_request_escrows_the_ceiling_and_records_the_terms() public {
        uint256 id = open(true);
        ProverMarket.Request memory asked = market.requestOf(id);
        vm.assertEq(id, 1, "first id");
        vm.assertEq(market.requestCount(), 1, "count");
        vm.assertEq(asked.requester, REQUESTER, "requester");
        vm.assertEq(asked.ceiling, CEILING, "ceiling");
        vm.assertEq(asked.bidEnd, start + 100, "end of bids");
        vm.assertEq(asked.revealEnd, start + 150, "end of reveals");
        vm.assertEq(asked.inputHash, keccak256(abi.encodePacked(INPUT)), "input hash");
        vm.assertEq(market.collateralOf(id), COLLATERAL, "collateral");
        assertPhase(id, ProverMarket.Phase.Bidding);
        assertPhase(id + 1, ProverMarket.Phase.Unknown);
    }

    function test_collateral_is_twice_the_lateness_when_that_is_above_the_ceiling() public {
        ProverMarket.Terms memory terms = termsOf(true);
        terms.lateness = 3 * CEILING;
        vm.prank(REQUESTER);
        uint256 id = market.request{value: CEILING}(terms);
        vm.assertEq(market.collateralOf(id), 6 * CEILING, "collateral");
        commit(id, ALICE, 400);
        vm.assertEq(market.lockedOf(ALICE), 6 * CEILING, "locked");
    }

    function test_request_refuses_terms_that_cannot_work() public {
        vm.startPrank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.InvalidCeiling.selector, 0));
        market.request(termsOf(true));

        vm.deal(REQUESTER, 1 << 130);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.InvalidCeiling.selector, uint256(1) << 128));
        market.request{value: 1 << 128}(termsOf(true));

        ProverMarket.Terms memory terms = termsOf(true);
        terms.circuit = ICircuitVerifier(address(0xdead));
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.CircuitHasNoCode.selector, address(0xdead)));
        market.request{value: CEILING}(terms);

        for (uint256 phase = 0; phase < 5; phase++) {
            for (uint256 i = 0; i < 2; i++) {
                uint32 length = i == 0 ? 23 : 30 days + 1;
                terms = termsOf(true);
                if (phase == 0) terms.bidSeconds = length;
                if (phase == 1) terms.revealSeconds = length;
                if (phase == 2) terms.rampSeconds = length;
                if (phase == 3) terms.proveSeconds = length;
                if (phase == 4) terms.rescueSeconds = length;
                vm.expectRevert(abi.encodeWithSelector(ProverMarket.InvalidPhaseLength.selector, length));
                market.request{value: CEILING}(terms);
            }
        }
        vm.stopPrank();
    }

    // ---- sealed bids

    function test_lowest_of_several_wins_at_the_second_price() public {
        uint256 id = open(true);
        commit(id, ALICE, 700);
        commit(id, BOB, 300);
        commit(id, CAROL, 500);
        vm.warp(start + 100);
        reveal(id, ALICE, 700);
        assertWinner(id, ALICE, CEILING);
        reveal(id, BOB, 300);
        assertWinner(id, BOB, 700);
        vm.assertEq(market.lockedOf(ALICE), 0, "the displaced bidder has its stake back");
        vm.assertEq(market.busySlotsOf(ALICE), 0, "and its slot");
        reveal(id, CAROL, 500);
        assertWinner(id, BOB, 500);
        vm.assertEq(market.lockedOf(CAROL), 0, "a loser has its stake back");
        vm.assertEq(market.lockedOf(BOB), COLLATERAL, "the winner has not");

        deliver(id, BOB);
        vm.assertEq(market.freeOf(BOB), 10 * COLLATERAL + 500, "the second price is paid");
        vm.assertEq(market.freeOf(REQUESTER), CEILING - 500, "the rest goes back");
        assertPhase(id, ProverMarket.Phase.Delivered);
    }

    /// Whatever the order of three bids' reveals, winner, fee and locks are the same.
    function testFuzz_the_order_of_reveals_does_not_matter(uint128[3] memory prices, uint256 order) public {
        address[3] memory bidders = [ALICE, BOB, CAROL];
        uint256 id = open(true);
        for (uint256 i = 0; i < 3; i++) {
            prices[i] = uint128(prices[i] % 5 + CEILING - 4);
            commit(id, bidders[i], prices[i]);
        }
        vm.warp(start + 100);
        uint256 first = order % 3;
        uint256 second = (first + 1 + (order / 3) % 2) % 3;
        uint256[3] memory sequence = [first, second, 3 - first - second];
        for (uint256 i = 0; i < 3; i++) {
            reveal(id, bidders[sequence[i]], prices[sequence[i]]);
        }

        uint256 winner = 0;
        for (uint256 i = 1; i < 3; i++) {
            if (prices[i] < prices[winner]) winner = i;
        }
        uint256 fee = type(uint256).max;
        for (uint256 i = 0; i < 3; i++) {
            if (i != winner && prices[i] < fee) fee = prices[i];
            vm.assertEq(market.lockedOf(bidders[i]), i == winner ? COLLATERAL : 0, "locked");
        }
        assertWinner(id, bidders[winner], fee);
    }

    function test_a_tie_goes_to_the_earliest_commitment() public {
        uint256 id = open(true);
        commit(id, ALICE, 400);
        commit(id, BOB, 400);
        vm.warp(start + 100);
        reveal(id, BOB, 400);
        reveal(id, ALICE, 400);
        assertWinner(id, ALICE, 400);
    }

    function test_a_single_reveal_is_paid_the_ceiling() public {
        uint256 id = open(true);
        commit(id, ALICE, 10);
        vm.warp(start + 100);
        reveal(id, ALICE, 10);
        vm.warp(start + 150);
        deliver(id, ALICE);
        vm.assertEq(market.freeOf(ALICE), 10 * COLLATERAL + CEILING, "the ceiling is paid");
        vm.assertEq(market.freeOf(REQUESTER), 0, "nothing is left");
    }

    function test_a_commitment_binds_chain_market_request_bidder_price_and_salt() public {
        uint256 id = open(true);
        bytes32 commitment = market.bidCommitment(id, ALICE, 400, SALT);
        vm.assertEq(
            commitment, keccak256(abi.encode(block.chainid, address(market), id, ALICE, uint256(400), SALT)), "the documented preimage"
        );
        vm.assertTrue(commitment != market.bidCommitment(id + 1, ALICE, 400, SALT), "request");
        vm.assertTrue(commitment != market.bidCommitment(id, BOB, 400, SALT), "bidder");
        vm.assertTrue(commitment != market.bidCommitment(id, ALICE, 401, SALT), "price");
        vm.assertTrue(commitment != market.bidCommitment(id, ALICE, 400, ~SALT), "salt");
        vm.assertTrue(commitment != new ProverMarket().bidCommitment(id, ALICE, 400, SALT), "market");
        vm.chainId(block.chainid + 1);
        vm.assertTrue(commitment != market.bidCommitment(id, ALICE, 400, SALT), "chain");
    }

    function test_a_reveal_on_another_chain_is_refused() public {
        uint256 id = open(true);
        commit(id, ALICE, 400);
        vm.warp(start + 100);
        vm.chainId(block.chainid + 1);
        vm.prank(ALICE);
        vm.expectPartialRevert(ProverMarket.CommitmentMismatch.selector);
        market.revealBid(id, 400, SALT);
    }

    function test_a_copied_commitment_cannot_be_opened() public {
        uint256 id = open(true);
        bytes32 commitment = commit(id, ALICE, 400);
        vm.prank(MALLORY);
        market.commitBid(id, commitment);
        vm.warp(start + 100);
        reveal(id, ALICE, 400);
        vm.prank(MALLORY);
        vm.expectPartialRevert(ProverMarket.CommitmentMismatch.selector);
        market.revealBid(id, 400, SALT);
    }

    function test_commit_refuses_a_second_bid_missing_stake_and_missing_slots() public {
        uint256 id = open(true);
        commit(id, ALICE, 400);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.AlreadyBid.selector, id, ALICE));
        market.commitBid(id, SALT);

        uint256 other = open(true);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.NoFreeSlot.selector, ALICE, 1));
        market.commitBid(other, SALT);

        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.InsufficientFunds.selector, REQUESTER, 0, COLLATERAL));
        market.commitBid(other, SALT);
    }

    function test_reveal_refuses_who_did_not_bid_opened_before_or_bids_above_the_ceiling() public {
        uint256 id = open(true);
        commit(id, ALICE, 400);
        commit(id, BOB, CEILING + 1);
        vm.warp(start + 100);
        reveal(id, ALICE, 400);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.NoSealedBid.selector, id, ALICE));
        market.revealBid(id, 400, SALT);
        vm.prank(CAROL);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.NoSealedBid.selector, id, CAROL));
        market.revealBid(id, 400, SALT);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.PriceAboveCeiling.selector, CEILING + 1, CEILING));
        market.revealBid(id, CEILING + 1, SALT);
    }

    function test_not_revealing_burns_the_ceiling_and_counts_as_a_slash() public {
        grow(BOB);
        grow(BOB);
        vm.assertEq(market.slotsOf(BOB), 3, "slots");
        uint256 id = open(true);
        commit(id, ALICE, 400);
        commit(id, BOB, 500);
        vm.warp(start + 100);
        reveal(id, ALICE, 400);

        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, id, ProverMarket.Phase.Revealing));
        market.burnUnrevealed(id, BOB);
        vm.warp(start + 150);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.NoSealedBid.selector, id, ALICE));
        market.burnUnrevealed(id, ALICE);

        uint256 before = market.freeOf(BOB);
        market.burnUnrevealed(id, BOB);
        vm.assertEq(market.freeOf(BOB), before + COLLATERAL - CEILING, "what is above the ceiling comes back");
        vm.assertEq(market.lockedOf(BOB), 0, "locked");
        vm.assertEq(market.busySlotsOf(BOB), 0, "slot");
        vm.assertEq(market.slotsOf(BOB), 1, "slots are halved");
        vm.assertEq(market.burnt(), CEILING, "burnt");
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.NoSealedBid.selector, id, BOB));
        market.burnUnrevealed(id, BOB);
        assertWinner(id, ALICE, CEILING);
    }

    // ---- ramp

    function test_the_ramp_rises_from_zero_to_the_ceiling_and_then_refunds() public {
        uint256 id = open(true);
        vm.warp(start + 100);
        assertPhase(id, ProverMarket.Phase.Ramping);
        vm.warp(start + 300);
        assertPhase(id, ProverMarket.Phase.Ramping);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, id, ProverMarket.Phase.Ramping));
        market.refund(id);
        vm.warp(start + 301);
        assertPhase(id, ProverMarket.Phase.Unfilled);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, id, ProverMarket.Phase.Unfilled));
        market.accept(id);

        market.refund(id);
        vm.assertEq(market.freeOf(REQUESTER), CEILING, "the escrow is back");
        assertPhase(id, ProverMarket.Phase.Refunded);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, id, ProverMarket.Phase.Refunded));
        market.refund(id);
    }

    function testFuzz_the_ramp_is_linear(uint256 elapsed) public {
        elapsed %= 201;
        uint256 id = open(true);
        vm.warp(start + 100 + elapsed);
        vm.prank(ALICE);
        market.accept(id);
        assertWinner(id, ALICE, CEILING * elapsed / 200);
        vm.assertEq(market.requestOf(id).deadline, start + 100 + elapsed + 400, "deadline from the acceptance");
        vm.assertEq(market.lockedOf(ALICE), COLLATERAL, "locked");
        assertPhase(id, ProverMarket.Phase.Proving);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, id, ProverMarket.Phase.Proving));
        market.accept(id);
        deliver(id, ALICE);
        vm.assertEq(market.freeOf(ALICE), 10 * COLLATERAL + CEILING * elapsed / 200, "paid");
    }

    function test_the_ramp_starts_after_the_reveals_when_every_bidder_stays_silent() public {
        uint256 id = open(true);
        commit(id, ALICE, 400);
        vm.warp(start + 149);
        assertPhase(id, ProverMarket.Phase.Revealing);
        vm.warp(start + 250);
        vm.prank(BOB);
        market.accept(id);
        assertWinner(id, BOB, CEILING / 2);
    }

    // ---- delivery

    function test_in_time_the_assignee_alone_is_paid() public {
        uint256 id = assigned(true);
        uint256[] memory inputs = words(uint160(MALLORY), INPUT);
        vm.prank(MALLORY);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.PayeeIsNotAssignee.selector, MALLORY, ALICE));
        market.deliver(id, proofOf(inputs), inputs);
    }

    function test_a_stolen_proof_pays_its_maker() public {
        uint256 id = assigned(true);
        uint256[] memory inputs = words(uint160(ALICE), INPUT, 5);
        vm.prank(MALLORY);
        market.deliver(id, proofOf(inputs), inputs);
        vm.assertEq(market.freeOf(ALICE), 10 * COLLATERAL + CEILING, "paid");
        vm.assertEq(market.freeOf(MALLORY), 10 * COLLATERAL, "the thief gains nothing");
        vm.assertEq(market.slotsOf(ALICE), 2, "one slot more");
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, id, ProverMarket.Phase.Delivered));
        market.deliver(id, proofOf(inputs), inputs);
    }

    function test_a_proof_for_another_payee_cannot_be_relabelled() public {
        uint256 id = assigned(true);
        uint256[] memory proof = proofOf(words(uint160(MALLORY), INPUT));
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.InvalidProof.selector, id));
        market.deliver(id, proof, words(uint160(ALICE), INPUT));
    }

    function test_deliver_refuses_other_inputs_than_requested() public {
        uint256 id = assigned(true);
        uint256[] memory inputs = words(uint160(ALICE), INPUT + 1);
        uint256[] memory proof = proofOf(inputs);
        vm.expectRevert(
            abi.encodeWithSelector(
                ProverMarket.InputHashMismatch.selector, keccak256(abi.encodePacked(INPUT + 1)), keccak256(abi.encodePacked(INPUT))
            )
        );
        market.deliver(id, proof, inputs);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.TooFewInputs.selector, 1, 2));
        market.deliver(id, proof, words(uint160(ALICE)));
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.TooFewInputs.selector, 0, 1));
        market.deliver(id, proof, new uint256[](0));
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.InvalidPayee.selector, uint256(1) << 160));
        market.deliver(id, proof, words(1 << 160, INPUT));
        vm.warp(start + 550);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.InvalidPayee.selector, 0));
        market.deliver(id, proof, words(0, INPUT));
    }

    function test_deliver_belongs_to_proving_and_rescuing() public {
        uint256 id = open(true);
        uint256[] memory inputs = words(uint160(ALICE), INPUT);
        uint256[] memory proof = proofOf(inputs);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, id, ProverMarket.Phase.Bidding));
        market.deliver(id, proof, inputs);
        vm.warp(start + 100);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, id, ProverMarket.Phase.Ramping));
        market.deliver(id, proof, inputs);
        vm.warp(start + 301);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, id, ProverMarket.Phase.Unfilled));
        market.deliver(id, proof, inputs);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, 99, ProverMarket.Phase.Unknown));
        market.deliver(99, proof, inputs);
    }

    function test_a_late_request_is_rescued_for_the_fee_and_half_the_collateral() public {
        uint256 id = assigned(true);
        vm.warp(start + 549);
        assertPhase(id, ProverMarket.Phase.Proving);
        vm.warp(start + 550);
        assertPhase(id, ProverMarket.Phase.Rescuing);
        deliver(id, CAROL);
        vm.assertEq(market.freeOf(CAROL), 10 * COLLATERAL + CEILING + COLLATERAL / 2, "fee and half of the collateral");
        vm.assertEq(market.freeOf(ALICE), 9 * COLLATERAL, "the assignee lost its collateral");
        vm.assertEq(market.burnt(), COLLATERAL / 2, "the other half is burnt");
        vm.assertEq(market.lockedOf(ALICE), 0, "locked");
        vm.assertEq(market.busySlotsOf(ALICE), 0, "slot");
        assertPhase(id, ProverMarket.Phase.Rescued);
    }

    function test_being_late_costs_the_assignee_more_than_the_fee_even_when_it_rescues_itself() public {
        grow(ALICE);
        uint256 id = assigned(true);
        uint256 equity = market.freeOf(ALICE) + market.lockedOf(ALICE);
        vm.warp(start + 700);
        deliver(id, ALICE);
        vm.assertEq(market.freeOf(ALICE), equity + CEILING - COLLATERAL / 2, "half of the collateral is gone");
        vm.assertTrue(market.freeOf(ALICE) <= equity, "no gain");
        vm.assertEq(market.slotsOf(ALICE), 1, "slashed although delivered");
    }

    function test_nobody_delivering_burns_the_collateral_and_returns_the_escrow() public {
        uint256 id = assigned(true);
        vm.warp(start + 849);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, id, ProverMarket.Phase.Rescuing));
        market.expire(id);
        vm.warp(start + 850);
        assertPhase(id, ProverMarket.Phase.Lapsed);
        uint256[] memory inputs = words(uint160(CAROL), INPUT);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, id, ProverMarket.Phase.Lapsed));
        market.deliver(id, proofOf(inputs), inputs);
        market.expire(id);
        vm.assertEq(market.freeOf(REQUESTER), CEILING, "escrow");
        vm.assertEq(market.freeOf(ALICE), 9 * COLLATERAL, "collateral");
        vm.assertEq(market.burnt(), COLLATERAL, "all of it is burnt: the requester gains nothing by asking the impossible");
        assertPhase(id, ProverMarket.Phase.Expired);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, id, ProverMarket.Phase.Expired));
        market.expire(id);
    }

    // ---- foreign circuits

    function test_a_foreign_proof_in_time_pays_the_assignee_whoever_hands_it_in() public {
        uint256 id = assigned(false);
        vm.prank(MALLORY);
        market.deliver(id, proofOf(words(INPUT)), words(INPUT));
        vm.assertEq(market.freeOf(ALICE), 10 * COLLATERAL + CEILING, "paid");
    }

    function test_a_late_foreign_proof_pays_who_committed_to_it_in_an_earlier_block() public {
        uint256 id = assigned(false);
        uint256[] memory inputs = words(INPUT);
        uint256[] memory proof = proofOf(inputs);
        vm.warp(start + 550);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.RescueNeedsCommitment.selector, id));
        market.deliver(id, proof, inputs);

        bytes32 commitment = market.deliveryCommitment(id, CAROL, proof, inputs, SALT);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.NotCommittedBefore.selector, commitment));
        market.rescueForeign(id, CAROL, proof, inputs, SALT);
        market.commitDelivery(commitment);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.NotCommittedBefore.selector, commitment));
        market.rescueForeign(id, CAROL, proof, inputs, SALT);

        vm.roll(block.number + 1);
        // Who copies the proof from the pool has no commitment in an earlier block, and cannot move that of another one.
        bytes32 copied = market.deliveryCommitment(id, MALLORY, proof, inputs, SALT);
        vm.startPrank(MALLORY);
        market.commitDelivery(copied);
        market.commitDelivery(commitment);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.NotCommittedBefore.selector, copied));
        market.rescueForeign(id, MALLORY, proof, inputs, SALT);
        vm.stopPrank();

        market.rescueForeign(id, CAROL, proof, inputs, SALT);
        vm.assertEq(market.freeOf(CAROL), 10 * COLLATERAL + CEILING + COLLATERAL / 2, "fee and half of the collateral");
    }

    function test_a_delivery_commitment_binds_chain_market_request_payee_content_and_salt() public {
        uint256[] memory one = words(1);
        uint256[] memory two = words(1, 2);
        bytes32 commitment = market.deliveryCommitment(1, ALICE, one, two, SALT);
        bytes32 content = keccak256(abi.encode(one, two));
        vm.assertEq(
            commitment, keccak256(abi.encode(block.chainid, address(market), uint256(1), ALICE, content, SALT)), "the documented preimage"
        );
        vm.assertTrue(commitment != market.deliveryCommitment(1, ALICE, two, one, SALT), "content");
        vm.chainId(block.chainid + 1);
        vm.assertTrue(commitment != market.deliveryCommitment(1, ALICE, one, two, SALT), "chain");
    }

    function test_rescue_by_commitment_is_for_foreign_circuits_after_the_deadline() public {
        uint256 id = assigned(false);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, id, ProverMarket.Phase.Proving));
        market.rescueForeign(id, CAROL, words(1), words(1), SALT);
        uint256 own = open(true);
        vm.warp(block.timestamp + 150);
        vm.prank(BOB);
        market.accept(own);
        vm.warp(block.timestamp + 400);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.CircuitNamesPayee.selector, own));
        market.rescueForeign(own, CAROL, words(1), words(1), SALT);
    }

    // ---- slots

    function test_slots_grow_with_each_proof_on_time_and_halve_with_each_slash() public {
        for (uint256 i = 1; i <= 5; i++) {
            vm.assertEq(market.slotsOf(ALICE), i, "grown by one");
            grow(ALICE);
        }
        uint256[3] memory halves = [uint256(3), 1, 1];
        for (uint256 i = 0; i < 3; i++) {
            start = block.timestamp;
            uint256 id = open(true);
            commit(id, ALICE, 400);
            vm.warp(start + 150);
            market.burnUnrevealed(id, ALICE);
            vm.assertEq(market.slotsOf(ALICE), halves[i], "halved");
        }
    }

    function test_a_burst_cannot_be_won_by_one_prover() public {
        uint256[3] memory ids = [open(true), open(true), open(true)];
        commit(ids[0], ALICE, 1);
        for (uint256 i = 1; i < 3; i++) {
            vm.prank(ALICE);
            vm.expectRevert(abi.encodeWithSelector(ProverMarket.NoFreeSlot.selector, ALICE, 1));
            market.commitBid(ids[i], SALT);
        }
    }

    // ---- payments

    function test_withdraw_pays_free_funds_alone() public {
        assigned(true);
        uint256 free = market.freeOf(ALICE);
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.InsufficientFunds.selector, ALICE, free, free + 1));
        market.withdraw(free + 1);
        market.withdraw(free);
        vm.stopPrank();
        vm.assertEq(ALICE.balance, free, "paid out");
        vm.assertEq(market.freeOf(ALICE), 0, "free");
    }

    function test_a_reentrant_withdrawal_takes_nothing_more() public {
        Thief thief = new Thief(market);
        vm.deal(address(thief), 100);
        thief.deposit(100);
        uint256 before = address(market).balance;
        thief.steal(60);
        vm.assertEq(address(thief).balance, 60, "one payment");
        vm.assertEq(address(market).balance, before - 60, "no more left the market");
        vm.assertTrue(thief.attempts() == 1 && !thief.succeeded(), "it tried, and was refused");
    }

    function test_a_receiver_that_refuses_harms_only_itself() public {
        Thief thief = new Thief(market);
        vm.deal(address(thief), 100);
        thief.deposit(100);
        thief.refusePayments();
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WithdrawalFailed.selector, address(thief), 60));
        thief.steal(60);
        vm.assertEq(market.freeOf(address(thief)), 100, "still its own");
    }

    function test_plain_transfers_are_refused() public {
        vm.deal(address(this), 1);
        (bool ok,) = address(market).call{value: 1}("");
        vm.assertFalse(ok, "no account to credit");
    }

    // ---- griefing, phase by phase

    /// Twenty bids that are never opened hold nothing up: the honest bidder wins, delivers and is paid at the same gas.
    function test_silent_bids_neither_block_nor_make_it_dearer() public {
        uint256 quiet = open(true);
        commit(quiet, ALICE, 400);
        uint256 noisy = open(true);
        for (uint160 i = 1; i <= 20; i++) {
            address sybil = address(0x7000 + i);
            vm.deal(sybil, COLLATERAL);
            vm.prank(sybil);
            market.deposit{value: COLLATERAL}();
            vm.prank(sybil);
            market.commitBid(noisy, SALT);
        }
        commit(noisy, BOB, 400);
        vm.warp(start + 100);
        uint256 quietGas = gasleft();
        reveal(quiet, ALICE, 400);
        quietGas -= gasleft();
        uint256 noisyGas = gasleft();
        reveal(noisy, BOB, 400);
        noisyGas -= gasleft();
        vm.assertTrue(noisyGas <= quietGas, "no loop over bidders");
        vm.warp(start + 150);
        deliver(noisy, BOB);
        vm.assertEq(market.freeOf(BOB), 10 * COLLATERAL + CEILING, "paid");
        market.burnUnrevealed(noisy, address(0x7001));
        vm.assertEq(market.burnt(), CEILING, "each silent bid costs the ceiling");
    }

    function test_no_call_of_a_stranger_ends_or_prolongs_a_phase() public {
        uint256 id = open(true);
        commit(id, ALICE, 400);
        vm.startPrank(MALLORY);
        expectPhase(id, ProverMarket.Phase.Bidding);
        market.revealBid(id, 1, SALT);
        expectPhase(id, ProverMarket.Phase.Bidding);
        market.accept(id);
        expectPhase(id, ProverMarket.Phase.Bidding);
        market.refund(id);
        expectPhase(id, ProverMarket.Phase.Bidding);
        market.expire(id);
        vm.warp(start + 100);
        expectPhase(id, ProverMarket.Phase.Revealing);
        market.commitBid(id, SALT);
        expectPhase(id, ProverMarket.Phase.Revealing);
        market.accept(id);
        vm.stopPrank();
        reveal(id, ALICE, 400);
        vm.warp(start + 150);
        vm.startPrank(MALLORY);
        expectPhase(id, ProverMarket.Phase.Proving);
        market.accept(id);
        expectPhase(id, ProverMarket.Phase.Proving);
        market.refund(id);
        expectPhase(id, ProverMarket.Phase.Proving);
        market.expire(id);
        expectPhase(id, ProverMarket.Phase.Proving);
        market.revealBid(id, 1, SALT);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.InvalidProof.selector, id));
        market.deliver(id, words(1), words(uint160(ALICE), INPUT));
        vm.stopPrank();
        deliver(id, ALICE);
    }

    /// The requester cannot take the escrow back while provers work for it: no function gives it, in any phase before the time-outs.
    function test_the_requester_cannot_cancel() public {
        uint256 id = assigned(true);
        vm.startPrank(REQUESTER);
        expectPhase(id, ProverMarket.Phase.Proving);
        market.refund(id);
        expectPhase(id, ProverMarket.Phase.Proving);
        market.expire(id);
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.InsufficientFunds.selector, REQUESTER, 0, 1));
        market.withdraw(1);
        vm.stopPrank();
    }

    function test_taking_the_ramp_and_doing_nothing_costs_all_collateral() public {
        uint256 id = open(true);
        vm.warp(start + 100);
        vm.prank(MALLORY);
        market.accept(id);
        vm.assertEq(market.requestOf(id).fee, 0, "at the ramp's foot the fee is zero");
        vm.warp(start + 500);
        deliver(id, CAROL);
        vm.assertEq(market.freeOf(MALLORY), 9 * COLLATERAL, "the griefer pays");
        vm.assertEq(market.freeOf(CAROL), 10 * COLLATERAL + COLLATERAL / 2, "and the rescuer has at least the ceiling");
    }

    // ---- helpers

    function termsOf(bool payeeInStatement) private view returns (ProverMarket.Terms memory) {
        return ProverMarket.Terms({
            circuit: circuit,
            inputHash: keccak256(abi.encodePacked(INPUT)),
            inputCount: 1,
            payeeInStatement: payeeInStatement,
            lateness: CEILING / 2,
            bidSeconds: 100,
            revealSeconds: 50,
            rampSeconds: 200,
            proveSeconds: 400,
            rescueSeconds: 300
        });
    }

    function open(bool payeeInStatement) private returns (uint256) {
        vm.prank(REQUESTER);
        return market.request{value: CEILING}(termsOf(payeeInStatement));
    }

    function commit(uint256 id, address bidder, uint128 price) private returns (bytes32 commitment) {
        commitment = market.bidCommitment(id, bidder, price, SALT);
        vm.prank(bidder);
        market.commitBid(id, commitment);
        vm.assertTrue(market.bidOf(id, bidder).state == ProverMarket.BidState.Sealed, "sealed");
    }

    function reveal(uint256 id, address bidder, uint128 price) private {
        vm.prank(bidder);
        market.revealBid(id, price, SALT);
    }

    /// A request that Alice alone bid for, in its first second of Proving.
    function assigned(bool payeeInStatement) private returns (uint256 id) {
        start = block.timestamp;
        id = open(payeeInStatement);
        commit(id, ALICE, 400);
        vm.warp(start + 100);
        reveal(id, ALICE, 400);
        vm.warp(start + 150);
        assertPhase(id, ProverMarket.Phase.Proving);
    }

    function deliver(uint256 id, address payee) private {
        vm.warp(block.timestamp < start + 150 && market.requestOf(id).reveals > 0 ? start + 150 : block.timestamp);
        uint256[] memory inputs = words(uint160(payee), INPUT, 9);
        market.deliver(id, proofOf(inputs), inputs);
    }

    /// One proof on time.
    function grow(address prover) private {
        start = block.timestamp;
        uint256 id = open(true);
        vm.warp(start + 100);
        vm.prank(prover);
        market.accept(id);
        deliver(id, prover);
        start = block.timestamp;
    }

    function assertWinner(uint256 id, address assignee, uint256 fee) private view {
        vm.assertEq(market.requestOf(id).assignee, assignee, "assignee");
        vm.assertEq(market.requestOf(id).fee, fee, "fee");
    }

    function assertPhase(uint256 id, ProverMarket.Phase phase) private view {
        vm.assertEq(uint256(market.phaseOf(id)), uint256(phase), "phase");
    }

    function expectPhase(uint256 id, ProverMarket.Phase phase) private {
        vm.expectRevert(abi.encodeWithSelector(ProverMarket.WrongPhase.selector, id, phase));
    }
}
