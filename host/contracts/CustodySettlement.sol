// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICircuitVerifier} from "./ICircuitVerifier.sol";
import {ITransferQueueHash} from "./ITransferQueueHash.sol";
import {OracleBoard} from "./OracleBoard.sol";
import {PublishedWords} from "./PublishedWords.sol";

/// @title Settlement with custody: deposits, withdrawals, forced inclusion and exit
/// @notice Moves the state root by validity proofs, holds the accounts' funds, and lets everybody out when the operator stops taking queued
///         transfers. No owner, no pause, no upgrade: the one stop is `freeze`, which anyone may call when a queued item is overdue.
/// @dev Every circuit publishes the thirteen fields of `statement`, in that order. The words that a batch publishes are bound to its proof by
///      `PublishedWords`, so that what this contract pays follows from them. `README.md` says which circuits publish these fields today.
contract CustodySettlement {
    /// @notice What a circuit's batches do beside moving the root.
    enum CircuitKind {
        Plain,
        Sweep,
        Transfers
    }

    /// @notice What a queued item is; the numbers are those of the words.
    enum TransferKind {
        None,
        Deposit,
        Withdrawal,
        Forced
    }

    /// @notice What a deployment pins for good.
    /// @param circuits Verifiers of the batch statements; each has code.
    /// @param kinds Their kinds, as many.
    /// @param exitCircuit Verifier of the exit statement.
    /// @param queueHash Hash of the queue.
    /// @param oracle Board of signed snapshots.
    /// @param genesisRoot Root before the first batch; below r.
    /// @param parameterHash Hash of the venue's parameters; below r.
    /// @param genesisLeaves Leaves that genesis fills, which nobody owns: at least the clearing account's and the open interest's.
    /// @param leavesPerSweepBatch Leaves that one proof of a sweep covers; at least 1.
    /// @param unitWei Wei in one unit of cash; at least 1.
    /// @param depositMin Least deposit in units, so that a queue cannot be flooded for nothing; at least 1.
    /// @param forcedSeconds Time in which a queued item must be taken.
    /// @param claimSeconds Length of the claim window after a freeze.
    struct Configuration {
        ICircuitVerifier[] circuits;
        CircuitKind[] kinds;
        ICircuitVerifier exitCircuit;
        ITransferQueueHash queueHash;
        OracleBoard oracle;
        uint256 genesisRoot;
        uint256 parameterHash;
        uint32 genesisLeaves;
        uint32 leavesPerSweepBatch;
        uint256 unitWei;
        uint128 depositMin;
        uint64 forcedSeconds;
        uint64 claimSeconds;
    }

    /// @notice One batch.
    /// @param circuit Index of its circuit.
    /// @param proof Words of the proof.
    /// @param newRoot Root after it; below r.
    /// @param snapshot Index of its snapshot on the oracle's board.
    /// @param wordsHash h, the Poseidon hash of its words.
    /// @param words The words, 31 bytes each.
    struct Batch {
        uint256 circuit;
        uint256[] proof;
        uint256 newRoot;
        uint256 snapshot;
        uint256 wordsHash;
        bytes words;
    }

    /// @notice A queued transfer.
    struct Item {
        address account;
        uint64 queuedAt;
        TransferKind kind;
        uint32 leaf;
        uint128 amount;
    }

    /// @notice A batch was accepted.
    event Settled(uint64 indexed batchNumber, uint256 circuit, uint256 oldRoot, uint256 newRoot, uint256 snapshot, uint256 wordsHash);
    /// @notice A transfer was queued; `keyX`, `keyY` are zero for a forced withdrawal.
    event Queued(uint256 indexed index, TransferKind kind, uint32 indexed leaf, address account, uint128 amount, uint256 keyX, uint256 keyY);
    /// @notice Funds can be withdrawn by an account.
    event Credited(address indexed account, uint256 amount);
    /// @notice Funds were paid out.
    event Withdrawn(address indexed account, uint256 amount);
    /// @notice The venue is frozen for good.
    event Frozen(uint256 indexed overdueItem, uint256 pool);
    /// @notice An account's equity was claimed, in units.
    event ExitClaimed(uint32 indexed leaf, address indexed account, uint256 equity);

    /// @notice A configuration that cannot work; the number says which rule, in the order of the constructor.
    error InvalidConfiguration(uint256 rule);
    /// @notice A value is not below r.
    error NotAFieldElement(uint256 value);
    /// @notice There is no such circuit.
    error UnknownCircuit(uint256 circuit);
    /// @notice The snapshot is older than that of the last batch.
    error SnapshotWentBack(uint256 snapshot, uint256 last);
    /// @notice The proof does not hold for the contract's own state and these words.
    error InvalidProof(uint64 batchNumber, uint256 oldRoot);
    /// @notice A transfer's words are not those of a transfer, or the queue does not hold them.
    error InvalidTransferWord(uint256 index);
    /// @notice Too little is held to pay what the batch pays: the circuits would have to mint cash.
    error PoolExceeded(uint256 pool, uint256 amount);
    /// @notice The value is not a whole number of units, or below the least deposit, or above 2⁸⁰ units.
    error InvalidDeposit(uint256 value);
    /// @notice The tree has no free leaf.
    error TreeFull();
    /// @notice The caller does not own the leaf.
    error NotTheOwner(uint32 leaf, address caller);
    /// @notice The key is not the leaf's.
    error WrongKey(uint32 leaf);
    /// @notice A forced withdrawal of this leaf waits already; or its amount is zero or above 2⁸⁰.
    error ForcedWithdrawalRefused(uint32 leaf, uint256 amount);
    /// @notice The venue is frozen.
    error AlreadyFrozen();
    /// @notice The venue is not frozen.
    error NotFrozen();
    /// @notice No queued item is overdue.
    error NothingOverdue();
    /// @notice The claim window is over, or, for payment, not yet over.
    error ClaimWindow(uint256 end);
    /// @notice The leaf's equity was claimed before.
    error AlreadyClaimed(uint32 leaf);
    /// @notice Nothing is there to be paid.
    error NothingDue(address account);
    /// @notice The item is no deposit that waits.
    error NotRefundable(uint256 index);
    /// @notice The receiver refused the funds.
    error WithdrawalFailed(address account, uint256 amount);

    uint256 private constant R = PublishedWords.R;
    uint256 private constant LEAF_COUNT = 1 << 24;
    uint256 private constant AMOUNT_BITS = 80;

    /// @notice Verifier of the exit statement.
    ICircuitVerifier public immutable exitCircuit;
    /// @notice Hash of the queue.
    ITransferQueueHash public immutable queueHash;
    /// @notice Board of signed snapshots.
    OracleBoard public immutable oracle;
    /// @notice Hash of the venue's parameters.
    uint256 public immutable parameterHash;
    /// @notice Leaves that one proof of a sweep covers.
    uint32 public immutable leavesPerSweepBatch;
    /// @notice Wei in one unit of cash.
    uint256 public immutable unitWei;
    /// @notice Least deposit, in units.
    uint128 public immutable depositMin;
    /// @notice Time in which a queued item must be taken.
    uint64 public immutable forcedSeconds;
    /// @notice Length of the claim window.
    uint64 public immutable claimSeconds;
    /// @notice Leaves below this one are genesis', and nobody's.
    uint32 public immutable genesisLeaves;

    /// @notice Root of the account tree.
    uint256 public stateRoot;
    /// @notice Number of the next batch.
    uint64 public nextBatchNumber;
    /// @notice First leaf of the next batch of a sweep.
    uint32 public nextSweepLeaf;
    /// @notice The next account's leaf.
    uint32 public nextLeaf;
    /// @notice When the venue was frozen; 0 while it is not.
    uint64 public frozenAt;
    /// @notice Index of the last batch's snapshot.
    uint256 public lastSnapshot;
    /// @notice Queued items that batches have taken.
    uint256 public itemsTaken;
    /// @notice Wei that back the accounts of the tree.
    uint256 public pool;
    /// @notice Units claimed by exits.
    uint256 public claimedUnits;
    /// @notice Wei that an account may withdraw.
    mapping(address account => uint256 amount) public withdrawableOf;
    /// @notice Who opened a leaf.
    mapping(uint32 leaf => address owner) public ownerOf;
    /// @notice keccak256(abi.encode(key x, key y)) of a leaf's key.
    mapping(uint32 leaf => bytes32 keyHash) public keyHashOf;
    /// @notice Whether a forced withdrawal of a leaf waits.
    mapping(uint32 leaf => bool) public forcedWaits;
    /// @notice Units that an account has claimed by exits and not been paid for.
    mapping(address account => uint256 units) public claimOf;

    ICircuitVerifier[] private circuits;
    CircuitKind[] private kinds;
    Item[] private items;
    /// @dev Head of the queue after so many items.
    uint256[] private heads;
    mapping(uint256 word => uint256 bits) private nullifiers;

    /// @notice Pins the rules and the genesis state.
    /// @dev Reverts with InvalidConfiguration or NotAFieldElement.
    constructor(Configuration memory configuration) {
        require(configuration.circuits.length > 0, InvalidConfiguration(0));
        require(configuration.circuits.length == configuration.kinds.length, InvalidConfiguration(1));
        require(configuration.genesisLeaves >= 2 && configuration.genesisLeaves < LEAF_COUNT, InvalidConfiguration(2));
        require(configuration.leavesPerSweepBatch > 0 && configuration.leavesPerSweepBatch <= LEAF_COUNT, InvalidConfiguration(3));
        require(configuration.unitWei > 0 && configuration.unitWei < 1 << 64, InvalidConfiguration(4));
        require(configuration.depositMin > 0 && configuration.depositMin < 1 << AMOUNT_BITS, InvalidConfiguration(5));
        require(address(configuration.exitCircuit).code.length > 0, InvalidConfiguration(6));
        require(address(configuration.queueHash).code.length > 0, InvalidConfiguration(7));
        require(address(configuration.oracle).code.length > 0, InvalidConfiguration(8));
        for (uint256 i = 0; i < configuration.circuits.length; i++) {
            require(address(configuration.circuits[i]).code.length > 0, InvalidConfiguration(9));
            circuits.push(configuration.circuits[i]);
            kinds.push(configuration.kinds[i]);
        }
        requireFieldElement(configuration.genesisRoot);
        requireFieldElement(configuration.parameterHash);

        exitCircuit = configuration.exitCircuit;
        queueHash = configuration.queueHash;
        oracle = configuration.oracle;
        parameterHash = configuration.parameterHash;
        genesisLeaves = configuration.genesisLeaves;
        leavesPerSweepBatch = configuration.leavesPerSweepBatch;
        unitWei = configuration.unitWei;
        depositMin = configuration.depositMin;
        forcedSeconds = configuration.forcedSeconds;
        claimSeconds = configuration.claimSeconds;
        stateRoot = configuration.genesisRoot;
        nextLeaf = configuration.genesisLeaves;
        heads.push(0);
    }

    // ---- batches

    /// @notice Accepts the next batch: root and number move on, a sweep's cursor and the queue too, and withdrawals are credited.
    /// @dev Anyone, until the freeze. Emits Settled, and Credited for each payment. Reverts with AlreadyFrozen, UnknownCircuit,
    ///      NotAFieldElement, SnapshotWentBack, OracleBoard's errors, PublishedWords' errors, InvalidTransferWord, PoolExceeded,
    ///      InvalidProof, or the verifier's own error.
    /// @param batch The batch.
    function settle(Batch calldata batch) external {
        require(frozenAt == 0, AlreadyFrozen());
        require(batch.circuit < circuits.length, UnknownCircuit(batch.circuit));
        require(batch.snapshot >= lastSnapshot, SnapshotWentBack(batch.snapshot, lastSnapshot));
        requireFieldElement(batch.newRoot);
        requireFieldElement(batch.wordsHash);
        CircuitKind kind = kinds[batch.circuit];
        uint64 batchNumber = nextBatchNumber;
        uint256 oldRoot = stateRoot;
        uint256 taken = kind == CircuitKind.Transfers ? queuedAmong(batch.words) : 0;
        require(
            circuits[batch.circuit].verify(batch.proof, statement(batch, taken)), InvalidProof(batchNumber, oldRoot)
        );

        stateRoot = batch.newRoot;
        nextBatchNumber = batchNumber + 1;
        lastSnapshot = batch.snapshot;
        emit Settled(batchNumber, batch.circuit, oldRoot, batch.newRoot, batch.snapshot, batch.wordsHash);
        if (kind == CircuitKind.Sweep) {
            uint256 following = uint256(nextSweepLeaf) + leavesPerSweepBatch;
            nextSweepLeaf = following < nextLeaf ? uint32(following) : 0;
        }
        if (kind == CircuitKind.Transfers) {
            book(batch.words);
        }
    }

    /// @notice The thirteen public inputs of a batch at this block: domain, batch number, first leaf of a sweep (else 0), old root, new root,
    ///         oracle time, snapshot hash, parameter hash, queue head before and after, h, c, e. Anyone may ask.
    /// @dev Reverts with OracleBoard's and PublishedWords' errors.
    /// @param batch The batch; its proof is not looked at.
    /// @param taken How many queued items its words hold.
    function statement(Batch calldata batch, uint256 taken) public view returns (uint256[] memory inputs) {
        (uint64 time, uint256 snapshotHash) = oracle.usable(batch.snapshot);
        (uint256 c, uint256 e) = PublishedWords.evaluate(batch.words, batch.wordsHash, block.chainid, address(this));
        inputs = new uint256[](13);
        inputs[0] = domain();
        inputs[1] = nextBatchNumber;
        inputs[2] = kinds[batch.circuit] == CircuitKind.Sweep ? nextSweepLeaf : 0;
        inputs[3] = stateRoot;
        inputs[4] = batch.newRoot;
        inputs[5] = time;
        inputs[6] = snapshotHash;
        inputs[7] = parameterHash;
        inputs[8] = heads[itemsTaken];
        inputs[9] = heads[itemsTaken + taken];
        inputs[10] = batch.wordsHash;
        inputs[11] = c;
        inputs[12] = e;
    }

    // ---- queue

    /// @notice Opens an account at the next free leaf, owned by the caller, and queues the value sent as its first deposit.
    /// @dev Anyone, until the freeze. Emits Queued. Reverts with AlreadyFrozen, InvalidDeposit, NotAFieldElement or TreeFull. Leaves come from
    ///      this contract alone, so that nobody becomes the owner of an account that another one's key controls.
    /// @param keyX The account's Baby Jubjub key.
    /// @param keyY The account's Baby Jubjub key.
    /// @return leaf The account's leaf.
    function open(uint256 keyX, uint256 keyY) external payable returns (uint32 leaf) {
        leaf = nextLeaf;
        require(leaf < LEAF_COUNT, TreeFull());
        nextLeaf = leaf + 1;
        ownerOf[leaf] = msg.sender;
        keyHashOf[leaf] = keccak256(abi.encode(keyX, keyY));
        queueDeposit(leaf, keyX, keyY);
    }

    /// @notice Queues the value sent as a deposit.
    /// @dev Anyone, until the freeze; a refused deposit comes back to the sender. Emits Queued. Reverts with AlreadyFrozen, WrongKey,
    ///      InvalidDeposit.
    /// @param leaf An open account.
    /// @param keyX Its key.
    /// @param keyY Its key.
    function deposit(uint32 leaf, uint256 keyX, uint256 keyY) external payable {
        require(keyHashOf[leaf] == keccak256(abi.encode(keyX, keyY)), WrongKey(leaf));
        queueDeposit(leaf, keyX, keyY);
    }

    /// @notice Queues a withdrawal that the operator cannot leave out: past `forcedSeconds` anyone may freeze the venue.
    /// @dev The leaf's owner, until the freeze; one at a time. Emits Queued. Reverts with AlreadyFrozen, NotTheOwner or
    ///      ForcedWithdrawalRefused.
    /// @param leaf The account.
    /// @param amount In units.
    function forceWithdrawal(uint32 leaf, uint128 amount) external {
        require(ownerOf[leaf] == msg.sender, NotTheOwner(leaf, msg.sender));
        require(!forcedWaits[leaf] && amount > 0 && amount < 1 << AMOUNT_BITS, ForcedWithdrawalRefused(leaf, amount));
        forcedWaits[leaf] = true;
        enqueue(TransferKind.Forced, leaf, amount, uint160(msg.sender), 0, 0);
    }

    /// @notice Pays all of the caller's withdrawable funds out to it.
    /// @dev Anyone, at any time, frozen or not. Emits Withdrawn. Reverts with NothingDue or WithdrawalFailed.
    function withdraw() external {
        uint256 amount = withdrawableOf[msg.sender];
        require(amount > 0, NothingDue(msg.sender));
        withdrawableOf[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);
        (bool paid,) = msg.sender.call{value: amount}("");
        require(paid, WithdrawalFailed(msg.sender, amount));
    }

    // ---- freeze and exit

    /// @notice Freezes the venue for good when the oldest queued item is overdue.
    /// @dev Anyone. Emits Frozen. Reverts with AlreadyFrozen or NothingOverdue.
    function freeze() external {
        require(frozenAt == 0, AlreadyFrozen());
        require(itemsTaken < items.length && block.timestamp > uint256(items[itemsTaken].queuedAt) + forcedSeconds, NothingOverdue());
        frozenAt = uint64(block.timestamp);
        emit Frozen(itemsTaken, pool);
    }

    /// @notice Claims an account's equity for its owner, as proved at the last root and the last batch's snapshot.
    /// @dev Anyone who has the proof, in the claim window, once a leaf. Emits ExitClaimed. Reverts with NotFrozen, ClaimWindow, NotTheOwner when
    ///      nobody owns the leaf, AlreadyClaimed, OracleBoard's errors, InvalidProof, or the verifier's own error. The exit statement's public
    ///      inputs are domain, root, oracle time, snapshot hash, parameter hash, leaf, equity.
    /// @param leaf The account.
    /// @param equity In units; not negative, which the statement sees to.
    /// @param proof Words of the proof.
    function claimExit(uint32 leaf, uint96 equity, uint256[] calldata proof) external {
        require(frozenAt > 0, NotFrozen());
        require(block.timestamp < claimEnd(), ClaimWindow(claimEnd()));
        address owner = ownerOf[leaf];
        require(owner != address(0), NotTheOwner(leaf, owner));
        uint256 bit = 1 << (leaf & 0xff);
        require(nullifiers[leaf >> 8] & bit == 0, AlreadyClaimed(leaf));
        OracleBoard.Snapshot memory snapshot = oracle.snapshotAt(lastSnapshot);
        uint256[] memory inputs = new uint256[](7);
        inputs[0] = domain();
        inputs[1] = stateRoot;
        inputs[2] = snapshot.time;
        inputs[3] = snapshot.snapshotHash;
        inputs[4] = parameterHash;
        inputs[5] = leaf;
        inputs[6] = equity;
        require(exitCircuit.verify(proof, inputs), InvalidProof(nextBatchNumber, stateRoot));

        nullifiers[leaf >> 8] |= bit;
        claimOf[owner] += equity;
        claimedUnits += equity;
        emit ExitClaimed(leaf, owner, equity);
    }

    /// @notice Turns an account's claim into withdrawable funds: in full, or pro rata when the claims exceed what is held.
    /// @dev Anyone, after the claim window. Emits Credited. Reverts with NotFrozen, ClaimWindow or NothingDue.
    /// @param account Whose claim.
    function collectExit(address account) external {
        require(frozenAt > 0, NotFrozen());
        require(block.timestamp >= claimEnd(), ClaimWindow(claimEnd()));
        uint256 units = claimOf[account];
        require(units > 0, NothingDue(account));
        claimOf[account] = 0;
        uint256 claims = claimedUnits * unitWei;
        uint256 amount = units * unitWei;
        credit(account, claims <= pool ? amount : amount * pool / claims);
    }

    /// @notice Gives a queued deposit that no batch has taken back to its sender's withdrawable funds.
    /// @dev Anyone, after the freeze, once an item. Emits Credited. Reverts with NotFrozen or NotRefundable.
    /// @param index The item.
    function refundDeposit(uint256 index) external {
        require(frozenAt > 0, NotFrozen());
        require(index >= itemsTaken && index < items.length && items[index].kind == TransferKind.Deposit, NotRefundable(index));
        Item storage item = items[index];
        item.kind = TransferKind.None;
        credit(item.account, item.amount * unitWei);
    }

    // ---- reading

    /// @notice The first public input of every statement; anyone may ask.
    function domain() public view returns (uint256) {
        // Computed on each call: after a fork of the chain the two sides must not accept each other's proofs.
        return PublishedWords.domainOf(block.chainid, address(this));
    }

    /// @notice When the claim window ends, or zero before the freeze; anyone may ask.
    function claimEnd() public view returns (uint256) {
        return frozenAt == 0 ? 0 : uint256(frozenAt) + claimSeconds;
    }

    /// @notice A queued item; anyone may ask.
    function itemAt(uint256 index) external view returns (Item memory) {
        return items[index];
    }

    /// @notice How many items were queued, and the head after so many of them; anyone may ask.
    function queue(uint256 count) external view returns (uint256 length, uint256 head) {
        return (items.length, heads[count]);
    }

    // ---- inside

    function queueDeposit(uint32 leaf, uint256 keyX, uint256 keyY) private {
        requireFieldElement(keyX);
        requireFieldElement(keyY);
        uint256 amount = msg.value / unitWei;
        require(msg.value % unitWei == 0 && amount >= depositMin && amount < 1 << AMOUNT_BITS, InvalidDeposit(msg.value));
        enqueue(TransferKind.Deposit, leaf, uint128(amount), 0, keyX, keyY);
    }

    function enqueue(TransferKind kind, uint32 leaf, uint128 amount, uint256 recipient, uint256 keyX, uint256 keyY) private {
        require(frozenAt == 0, AlreadyFrozen());
        uint256 index = items.length;
        uint256 packed = (uint256(kind) << 104) + (uint256(leaf) << AMOUNT_BITS) + amount;
        uint256 head = queueHash.hash(heads[index], packed, recipient, keyX, keyY);
        items.push(Item(msg.sender, uint64(block.timestamp), kind, leaf, amount));
        heads.push(head);
        emit Queued(index, kind, leaf, msg.sender, amount, keyX, keyY);
    }

    /// @dev Counts the queued kinds among a transfer batch's words: two a transfer, the first of them
    ///      outcome·2¹⁰⁶ + kind·2¹⁰⁴ + leaf·2⁸⁰ + amount, the second the recipient.
    function queuedAmong(bytes calldata words) private view returns (uint256 taken) {
        for (uint256 i = 0; i + 1 < words.length / PublishedWords.WORD_LENGTH; i += 2) {
            uint256 kind = (PublishedWords.wordAt(words, i) >> 104) & 3;
            if (kind == uint256(TransferKind.Deposit) || kind == uint256(TransferKind.Forced)) {
                taken++;
            }
        }
        require(itemsTaken + taken < heads.length, InvalidTransferWord(taken));
    }

    /// @dev Carries out what a proved batch says; the proof has bound queued items to the queue, in order.
    function book(bytes calldata words) private {
        uint256 index = itemsTaken;
        for (uint256 i = 0; i + 1 < words.length / PublishedWords.WORD_LENGTH; i += 2) {
            uint256 word = PublishedWords.wordAt(words, i);
            TransferKind kind = TransferKind((word >> 104) & 3);
            uint256 value = (word & ((1 << AMOUNT_BITS) - 1)) * unitWei;
            bool done = word >> 106 == 0;
            if (kind == TransferKind.Deposit) {
                Item storage item = items[index++];
                if (done) {
                    pool += value;
                } else {
                    credit(item.account, value);
                }
            } else if (kind == TransferKind.Forced) {
                Item storage item = items[index++];
                forcedWaits[item.leaf] = false;
                if (done) {
                    pay(item.account, value);
                }
            } else if (kind == TransferKind.Withdrawal) {
                uint256 recipient = PublishedWords.wordAt(words, i + 1);
                require(done && recipient <= type(uint160).max, InvalidTransferWord(i));
                pay(address(uint160(recipient)), value);
            }
        }
        itemsTaken = index;
    }

    function pay(address account, uint256 amount) private {
        require(amount <= pool, PoolExceeded(pool, amount));
        pool -= amount;
        credit(account, amount);
    }

    function credit(address account, uint256 amount) private {
        withdrawableOf[account] += amount;
        emit Credited(account, amount);
    }

    function requireFieldElement(uint256 value) private pure {
        require(value < R, NotAFieldElement(value));
    }
}
