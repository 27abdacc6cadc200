// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ProverMarket} from "../ProverMarket.sol";
import {MarketModel} from "./MarketModel.sol";
import {MockCircuit, proofOf, words} from "./MockCircuit.sol";
import {vm} from "./Vm.sol";

/// @notice Calls market and model alike, by random accounts in random phases, sensible or not; each call must be refused with the error
///         that the model's state asks for, or do what the model does.
contract MarketHandler is MarketModel {
    uint256 private constant REQUESTS_MAX = 5;
    uint256 private constant INPUT = 77;

    ProverMarket public immutable market = new ProverMarket();
    MockCircuit private immutable circuit = new MockCircuit();
    address[4] private actors = [address(0x1001), address(0x1002), address(0x1003), address(0x1004)];
    mapping(bytes32 commitment => uint256) private deliveryBlock;

    constructor() {
        for (uint256 i = 0; i < actors.length; i++) {
            vm.deal(actors[i], 1e6);
            deposit(i, 7e3 * i);
        }
    }

    /// One call or step of the clock. Three in four suit the phase of some request, so that sequences come far; the others are any.
    function step(uint256 random) external {
        uint256 who = draw(random, 1);
        uint256 which = draw(random, 2);
        uint256 whose = draw(random, 3);
        uint256 more = draw(random, 4);
        (bool any, uint256 id) = requestOf(which);
        if (!any || draw(random, 5) % 8 == 0) {
            request(who, whose, more, random % 2 == 0, draw(random, 6));
        } else if (draw(random, 7) % 4 == 0) {
            anything(draw(random, 8) % 12, who, which, whose, more);
        } else {
            sensible(phase(id), draw(random, 9) % 4, who, which, whose, more);
        }
    }

    function sensible(ProverMarket.Phase stage, uint256 choice, uint256 who, uint256 which, uint256 whose, uint256 more) private {
        if (choice == 0 && stage < ProverMarket.Phase.Delivered) return pass(who, which, more);
        if (stage == ProverMarket.Phase.Bidding) return commitBid(who, which, more);
        if (stage == ProverMarket.Phase.Revealing) return revealBid(bidderOf(who, which), which, more);
        if (choice == 1 || stage >= ProverMarket.Phase.Delivered) return burnUnrevealed(who, which, bidderOf(whose, which));
        if (stage == ProverMarket.Phase.Ramping) return accept(who, which);
        if (stage == ProverMarket.Phase.Proving) return deliver(who, which, whose, more);
        if (stage == ProverMarket.Phase.Lapsed) return expire(who, which);
        if (stage == ProverMarket.Phase.Unfilled) return refund(who, which);
        if (choice == 2) return commitDelivery(who, which, 0);
        if (more % 2 == 0) return rescueForeign(who, which, 0);
        deliver(who, which, whose, more);
    }

    function anything(uint256 choice, uint256 who, uint256 which, uint256 whose, uint256 more) private {
        if (choice == 0) return deposit(who, more);
        if (choice == 1) return withdraw(who, more);
        if (choice == 2) return commitBid(who, which, more);
        if (choice == 3) return revealBid(who, which, more);
        if (choice == 4) return burnUnrevealed(who, which, whose);
        if (choice == 5) return accept(who, which);
        if (choice == 6) return deliver(who, which, whose, more);
        if (choice == 7) return commitDelivery(who, which, whose);
        if (choice == 8) return rescueForeign(who, which, whose);
        if (choice == 9) return refund(who, which);
        if (choice == 10) return expire(who, which);
        pass(who, which, more);
    }

    function deposit(uint256 who, uint256 amount) private {
        address actor = actorOf(who);
        amount %= actor.balance / 2 + 1;
        call(actor, amount, abi.encodeCall(ProverMarket.deposit, ()), 0);
        equity[actor] += amount;
    }

    function withdraw(uint256 who, uint256 amount) private {
        address actor = actorOf(who);
        uint256 free = freeOf(actor);
        amount %= free + free / 8 + 2;
        bytes4 refusal = amount > free ? ProverMarket.InsufficientFunds.selector : bytes4(0);
        if (call(actor, 0, abi.encodeCall(ProverMarket.withdraw, (amount)), refusal)) equity[actor] -= amount;
    }

    function request(uint256 who, uint256 ceiling, uint256 lateness, bool payeeInStatement, uint256 lengths) private {
        if (requests.length == REQUESTS_MAX) return;
        address actor = actorOf(who);
        ceiling = ceiling % 1000;
        if (actor.balance < ceiling) return;
        ProverMarket.Terms memory terms = ProverMarket.Terms({
            circuit: circuit,
            inputHash: keccak256(abi.encodePacked(INPUT)),
            inputCount: 1,
            payeeInStatement: payeeInStatement,
            lateness: uint128(lateness % 2000),
            bidSeconds: 24 + uint32(uint8(lengths)),
            revealSeconds: 24 + uint32(uint8(lengths >> 8)),
            rampSeconds: 24 + uint32(uint8(lengths >> 16)),
            proveSeconds: 24 + uint32(uint8(lengths >> 24)),
            rescueSeconds: 24 + uint32(uint8(lengths >> 32))
        });
        bytes4 refusal = ceiling == 0 ? ProverMarket.InvalidCeiling.selector : bytes4(0);
        if (call(actor, ceiling, abi.encodeCall(ProverMarket.request, (terms)), refusal)) {
            ModelRequest storage asked = requests.push();
            asked.requester = actor;
            asked.terms = terms;
            asked.ceiling = uint128(ceiling);
            asked.openedAt = block.timestamp;
        }
    }

    function commitBid(uint256 who, uint256 which, uint256 price) private {
        (bool any, uint256 id) = requestOf(which);
        if (!any) return;
        address actor = actorOf(who);
        uint128 offer = uint128(price % (uint256(model(id).ceiling) + model(id).ceiling / 8 + 2));
        (bool before,) = placeOf(id, actor);
        bytes4 refusal = phase(id) != ProverMarket.Phase.Bidding
            ? ProverMarket.WrongPhase.selector
            : before ? ProverMarket.AlreadyBid.selector : lockRefusal(actor, id);
        bytes32 commitment = keccak256(abi.encode(block.chainid, address(market), id, actor, offer, saltOf(id, actor)));
        if (call(actor, 0, abi.encodeCall(ProverMarket.commitBid, (id, commitment)), refusal)) {
            bidsOf[id].push(ModelBid(actor, offer, Sealing.Sealed));
        }
    }

    function revealBid(uint256 who, uint256 which, uint256 wrong) private {
        (bool any, uint256 id) = requestOf(which);
        if (!any) return;
        address actor = actorOf(who);
        (bool found, uint256 place) = placeOf(id, actor);
        uint128 price = found ? bidsOf[id][place].price : 1;
        bytes32 salt = saltOf(id, actor);
        if (wrong % 8 == 0) price++;
        if (wrong % 8 == 1) salt = ~salt;
        bytes4 refusal;
        if (phase(id) != ProverMarket.Phase.Revealing) refusal = ProverMarket.WrongPhase.selector;
        else if (!found || bidsOf[id][place].sealing != Sealing.Sealed) refusal = ProverMarket.NoSealedBid.selector;
        else if (wrong % 8 < 2) refusal = ProverMarket.CommitmentMismatch.selector;
        else if (price > model(id).ceiling) refusal = ProverMarket.PriceAboveCeiling.selector;
        if (call(actor, 0, abi.encodeCall(ProverMarket.revealBid, (id, price, salt)), refusal)) {
            bidsOf[id][place].sealing = Sealing.Revealed;
        }
    }

    function burnUnrevealed(uint256 who, uint256 which, uint256 whose) private {
        (bool any, uint256 id) = requestOf(which);
        if (!any) return;
        address bidder = actorOf(whose);
        (bool found, uint256 place) = placeOf(id, bidder);
        bytes4 refusal;
        if (!found || bidsOf[id][place].sealing != Sealing.Sealed) refusal = ProverMarket.NoSealedBid.selector;
        else if (block.timestamp < model(id).openedAt + auctionLength(id)) refusal = ProverMarket.WrongPhase.selector;
        if (call(actorOf(who), 0, abi.encodeCall(ProverMarket.burnUnrevealed, (id, bidder)), refusal)) {
            bidsOf[id][place].sealing = Sealing.Burnt;
            burn(bidder, model(id).ceiling);
        }
    }

    function accept(uint256 who, uint256 which) private {
        (bool any, uint256 id) = requestOf(which);
        if (!any) return;
        address actor = actorOf(who);
        bytes4 refusal = phase(id) != ProverMarket.Phase.Ramping ? ProverMarket.WrongPhase.selector : lockRefusal(actor, id);
        if (call(actor, 0, abi.encodeCall(ProverMarket.accept, (id)), refusal)) {
            model(id).taker = actor;
            model(id).takenAt = block.timestamp;
        }
    }

    function deliver(uint256 who, uint256 which, uint256 whose, uint256 wrong) private {
        (bool any, uint256 id) = requestOf(which);
        if (!any) return;
        bool named = model(id).terms.payeeInStatement;
        // Mostly the assignee's own proof: the others are refused until the deadline.
        address payee = whose % 4 > 0 && assignee(id) != address(0) ? assignee(id) : actorOf(whose / 4);
        uint256[] memory inputs = named ? words(uint160(payee), INPUT, whose) : words(INPUT, whose);
        uint256[] memory proof = proofOf(inputs);
        bytes4 refusal = deliveryRefusal(phase(id), named ? payee : assignee(id), assignee(id));
        if (!named && phase(id) == ProverMarket.Phase.Rescuing) refusal = ProverMarket.RescueNeedsCommitment.selector;
        if (refusal == 0 && wrong % 8 == 0) {
            inputs[named ? 1 : 0]++;
            refusal = ProverMarket.InputHashMismatch.selector;
        } else if (refusal == 0 && wrong % 8 == 1) {
            proof[0]++;
            refusal = ProverMarket.InvalidProof.selector;
        }
        bool late = phase(id) == ProverMarket.Phase.Rescuing;
        if (call(actorOf(who), 0, abi.encodeCall(ProverMarket.deliver, (id, proof, inputs)), refusal)) {
            pay(id, named ? payee : assignee(id), late);
        }
    }

    function commitDelivery(uint256 who, uint256 which, uint256 whose) private {
        (bool any, uint256 id) = requestOf(which);
        if (!any) return;
        address payee = actorOf(whose);
        uint256[] memory inputs = words(INPUT);
        bytes32 commitment = deliveryCommitment(id, payee, inputs);
        call(actorOf(who), 0, abi.encodeCall(ProverMarket.commitDelivery, (commitment)), 0);
        if (deliveryBlock[commitment] == 0) deliveryBlock[commitment] = block.number;
    }

    function rescueForeign(uint256 who, uint256 which, uint256 whose) private {
        (bool any, uint256 id) = requestOf(which);
        if (!any) return;
        address payee = actorOf(whose);
        uint256[] memory inputs = words(INPUT);
        uint256 committed = deliveryBlock[deliveryCommitment(id, payee, inputs)];
        bytes4 refusal;
        if (phase(id) != ProverMarket.Phase.Rescuing) refusal = ProverMarket.WrongPhase.selector;
        else if (model(id).terms.payeeInStatement) refusal = ProverMarket.CircuitNamesPayee.selector;
        else if (committed == 0 || committed >= block.number) refusal = ProverMarket.NotCommittedBefore.selector;
        bytes memory data = abi.encodeCall(ProverMarket.rescueForeign, (id, payee, proofOf(inputs), inputs, saltOf(id, payee)));
        if (call(actorOf(who), 0, data, refusal)) pay(id, payee, true);
    }

    function refund(uint256 who, uint256 which) private {
        (bool any, uint256 id) = requestOf(which);
        if (!any) return;
        bytes4 refusal = phase(id) == ProverMarket.Phase.Unfilled ? bytes4(0) : ProverMarket.WrongPhase.selector;
        if (call(actorOf(who), 0, abi.encodeCall(ProverMarket.refund, (id)), refusal)) {
            model(id).closed = ProverMarket.Phase.Refunded;
            equity[model(id).requester] += model(id).ceiling;
        }
    }

    function expire(uint256 who, uint256 which) private {
        (bool any, uint256 id) = requestOf(which);
        if (!any) return;
        bytes4 refusal = phase(id) == ProverMarket.Phase.Lapsed ? bytes4(0) : ProverMarket.WrongPhase.selector;
        if (call(actorOf(who), 0, abi.encodeCall(ProverMarket.expire, (id)), refusal)) {
            burn(assignee(id), collateral(id));
            model(id).closed = ProverMarket.Phase.Expired;
            equity[model(id).requester] += model(id).ceiling;
        }
    }

    /// A step of the clock: often just onto, before or behind the end of a phase of some request.
    function pass(uint256 seconds_, uint256 which, uint256 boundary) private {
        vm.roll(block.number + seconds_ % 2);
        uint256 target = block.timestamp + seconds_ % 64;
        (bool any, uint256 id) = requestOf(which);
        if (any && boundary % 4 > 0) {
            ProverMarket.Terms storage terms = model(id).terms;
            uint256 end = model(id).openedAt + terms.bidSeconds;
            if (block.timestamp > end) end = model(id).openedAt + auctionLength(id);
            if (block.timestamp > end) {
                end = assignee(id) == address(0)
                    ? end + terms.rampSeconds
                    : (model(id).taker == address(0) ? end : model(id).takenAt) + terms.proveSeconds;
            }
            if (block.timestamp > end) end += terms.rescueSeconds;
            target = end + boundary % 3 - 1;
        }
        if (target > block.timestamp) vm.warp(target);
    }

    /// Every balance and every phase that the contract shows is the model's, and its funds are all accounted for.
    function compare() external view {
        uint256 sum = burnt + escrow();
        for (uint256 i = 0; i < actors.length; i++) {
            address actor = actors[i];
            (uint256 locked, uint256 busy) = holdings(actor);
            vm.assertEq(market.freeOf(actor), equity[actor] - locked, "free");
            vm.assertEq(market.lockedOf(actor), locked, "locked");
            vm.assertEq(market.busySlotsOf(actor), busy, "busy");
            vm.assertEq(market.slotsOf(actor), slotsOf(actor), "slots");
            sum += equity[actor];
        }
        vm.assertEq(market.burnt(), burnt, "burnt");
        vm.assertEq(address(market).balance, sum, "stakes + escrows + free funds + burnt = balance");
        vm.assertEq(market.requestCount(), requests.length, "requests");
        for (uint256 id = 1; id <= requests.length; id++) {
            ProverMarket.Request memory asked = market.requestOf(id);
            vm.assertEq(uint256(market.phaseOf(id)), uint256(phase(id)), "phase");
            vm.assertEq(asked.assignee, assignee(id), "assignee");
            vm.assertEq(asked.fee, fee(id), "fee");
        }
    }

    function call(address actor, uint256 value, bytes memory data, bytes4 refusal) private returns (bool ok) {
        bytes memory answer;
        vm.prank(actor);
        (ok, answer) = address(market).call{value: value}(data);
        vm.assertEq(bytes32(ok ? bytes4(0) : bytes4(answer)), bytes32(refusal), "the call's refusal");
    }

    function pay(uint256 id, address payee, bool late) private {
        uint256 reward = fee(id);
        address prover = assignee(id);
        if (late) {
            burn(prover, collateral(id));
            burnt -= collateral(id) / 2;
            equity[payee] += collateral(id) / 2;
        } else {
            slots[prover]++;
        }
        model(id).closed = late ? ProverMarket.Phase.Rescued : ProverMarket.Phase.Delivered;
        equity[payee] += reward;
        equity[model(id).requester] += model(id).ceiling - reward;
    }

    function lockRefusal(address prover, uint256 id) private view returns (bytes4) {
        (, uint256 busy) = holdings(prover);
        if (busy >= slotsOf(prover)) return ProverMarket.NoFreeSlot.selector;
        return freeOf(prover) < collateral(id) ? ProverMarket.InsufficientFunds.selector : bytes4(0);
    }

    function deliveryRefusal(ProverMarket.Phase stage, address payee, address assigned) private pure returns (bytes4) {
        if (stage == ProverMarket.Phase.Rescuing) return 0;
        if (stage != ProverMarket.Phase.Proving) return ProverMarket.WrongPhase.selector;
        return payee == assigned ? bytes4(0) : ProverMarket.PayeeIsNotAssignee.selector;
    }

    function deliveryCommitment(uint256 id, address payee, uint256[] memory inputs) private view returns (bytes32) {
        bytes32 content = keccak256(abi.encode(proofOf(inputs), inputs));
        return keccak256(abi.encode(block.chainid, address(market), id, payee, content, saltOf(id, payee)));
    }

    function actorOf(uint256 who) private view returns (address) {
        return actors[who % actors.length];
    }

    function requestOf(uint256 which) private view returns (bool any, uint256 id) {
        return requests.length == 0 ? (false, 0) : (true, 1 + which % requests.length);
    }

    /// The number of an account that bid on the request, if one did.
    function bidderOf(uint256 random, uint256 which) private view returns (uint256) {
        ModelBid[] storage list = bidsOf[1 + which % requests.length];
        for (uint256 i = 0; list.length > 0 && i < actors.length; i++) {
            if (actors[i] == list[random % list.length].bidder) return i;
        }
        return random;
    }

    function draw(uint256 random, uint256 index) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(random, index)));
    }

    function saltOf(uint256 id, address bidder) private pure returns (bytes32) {
        return keccak256(abi.encode(id, bidder));
    }
}
