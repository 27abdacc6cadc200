// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICircuitVerifier} from "./ICircuitVerifier.sol";
import {PublishedWords} from "./PublishedWords.sol";

/// @title A read-only mirror of a settlement's root on a second chain
/// @notice Accepts the very proofs that the custody chain's settlement accepts, whose statements name that chain and that contract. It holds no
///         funds and pays nobody: it has no payable function, and no function that sends.
/// @dev It knows neither the custody chain's oracle board nor its queue: it shows that a chain of valid batches leads from genesis to its
///      root, not that the custody chain took the same ones. Who needs that compares roots by batch number. No owner.
contract RootMirror {
    /// @notice A batch was accepted.
    event Mirrored(uint64 indexed batchNumber, uint256 oldRoot, uint256 newRoot, uint64 oracleTime);

    /// @notice There is no circuit, or one without code.
    error InvalidCircuit(uint256 index);
    /// @notice There is no such circuit.
    error UnknownCircuit(uint256 circuit);
    /// @notice The proof does not hold for the mirror's root and batch number and these fields.
    error InvalidProof(uint64 batchNumber, uint256 oldRoot);
    /// @notice The snapshot is older than that of the last batch.
    error OracleTimeWentBack(uint64 time, uint64 last);

    /// @notice Chain that holds the funds.
    uint256 public immutable custodyChainId;
    /// @notice The settlement there.
    address public immutable custody;
    /// @notice Hash of the venue's parameters.
    uint256 public immutable parameterHash;
    /// @notice Root after the batches so far.
    uint256 public stateRoot;
    /// @notice Number of the next batch.
    uint64 public nextBatchNumber;
    /// @notice Oracle time of the last batch.
    uint64 public lastOracleTime;

    ICircuitVerifier[] private circuits;

    /// @notice The fields of a batch that the mirror takes as given, each bound by the proof.
    struct Fields {
        uint256 firstLeaf;
        uint256 newRoot;
        uint64 oracleTime;
        uint256 snapshotHash;
        uint256 oldQueueHead;
        uint256 newQueueHead;
        uint256 wordsHash;
    }

    /// @notice Pins what is mirrored. The circuits are those of the custody settlement, in its order.
    /// @dev Reverts with InvalidCircuit.
    constructor(uint256 custodyChainId_, address custody_, ICircuitVerifier[] memory circuits_, uint256 genesisRoot, uint256 parameterHash_) {
        require(circuits_.length > 0, InvalidCircuit(0));
        for (uint256 i = 0; i < circuits_.length; i++) {
            require(address(circuits_[i]).code.length > 0, InvalidCircuit(i));
            circuits.push(circuits_[i]);
        }
        custodyChainId = custodyChainId_;
        custody = custody_;
        stateRoot = genesisRoot;
        parameterHash = parameterHash_;
    }

    /// @notice Accepts the next batch.
    /// @dev Anyone. Moves no funds. Emits Mirrored. Reverts with UnknownCircuit, OracleTimeWentBack, PublishedWords' errors, InvalidProof, or
    ///      the verifier's own error, also for a field that is not below r.
    /// @param circuit Index of the batch's circuit.
    /// @param proof Words of the proof.
    /// @param fields The batch's fields.
    /// @param words Its words.
    function follow(uint256 circuit, uint256[] calldata proof, Fields calldata fields, bytes calldata words) external {
        require(circuit < circuits.length, UnknownCircuit(circuit));
        require(fields.oracleTime >= lastOracleTime, OracleTimeWentBack(fields.oracleTime, lastOracleTime));
        uint64 batchNumber = nextBatchNumber;
        uint256 oldRoot = stateRoot;
        uint256[] memory inputs = new uint256[](13);
        inputs[0] = PublishedWords.domainOf(custodyChainId, custody);
        inputs[1] = batchNumber;
        inputs[2] = fields.firstLeaf;
        inputs[3] = oldRoot;
        inputs[4] = fields.newRoot;
        inputs[5] = fields.oracleTime;
        inputs[6] = fields.snapshotHash;
        inputs[7] = parameterHash;
        inputs[8] = fields.oldQueueHead;
        inputs[9] = fields.newQueueHead;
        inputs[10] = fields.wordsHash;
        (inputs[11], inputs[12]) = PublishedWords.evaluate(words, fields.wordsHash, custodyChainId, custody);
        require(circuits[circuit].verify(proof, inputs), InvalidProof(batchNumber, oldRoot));

        stateRoot = fields.newRoot;
        nextBatchNumber = batchNumber + 1;
        lastOracleTime = fields.oracleTime;
        emit Mirrored(batchNumber, oldRoot, fields.newRoot, fields.oracleTime);
    }
}
