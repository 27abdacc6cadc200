// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ProverMarket} from "../ProverMarket.sol";

/// @notice Withdraws again while it is being paid, and can refuse to be paid.
contract Thief {
    ProverMarket private immutable market;
    bool private refuses;
    uint256 public attempts;
    bool public succeeded;

    constructor(ProverMarket market_) {
        market = market_;
    }

    function deposit(uint256 amount) external {
        market.deposit{value: amount}();
    }

    function refusePayments() external {
        refuses = true;
    }

    function steal(uint256 amount) external {
        market.withdraw(amount);
    }

    receive() external payable {
        require(!refuses, "no");
        attempts++;
        try market.withdraw(msg.value) {
            succeeded = true;
        } catch {
            succeeded = false;
        }
    }
}
