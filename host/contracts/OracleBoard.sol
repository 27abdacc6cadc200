// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Snapshots of an oracle, signed by m of n keys and posted on chain
/// @notice Times only grow, one snapshot a block. A snapshot can be used once it is `delayBlocks` old and until its successor has been
///         usable for `graceBlocks`, the time that a proof takes: so a prover can choose among old ones no further than that. No owner.
contract OracleBoard {
    /// @notice A posted snapshot.
    struct Snapshot {
        uint256 snapshotHash;
        uint64 time;
        uint64 blockNumber;
    }

    /// @notice A snapshot was posted.
    event Posted(uint256 indexed index, uint64 time, uint256 snapshotHash);

    /// @notice The threshold is zero or above the number of signers.
    error InvalidThreshold(uint256 threshold, uint256 signers);
    /// @notice Signers must ascend, so that none comes twice, and none may be zero.
    error SignersNotAscending(address signer);
    /// @notice Fewer signatures than the threshold.
    error TooFewSignatures(uint256 given, uint256 threshold);
    /// @notice A signature is not of a signer, or not in ascending order of signers.
    error InvalidSignature(uint256 index);
    /// @notice The snapshot is not newer than the last.
    error TimeNotNewer(uint64 time, uint64 last);
    /// @notice The snapshot is further ahead of the chain's clock than allowed.
    error TimeInFuture(uint64 time, uint256 latest);
    /// @notice A snapshot was posted in this block already.
    error AlreadyPosted(uint256 blockNumber);
    /// @notice The hash is not below the scalar field's order.
    error NotAFieldElement(uint256 value);
    /// @notice There is no such snapshot.
    error UnknownSnapshot(uint256 index);
    /// @notice The snapshot is not old enough.
    error TooNew(uint256 index, uint256 usableFrom);
    /// @notice A newer one has been usable for too long.
    error TooOld(uint256 index, uint256 usableUntil);

    /// @notice What the signed message begins with.
    bytes32 public constant DOMAIN = keccak256("Accel OracleBoard 1");

    uint256 private constant R = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;

    /// @notice Signatures that a snapshot needs.
    uint256 public immutable threshold;
    /// @notice Age in blocks from which a snapshot can be used.
    uint64 public immutable delayBlocks;
    /// @notice Blocks for which a snapshot can still be used after its successor can.
    uint64 public immutable graceBlocks;
    /// @notice Seconds that a snapshot may run ahead of block.timestamp.
    uint64 public immutable leadSecondsMax;
    /// @notice Whether an address is one of the n signers.
    mapping(address signer => bool) public isSigner;

    Snapshot[] private snapshots;

    /// @notice Pins signers and rules for good.
    /// @dev Reverts with InvalidThreshold or SignersNotAscending.
    constructor(address[] memory signers, uint256 threshold_, uint64 delayBlocks_, uint64 graceBlocks_, uint64 leadSecondsMax_) {
        if (threshold_ == 0 || threshold_ > signers.length) {
            revert InvalidThreshold(threshold_, signers.length);
        }
        address last = address(0);
        for (uint256 i = 0; i < signers.length; i++) {
            if (signers[i] <= last) {
                revert SignersNotAscending(signers[i]);
            }
            last = signers[i];
            isSigner[last] = true;
        }
        threshold = threshold_;
        delayBlocks = delayBlocks_;
        graceBlocks = graceBlocks_;
        leadSecondsMax = leadSecondsMax_;
    }

    /// @notice Posts a snapshot.
    /// @dev Anyone who has the signatures. Moves no funds. Emits Posted. Reverts with TimeNotNewer, TimeInFuture, AlreadyPosted,
    ///      NotAFieldElement, TooFewSignatures or InvalidSignature.
    /// @param time Of the snapshot, Unix seconds.
    /// @param snapshotHash Its Poseidon hash; below r.
    /// @param signatures r, s, v of at least `threshold` signers over `message(time, snapshotHash)`, in ascending order of their addresses.
    /// @return index The snapshot's index, from 0.
    function post(uint64 time, uint256 snapshotHash, bytes[] calldata signatures) external returns (uint256 index) {
        index = snapshots.length;
        if (index > 0) {
            Snapshot storage last = snapshots[index - 1];
            if (time <= last.time) {
                revert TimeNotNewer(time, last.time);
            }
            if (block.number == last.blockNumber) {
                revert AlreadyPosted(block.number);
            }
        }
        if (time > block.timestamp + leadSecondsMax) {
            revert TimeInFuture(time, block.timestamp + leadSecondsMax);
        }
        if (snapshotHash >= R) {
            revert NotAFieldElement(snapshotHash);
        }
        requireSigned(message(time, snapshotHash), signatures);
        snapshots.push(Snapshot(snapshotHash, time, uint64(block.number)));
        emit Posted(index, time, snapshotHash);
    }

    /// @notice The snapshot, when it can be used at this block.
    /// @dev Anyone. Reverts with UnknownSnapshot, TooNew or TooOld.
    function usable(uint256 index) external view returns (uint64 time, uint256 snapshotHash) {
        Snapshot memory snapshot = snapshotAt(index);
        uint256 from = uint256(snapshot.blockNumber) + delayBlocks;
        if (block.number < from) {
            revert TooNew(index, from);
        }
        if (index + 1 < snapshots.length) {
            uint256 until = uint256(snapshots[index + 1].blockNumber) + delayBlocks + graceBlocks;
            if (block.number > until) {
                revert TooOld(index, until);
            }
        }
        return (snapshot.time, snapshot.snapshotHash);
    }

    /// @notice A posted snapshot. Anyone may read. Reverts with UnknownSnapshot.
    function snapshotAt(uint256 index) public view returns (Snapshot memory) {
        if (index >= snapshots.length) {
            revert UnknownSnapshot(index);
        }
        return snapshots[index];
    }

    /// @notice How many snapshots were posted.
    function count() external view returns (uint256) {
        return snapshots.length;
    }

    /// @notice What signers sign: keccak256(abi.encode(DOMAIN, chain id, this contract, time, snapshotHash)).
    function message(uint64 time, uint256 snapshotHash) public view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN, block.chainid, address(this), time, snapshotHash));
    }

    function requireSigned(bytes32 digest, bytes[] calldata signatures) private view {
        if (signatures.length < threshold) {
            revert TooFewSignatures(signatures.length, threshold);
        }
        address last = address(0);
        for (uint256 i = 0; i < signatures.length; i++) {
            if (signatures[i].length != 65) {
                revert InvalidSignature(i);
            }
            address signer = ecrecover(
                digest, uint8(signatures[i][64]), bytes32(signatures[i][:32]), bytes32(signatures[i][32:64])
            );
            // A malleable twin has the same signer, who counts once.
            if (signer <= last || !isSigner[signer]) {
                revert InvalidSignature(i);
            }
            last = signer;
        }
    }
}
