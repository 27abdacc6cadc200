// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MarketHandler} from "./MarketHandler.sol";

/// @notice Random sequences of calls, in which the market must stay what the model says, call by call.
contract ProverMarketInvariantTest {
    MarketHandler private handler;

    function setUp() public {
        handler = new MarketHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_the_market_is_its_model_and_conserves_funds() public view {
        handler.compare();
    }
}
