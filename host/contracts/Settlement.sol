// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ISettlementVerifier} from "./ISettlementVerifier.sol";

/// @title Settlement of a derivatives account tree by validity proofs
/// @notice Holds the Poseidon root of the account tree and moves it from old to new when a Groth16 proof shows that the
///         batch was priced, margined and settled by the rules. No owner, no pause, no upgrade: what the constructor pins stays.
/// @dev NOT ENFORCED YET: data availability. The diff is emitted as given and is not checked against `diffHash` on chain,
///      so an operator can publish a wrong or an empty diff with a valid proof. Whoever follows the tree must hash the diff and
///      compare. Deposits, withdrawals, forced inclusion and exit are not part of this contract either.
contract Settlement {
    /// @notice What a deployment pins for good.
    /// @param verifier Groth16 verifier of the settlement statement.
    /// @param genesisRoot State root before the first batch; below r.
    /// @param oracleKeyHash Poseidon(Ax, Ay) of the oracle's key; below r.
    /// @param parameterHash Hash of the margin parameters; below r.
    /// @param accountCount Registered accounts: leaves 0 … accountCount − 1 of the tree; at least 1.
    /// @param leavesPerBatch Leaves that one proof covers; at least 1.
    /// @param oracleAgeMaxSeconds Oldest snapshot accepted, against block.timestamp; large for historical snapshots.
    /// @param oracleLeadMaxSeconds How far a snapshot may run ahead of block.timestamp.
    struct Configuration {
        ISettlementVerifier verifier;
        uint256 genesisRoot;
        uint256 oracleKeyHash;
        uint256 parameterHash;
        uint64 accountCount;
        uint64 leavesPerBatch;
        uint64 oracleAgeMaxSeconds;
        uint64 oracleLeadMaxSeconds;
    }

    /// @notice A batch was accepted.
    /// @param batchNumber The batch's number, from 0.
    /// @param firstLeaf First leaf that the batch covers.
    /// @param oldRoot State root before.
    /// @param newRoot State root after.
    /// @param oracleTime Time of the oracle's snapshot, Unix seconds.
    /// @param diffHash Hash of the diff to which the proof is bound.
    /// @param diff The operator's word for what changed; NOT checked against diffHash on chain.
    event Settled(
        uint64 indexed batchNumber,
        uint64 firstLeaf,
        uint256 oldRoot,
        uint256 newRoot,
        uint64 oracleTime,
        uint256 diffHash,
        bytes diff
    );

    /// @notice The verifier's address holds no code.
    error VerifierHasNoCode(address verifier);
    /// @notice A constructor argument is not a canonical field element.
    error NotAFieldElement(uint256 value, uint256 order);
    /// @notice accountCount and leavesPerBatch must be at least 1, and their sum must fit 64 bits.
    error InvalidCursorRange(uint64 accountCount, uint64 leavesPerBatch);
    /// @notice Within a sweep the snapshot may not go back in time.
    error OracleTimeWentBack(uint64 oracleTime, uint64 lastOracleTime);
    /// @notice A new sweep needs a snapshot newer than the last sweep's.
    error OracleTimeNotNewer(uint64 oracleTime, uint64 lastOracleTime);
    /// @notice The snapshot is older than the deployment allows.
    error OracleTimeTooOld(uint64 oracleTime, uint256 oldestAllowed);
    /// @notice The snapshot is further ahead of the chain's clock than the deployment allows.
    error OracleTimeInFuture(uint64 oracleTime, uint256 latestAllowed);
    /// @notice The proof does not hold for the contract's own batch number, cursor and root: a replay, a proof
    ///         for another state or deployment, or a wrong statement.
    error InvalidProof(uint64 batchNumber, uint64 firstLeaf, uint256 oldRoot);

    /// @notice Order r of BN254's scalar field.
    uint256 public constant SCALAR_FIELD_ORDER = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;

    /// @notice Verifier of the settlement statement.
    ISettlementVerifier public immutable verifier;
    /// @notice Poseidon(Ax, Ay) of the oracle key that every proof must name.
    uint256 public immutable oracleKeyHash;
    /// @notice Hash of the margin parameters that every proof must name.
    uint256 public immutable parameterHash;
    /// @notice Number of registered accounts, which occupy leaves 0 … accountCount − 1.
    uint64 public immutable accountCount;
    /// @notice Leaves that one batch covers.
    uint64 public immutable leavesPerBatch;
    /// @notice Oldest snapshot accepted, in seconds before block.timestamp.
    uint64 public immutable oracleAgeMaxSeconds;
    /// @notice Seconds that a snapshot may run ahead of block.timestamp.
    uint64 public immutable oracleLeadMaxSeconds;

    /// @notice Poseidon root of the account tree.
    uint256 public stateRoot;
    /// @notice Number of the batch that comes next; equally, how many were accepted.
    uint64 public nextBatchNumber;
    /// @notice First leaf of the batch that comes next: 0, leavesPerBatch, 2·leavesPerBatch, … and 0 again after the last account.
    uint64 public nextFirstLeaf;
    /// @notice Oracle time of the last accepted batch, Unix seconds; 0 before the first.
    uint64 public lastOracleTime;

    /// @notice Pins the rules and the genesis state.
    constructor(Configuration memory configuration) {
        if (address(configuration.verifier).code.length == 0) {
            revert VerifierHasNoCode(address(configuration.verifier));
        }
        requireFieldElement(configuration.genesisRoot);
        requireFieldElement(configuration.oracleKeyHash);
        requireFieldElement(configuration.parameterHash);
        // The cursor's successor is computed before it is compared, so that it must not overflow.
        if (
            configuration.accountCount == 0 || configuration.leavesPerBatch == 0
                || configuration.accountCount > type(uint64).max - configuration.leavesPerBatch
        ) {
            revert InvalidCursorRange(configuration.accountCount, configuration.leavesPerBatch);
        }

        verifier = configuration.verifier;
        oracleKeyHash = configuration.oracleKeyHash;
        parameterHash = configuration.parameterHash;
        accountCount = configuration.accountCount;
        leavesPerBatch = configuration.leavesPerBatch;
        oracleAgeMaxSeconds = configuration.oracleAgeMaxSeconds;
        oracleLeadMaxSeconds = configuration.oracleLeadMaxSeconds;
        stateRoot = configuration.genesisRoot;
    }

    /// @notice Accepts the next batch: state root, batch number and cursor move on, and `Settled` is emitted.
    /// @dev Anyone may call. Batch number, first leaf and old root are the contract's own, so a replayed, reordered or forked
    ///      batch has other public inputs than its proof. The verifier reverts when newRoot or diffHash is not below r.
    ///      Within a sweep the snapshot may be renewed: were it pinned, a sweep that outlives it could never be finished.
    /// @param proof A.x, A.y, B.x₁, B.x₀, B.y₁, B.y₀, C.x, C.y.
    /// @param newRoot State root after the batch; below r.
    /// @param oracleTime Time of the oracle's snapshot, Unix seconds.
    /// @param diffHash Hash of the diff; below r.
    /// @param diff The diff itself, passed on in the event; its availability and its match with diffHash are NOT enforced.
    function settle(
        uint256[8] calldata proof,
        uint256 newRoot,
        uint64 oracleTime,
        uint256 diffHash,
        bytes calldata diff
    ) external {
        uint64 batchNumber = nextBatchNumber;
        uint64 firstLeaf = nextFirstLeaf;
        uint256 oldRoot = stateRoot;
        requireTimely(oracleTime, firstLeaf == 0);

        uint256[9] memory inputs = [
            domain(), batchNumber, firstLeaf, oldRoot, newRoot, oracleTime, oracleKeyHash, parameterHash, diffHash
        ];
        if (!verifier.verifyProof(proof, inputs)) {
            revert InvalidProof(batchNumber, firstLeaf, oldRoot);
        }

        uint64 following = firstLeaf + leavesPerBatch;
        stateRoot = newRoot;
        nextBatchNumber = batchNumber + 1;
        nextFirstLeaf = following < accountCount ? following : 0;
        lastOracleTime = oracleTime;
        emit Settled(batchNumber, firstLeaf, oldRoot, newRoot, oracleTime, diffHash, diff);
    }

    /// @notice The first public input: binds a proof to this chain and this deployment.
    /// @return uint256(keccak256(abi.encode(chain id, address of this contract))) mod r.
    function domain() public view returns (uint256) {
        // Computed on each call: after a fork of the chain the two sides must not accept each other's proofs.
        return uint256(keccak256(abi.encode(block.chainid, address(this)))) % SCALAR_FIELD_ORDER;
    }

    function requireTimely(uint64 oracleTime, bool startsSweep) private view {
        uint64 last = lastOracleTime;
        if (oracleTime < last) {
            revert OracleTimeWentBack(oracleTime, last);
        }
        if (startsSweep && oracleTime == last) {
            revert OracleTimeNotNewer(oracleTime, last);
        }
        uint256 latest = block.timestamp + oracleLeadMaxSeconds;
        if (oracleTime > latest) {
            revert OracleTimeInFuture(oracleTime, latest);
        }
        uint256 age = oracleAgeMaxSeconds;
        uint256 oldest = block.timestamp > age ? block.timestamp - age : 0;
        if (oracleTime < oldest) {
            revert OracleTimeTooOld(oracleTime, oldest);
        }
    }

    function requireFieldElement(uint256 value) private pure {
        if (value >= SCALAR_FIELD_ORDER) {
            revert NotAFieldElement(value, SCALAR_FIELD_ORDER);
        }
    }
}
