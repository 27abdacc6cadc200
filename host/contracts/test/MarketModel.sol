// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ProverMarket} from "../ProverMarket.sol";

/// @notice The market as its rules are told, for comparison: every bid is kept, and winner, fee, locks and phase are worked out from
///         scratch by loops each time they are asked for. An account has one balance, its equity; what is free is what no lock holds.
contract MarketModel {
    enum Sealing {
        Sealed,
        Revealed,
        Burnt
    }

    struct ModelBid {
        address bidder;
        uint128 price;
        Sealing sealing;
    }

    struct ModelRequest {
        address requester;
        ProverMarket.Terms terms;
        uint128 ceiling;
        uint256 openedAt;
        address taker;
        uint256 takenAt;
        ProverMarket.Phase closed;
    }

    ModelRequest[] internal requests;
    mapping(uint256 requestId => ModelBid[]) internal bidsOf;
    mapping(address account => uint256) internal equity;
    mapping(address account => uint256) internal slots;
    uint256 internal burnt;

    function model(uint256 id) internal view returns (ModelRequest storage) {
        return requests[id - 1];
    }

    function phase(uint256 id) internal view returns (ProverMarket.Phase) {
        ModelRequest storage asked = model(id);
        if (asked.closed != ProverMarket.Phase.Unknown) return asked.closed;
        uint256 elapsed = block.timestamp - asked.openedAt;
        if (elapsed < asked.terms.bidSeconds) return ProverMarket.Phase.Bidding;
        if (elapsed < auctionLength(id)) return ProverMarket.Phase.Revealing;
        if (assignee(id) == address(0)) {
            return elapsed - auctionLength(id) <= asked.terms.rampSeconds ? ProverMarket.Phase.Ramping : ProverMarket.Phase.Unfilled;
        }
        uint256 assignedFor = block.timestamp - (asked.taker == address(0) ? asked.openedAt + auctionLength(id) : asked.takenAt);
        if (assignedFor < asked.terms.proveSeconds) return ProverMarket.Phase.Proving;
        return assignedFor < asked.terms.proveSeconds + asked.terms.rescueSeconds ? ProverMarket.Phase.Rescuing : ProverMarket.Phase.Lapsed;
    }

    function auctionLength(uint256 id) internal view returns (uint256) {
        ProverMarket.Terms storage terms = model(id).terms;
        return terms.bidSeconds + (bidsOf[id].length == 0 ? 0 : terms.revealSeconds);
    }

    /// The lowest revealed bid, the first of equals; or who took the ramp.
    function assignee(uint256 id) internal view returns (address) {
        (bool found, uint256 place) = lowest(id, type(uint256).max);
        return found ? bidsOf[id][place].bidder : model(id).taker;
    }

    function fee(uint256 id) internal view returns (uint256) {
        (bool found, uint256 place) = lowest(id, type(uint256).max);
        ModelRequest storage asked = model(id);
        if (!found) {
            return asked.taker == address(0)
                ? 0
                : uint256(asked.ceiling) * (asked.takenAt - asked.openedAt - auctionLength(id)) / asked.terms.rampSeconds;
        }
        (bool second, uint256 secondPlace) = lowest(id, place);
        return second ? bidsOf[id][secondPlace].price : asked.ceiling;
    }

    function lowest(uint256 id, uint256 except) internal view returns (bool found, uint256 place) {
        ModelBid[] storage list = bidsOf[id];
        for (uint256 i = 0; i < list.length; i++) {
            if (i != except && list[i].sealing == Sealing.Revealed && (!found || list[i].price < list[place].price)) {
                (found, place) = (true, i);
            }
        }
    }

    function placeOf(uint256 id, address bidder) internal view returns (bool found, uint256 place) {
        ModelBid[] storage list = bidsOf[id];
        for (uint256 i = 0; i < list.length; i++) {
            if (list[i].bidder == bidder) return (true, i);
        }
    }

    function collateral(uint256 id) internal view returns (uint256) {
        ModelRequest storage asked = model(id);
        return 2 * uint256(asked.ceiling < asked.terms.lateness ? asked.terms.lateness : asked.ceiling);
    }

    function holdings(address prover) internal view returns (uint256 locked, uint256 busy) {
        for (uint256 id = 1; id <= requests.length; id++) {
            (bool found, uint256 place) = placeOf(id, prover);
            if (found && bidsOf[id][place].sealing == Sealing.Sealed) {
                locked += collateral(id);
                busy++;
            }
            if (model(id).closed == ProverMarket.Phase.Unknown && assignee(id) == prover) {
                locked += collateral(id);
                busy++;
            }
        }
    }

    function freeOf(address account) internal view returns (uint256) {
        (uint256 locked,) = holdings(account);
        return equity[account] - locked;
    }

    function slotsOf(address prover) internal view returns (uint256) {
        return 1 + slots[prover];
    }

    function escrow() internal view returns (uint256 sum) {
        for (uint256 id = 1; id <= requests.length; id++) {
            if (model(id).closed == ProverMarket.Phase.Unknown) sum += model(id).ceiling;
        }
    }

    function burn(address prover, uint256 amount) internal {
        equity[prover] -= amount;
        burnt += amount;
        uint256 half = slotsOf(prover) / 2;
        slots[prover] = half == 0 ? 0 : half - 1;
    }
}
