// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the prover market asks of a circuit
/// @notice One circuit's verifier behind a signature that does not depend on the number of its inputs. `Groth16Circuit` gives a
///         generated verifier this face. Who names a circuit in a request, or bids on one, trusts this contract's answer.
interface ICircuitVerifier {
    /// @notice Whether the proof proves the circuit's statement for these public inputs.
    /// @dev Called by STATICCALL, so that it cannot change any state. It must revert, or answer false, when an input is not below the
    ///      scalar field's order.
    /// @param proof The words of the proof.
    /// @param inputs All public inputs in the circuit's order.
    /// @return valid True only when the proof holds.
    function verify(uint256[] calldata proof, uint256[] calldata inputs) external view returns (bool valid);
}
