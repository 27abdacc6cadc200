// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICircuitVerifier} from "./ICircuitVerifier.sol";

/// @title A market where provers bid for proofs
/// @notice A requester escrows the most that it will pay; provers bid sealed prices against stake; the lowest proves at the second price.
///         Whoever is late loses its collateral, half of it to whoever delivers instead. No owner, no pause, no upgrade, no fee.
/// @dev A request moves by the clock alone, so that nobody's call is needed to end a phase and nobody can hold one open:
///
///      Bidding → Revealing → Proving → Rescuing → Lapsed         somebody revealed
///                         ↘ Ramping → Proving → …                nobody did, and a prover took it at the rising price
///                                   ↘ Unfilled                   nobody did that either
///
///      `deliver`, `rescueForeign`, `expire` and `refund` close it. All of the contract's balance is somebody's free funds, locked stake,
///      a request's escrow, or burnt; burnt funds stay here for good. No function loops over bidders.
///      A request's circuit is a contract that the requester names: a prover that bids trusts its answers, and must know its code.
contract ProverMarket {
    /// @notice What a requester fixes. The escrowed ceiling is the value sent along.
    /// @param circuit Verifier of the circuit; it has code.
    /// @param inputHash keccak256 of the words of the statement's first `inputCount` public inputs (those behind the payee).
    /// @param inputCount How many public inputs the requester fixes; what follows them is the circuit's output, and the prover's to find.
    /// @param payeeInStatement Whether the first public input is the payee's address; otherwise the circuit is foreign.
    /// @param lateness What a late proof costs the requester, in wei; raises the collateral when above the ceiling.
    /// @param bidSeconds Length of the phase in which sealed bids are taken.
    /// @param revealSeconds Length of the phase in which they are opened.
    /// @param rampSeconds Time in which the price rises from zero to the ceiling when no bid was opened.
    /// @param proveSeconds Time from assignment to the deadline.
    /// @param rescueSeconds Time after the deadline in which anybody may deliver.
    struct Terms {
        ICircuitVerifier circuit;
        bytes32 inputHash;
        uint32 inputCount;
        bool payeeInStatement;
        uint128 lateness;
        uint32 bidSeconds;
        uint32 revealSeconds;
        uint32 rampSeconds;
        uint32 proveSeconds;
        uint32 rescueSeconds;
    }

    /// @notice Where a request stands; the last four are final.
    enum Phase {
        Unknown,
        Bidding,
        Revealing,
        Ramping,
        Proving,
        Rescuing,
        Lapsed,
        Unfilled,
        Delivered,
        Rescued,
        Expired,
        Refunded
    }

    /// @notice A sealed bid's life.
    enum BidState {
        None,
        Sealed,
        Revealed,
        Burnt
    }

    /// @notice A request's record.
    /// @param closed The final phase, or Unknown while the request is open.
    /// @param assignee Lowest bidder so far, then the prover; zero when there is none.
    /// @param deadline When the assignee must have delivered, Unix seconds; zero when there is no assignee.
    /// @param commits Sealed bids taken; a bid's index is its place among them, from 1.
    /// @param reveals Bids opened.
    /// @param bestPrice Lowest opened price.
    /// @param bestIndex Index of the bid that holds it.
    /// @param fee What the proof is paid: the second price, the ceiling when one bid alone was opened, or the ramp's price.
    struct Request {
        address requester;
        uint64 bidEnd;
        uint32 inputCount;
        ICircuitVerifier circuit;
        uint64 revealEnd;
        bool payeeInStatement;
        Phase closed;
        bytes32 inputHash;
        uint128 ceiling;
        uint128 lateness;
        address assignee;
        uint64 deadline;
        uint32 commits;
        uint128 bestPrice;
        uint128 fee;
        uint32 bestIndex;
        uint32 reveals;
        uint32 rampSeconds;
        uint32 proveSeconds;
        uint32 rescueSeconds;
    }

    /// @notice A bid's record.
    struct Bid {
        bytes32 commitment;
        uint32 index;
        BidState state;
    }

    struct Slots {
        uint64 granted;
        uint64 busy;
    }

    /// @notice Funds were added to an account.
    event Deposited(address indexed account, uint256 amount);
    /// @notice Free funds left the contract.
    event Withdrawn(address indexed account, uint256 amount);
    /// @notice A request was opened with its ceiling in escrow.
    event Requested(uint256 indexed requestId, address indexed requester, uint256 ceiling, Terms terms);
    /// @notice A sealed bid was taken.
    event BidCommitted(uint256 indexed requestId, address indexed bidder, uint32 index, bytes32 commitment);
    /// @notice A bid was opened.
    event BidRevealed(uint256 indexed requestId, address indexed bidder, uint256 price);
    /// @notice A bid was never opened: the ceiling is burnt out of its collateral.
    event BidBurnt(uint256 indexed requestId, address indexed bidder, uint256 amount);
    /// @notice A prover took a request at the ramp's price.
    event Accepted(uint256 indexed requestId, address indexed prover, uint256 fee, uint64 deadline);
    /// @notice A foreign circuit's rescue was committed to.
    event DeliveryCommitted(bytes32 indexed commitment, address indexed sender);
    /// @notice The assignee's proof came in time.
    event Delivered(uint256 indexed requestId, address indexed payee, uint256 fee, uint256[] proof, uint256[] inputs);
    /// @notice The proof came late: `reward` is the fee and half of the assignee's collateral, the other half of which is burnt.
    event Rescued(uint256 indexed requestId, address indexed payee, uint256 reward, uint256[] proof, uint256[] inputs);
    /// @notice Nobody delivered: the escrow went back and the assignee's collateral was burnt.
    event Expired(uint256 indexed requestId, address indexed assignee, uint256 burnt);
    /// @notice Nobody wanted the request: the escrow went back.
    event Refunded(uint256 indexed requestId);

    /// @notice The call belongs to another phase of the request.
    error WrongPhase(uint256 requestId, Phase phase);
    /// @notice The circuit's address holds no code.
    error CircuitHasNoCode(address circuit);
    /// @notice A phase's length is outside PHASE_SECONDS_MIN … PHASE_SECONDS_MAX.
    error InvalidPhaseLength(uint256 length);
    /// @notice The value sent is zero, or needs more than 128 bits.
    error InvalidCeiling(uint256 value);
    /// @notice The account's free funds do not suffice.
    error InsufficientFunds(address account, uint256 free, uint256 needed);
    /// @notice All of the prover's slots hold a bid or a proof in the making.
    error NoFreeSlot(address prover, uint256 slots);
    /// @notice The bidder has bid on this request before.
    error AlreadyBid(uint256 requestId, address bidder);
    /// @notice There is no sealed bid of this bidder on this request.
    error NoSealedBid(uint256 requestId, address bidder);
    /// @notice Price and salt are not those that the commitment was made of.
    error CommitmentMismatch(bytes32 given, bytes32 committed);
    /// @notice The price is above the request's ceiling.
    error PriceAboveCeiling(uint256 price, uint256 ceiling);
    /// @notice Before the deadline the assignee alone is paid.
    error PayeeIsNotAssignee(address payee, address assignee);
    /// @notice The statement's first public input is no payee.
    error InvalidPayee(uint256 value);
    /// @notice The statement has fewer public inputs than the request fixes.
    error TooFewInputs(uint256 given, uint256 needed);
    /// @notice The proof is of other inputs than requested.
    error InputHashMismatch(bytes32 given, bytes32 requested);
    /// @notice The proof does not hold.
    error InvalidProof(uint256 requestId);
    /// @notice Only for circuits without the payee in the statement; the others, and the assignee in time, use `deliver`.
    error CircuitNamesPayee(uint256 requestId);
    /// @notice A foreign circuit's proof names nobody: after the deadline it must be committed to before it is shown, by `rescueForeign`.
    error RescueNeedsCommitment(uint256 requestId);
    /// @notice The commitment was not made in an earlier block.
    error NotCommittedBefore(bytes32 commitment);
    /// @notice The receiver refused the funds.
    error WithdrawalFailed(address account, uint256 amount);

    /// @notice Shortest length of a phase: below it a bidder could be kept out, or from revealing, by a single block.
    uint256 public constant PHASE_SECONDS_MIN = 24;
    /// @notice Longest length of a phase.
    uint256 public constant PHASE_SECONDS_MAX = 30 days;

    /// @notice Requests opened; their ids are 1 … requestCount.
    uint256 public requestCount;
    /// @notice Wei that were burnt; they stay in this contract for good.
    uint256 public burnt;
    /// @notice Wei that an account may withdraw, or bid with.
    mapping(address account => uint256 amount) public freeOf;
    /// @notice Wei of an account that back its bids and its proofs in the making.
    mapping(address account => uint256 amount) public lockedOf;
    /// @notice Number of the block in which a foreign circuit's rescue was first committed to; 0 for never.
    mapping(bytes32 commitment => uint256 blockNumber) public deliveryCommittedAt;

    mapping(uint256 requestId => Request) private requests;
    mapping(uint256 requestId => mapping(address bidder => Bid)) private bids;
    mapping(address prover => Slots) private slots;

    /// @notice Adds the value sent to the caller's free funds.
    /// @dev Anyone, at any time. Emits Deposited.
    function deposit() external payable {
        freeOf[msg.sender] += msg.value;
        emit Deposited(msg.sender, msg.value);
    }

    /// @notice Pays free funds out to the caller.
    /// @dev Anyone, at any time. Emits Withdrawn. Reverts with InsufficientFunds, or WithdrawalFailed when the caller refuses the payment.
    /// @param amount Wei.
    function withdraw(uint256 amount) external {
        take(msg.sender, amount);
        emit Withdrawn(msg.sender, amount);
        (bool paid,) = msg.sender.call{value: amount}("");
        if (!paid) {
            revert WithdrawalFailed(msg.sender, amount);
        }
    }

    /// @notice Opens a request and escrows the value sent as its ceiling.
    /// @dev Anyone, at any time. There is no way to call it back: the escrow ends with a proof, or by time-out. Emits Requested.
    ///      Reverts with InvalidCeiling, CircuitHasNoCode or InvalidPhaseLength.
    /// @param terms What is requested.
    /// @return requestId From 1.
    function request(Terms calldata terms) external payable returns (uint256 requestId) {
        if (msg.value == 0 || msg.value > type(uint128).max) {
            revert InvalidCeiling(msg.value);
        }
        if (address(terms.circuit).code.length == 0) {
            revert CircuitHasNoCode(address(terms.circuit));
        }
        requirePhaseLength(terms.bidSeconds);
        requirePhaseLength(terms.revealSeconds);
        requirePhaseLength(terms.rampSeconds);
        requirePhaseLength(terms.proveSeconds);
        requirePhaseLength(terms.rescueSeconds);

        requestId = ++requestCount;
        Request storage opened = requests[requestId];
        opened.requester = msg.sender;
        opened.bidEnd = uint64(block.timestamp) + terms.bidSeconds;
        opened.inputCount = terms.inputCount;
        opened.circuit = terms.circuit;
        opened.revealEnd = uint64(block.timestamp) + terms.bidSeconds + terms.revealSeconds;
        opened.payeeInStatement = terms.payeeInStatement;
        opened.inputHash = terms.inputHash;
        opened.ceiling = uint128(msg.value);
        opened.lateness = terms.lateness;
        opened.rampSeconds = terms.rampSeconds;
        opened.proveSeconds = terms.proveSeconds;
        opened.rescueSeconds = terms.rescueSeconds;
        emit Requested(requestId, msg.sender, msg.value, terms);
    }

    /// @notice Takes a sealed bid of the caller and locks its collateral and one of its slots.
    /// @dev Anyone, in Bidding, once a request. Emits BidCommitted. Reverts with WrongPhase, AlreadyBid, NoFreeSlot or InsufficientFunds.
    ///      Only the bidder can open it, so that a copied commitment is worth nothing.
    /// @param requestId The request.
    /// @param commitment `bidCommitment(requestId, bidder, price, salt)`; the salt is 32 random bytes, never used twice.
    function commitBid(uint256 requestId, bytes32 commitment) external {
        requirePhase(requestId, Phase.Bidding);
        Request storage asked = requests[requestId];
        Bid storage bid = bids[requestId][msg.sender];
        if (bid.state != BidState.None) {
            revert AlreadyBid(requestId, msg.sender);
        }
        lock(msg.sender, collateral(asked));
        uint32 index = ++asked.commits;
        bid.commitment = commitment;
        bid.index = index;
        bid.state = BidState.Sealed;
        emit BidCommitted(requestId, msg.sender, index, commitment);
    }

    /// @notice Opens the caller's bid. The best so far keeps its collateral locked; who is not the best, or no longer, has it back at once.
    /// @dev The bidder, in Revealing. Emits BidRevealed. Reverts with WrongPhase, NoSealedBid, CommitmentMismatch or PriceAboveCeiling.
    /// @param requestId The request.
    /// @param price In wei, at most the ceiling.
    /// @param salt The commitment's salt.
    function revealBid(uint256 requestId, uint128 price, bytes32 salt) external {
        requirePhase(requestId, Phase.Revealing);
        Request storage asked = requests[requestId];
        Bid storage bid = bids[requestId][msg.sender];
        if (bid.state != BidState.Sealed) {
            revert NoSealedBid(requestId, msg.sender);
        }
        bytes32 given = bidCommitment(requestId, msg.sender, price, salt);
        if (given != bid.commitment) {
            revert CommitmentMismatch(given, bid.commitment);
        }
        if (price > asked.ceiling) {
            revert PriceAboveCeiling(price, asked.ceiling);
        }

        bid.state = BidState.Revealed;
        emit BidRevealed(requestId, msg.sender, price);
        address loser = msg.sender;
        if (asked.reveals == 0) {
            asked.fee = asked.ceiling;
            asked.deadline = asked.revealEnd + asked.proveSeconds;
            setBest(asked, price, bid.index);
        } else if (price < asked.bestPrice || (price == asked.bestPrice && bid.index < asked.bestIndex)) {
            loser = asked.assignee;
            asked.fee = asked.bestPrice;
            setBest(asked, price, bid.index);
        } else if (price < asked.fee) {
            asked.fee = price;
        }
        if (asked.reveals++ > 0) {
            unlock(loser, collateral(asked));
        }
    }

    /// @notice Ends a bid that was not opened in time: burns the ceiling out of its collateral and frees the rest, and its slot.
    /// @dev Anyone, once the time to reveal is over. It counts as a slash. Emits BidBurnt. Reverts with WrongPhase or NoSealedBid.
    /// @param requestId The request.
    /// @param bidder Whose bid.
    function burnUnrevealed(uint256 requestId, address bidder) external {
        Request storage asked = requests[requestId];
        Bid storage bid = bids[requestId][bidder];
        if (bid.state != BidState.Sealed) {
            revert NoSealedBid(requestId, bidder);
        }
        if (block.timestamp < asked.revealEnd) {
            revert WrongPhase(requestId, phaseOf(requestId));
        }
        bid.state = BidState.Burnt;
        uint256 amount = asked.ceiling;
        unlock(bidder, collateral(asked));
        slash(bidder);
        freeOf[bidder] -= amount;
        burnt += amount;
        emit BidBurnt(requestId, bidder, amount);
    }

    /// @notice Takes a request on which nobody opened a bid, at the price that the ramp has reached, and locks collateral and a slot.
    /// @dev Anyone, in Ramping; the first one has it. Emits Accepted. Reverts with WrongPhase, NoFreeSlot or InsufficientFunds.
    /// @param requestId The request.
    function accept(uint256 requestId) external {
        requirePhase(requestId, Phase.Ramping);
        Request storage asked = requests[requestId];
        lock(msg.sender, collateral(asked));
        uint128 fee = uint128(uint256(asked.ceiling) * (block.timestamp - rampStart(asked)) / asked.rampSeconds);
        uint64 deadline = uint64(block.timestamp) + asked.proveSeconds;
        asked.assignee = msg.sender;
        asked.fee = fee;
        asked.deadline = deadline;
        emit Accepted(requestId, msg.sender, fee, deadline);
    }

    /// @notice Pays for a proof. In time the fee goes to the assignee, which has its collateral back and one slot more; what the escrow
    ///         holds beyond the fee goes back to the requester. Late, the statement's payee has the fee and half of the collateral, the
    ///         other half is burnt, and the assignee is slashed even if it is the payee itself.
    /// @dev Anyone may hand the proof in, in Proving or Rescuing: the payee is named by the statement, or is the assignee of a foreign
    ///      circuit in time. Emits Delivered or Rescued. Reverts with WrongPhase, PayeeIsNotAssignee, InvalidPayee, RescueNeedsCommitment,
    ///      TooFewInputs, InputHashMismatch, InvalidProof, or with the verifier's own error.
    /// @param requestId The request.
    /// @param proof Words of the proof, as the circuit's verifier takes them.
    /// @param inputs All public inputs: payee (unless foreign), the inputs that the request fixes, outputs.
    function deliver(uint256 requestId, uint256[] calldata proof, uint256[] calldata inputs) external {
        Phase phase = phaseOf(requestId);
        Request storage asked = requests[requestId];
        address payee = asked.assignee;
        if (asked.payeeInStatement) {
            payee = statementPayee(inputs);
        } else if (phase == Phase.Rescuing) {
            revert RescueNeedsCommitment(requestId);
        }
        close(requestId, phase, payee, proof, inputs);
    }

    /// @notice Commits to a late proof of a foreign circuit, so that nobody who sees the proof can be paid for it first.
    /// @dev Anyone, at any time; a commitment that was made before keeps its block. Emits DeliveryCommitted.
    /// @param commitment `deliveryCommitment(requestId, payee, proof, inputs, salt)`.
    function commitDelivery(bytes32 commitment) external {
        if (deliveryCommittedAt[commitment] == 0) {
            deliveryCommittedAt[commitment] = block.number;
            emit DeliveryCommitted(commitment, msg.sender);
        }
    }

    /// @notice Pays the payee of a commitment for a late proof of a foreign circuit, as `deliver` does.
    /// @dev Anyone, in Rescuing, in a later block than the commitment's. Emits Rescued. Reverts with CircuitNamesPayee, NotCommittedBefore,
    ///      WrongPhase, InvalidPayee, TooFewInputs, InputHashMismatch, InvalidProof, or with the verifier's own error.
    /// @param requestId The request.
    /// @param payee Who is paid.
    /// @param proof Words of the proof, as the circuit's verifier takes them.
    /// @param inputs All public inputs: those that the request fixes, outputs.
    /// @param salt The commitment's salt.
    function rescueForeign(
        uint256 requestId,
        address payee,
        uint256[] calldata proof,
        uint256[] calldata inputs,
        bytes32 salt
    ) external {
        requirePhase(requestId, Phase.Rescuing);
        if (requests[requestId].payeeInStatement) {
            revert CircuitNamesPayee(requestId);
        }
        bytes32 commitment = deliveryCommitment(requestId, payee, proof, inputs, salt);
        uint256 committedAt = deliveryCommittedAt[commitment];
        if (committedAt == 0 || committedAt == block.number) {
            revert NotCommittedBefore(commitment);
        }
        close(requestId, Phase.Rescuing, payee, proof, inputs);
    }

    /// @notice Ends a request that nobody delivered: the escrow goes back, all of the assignee's collateral is burnt.
    /// @dev Anyone, in Lapsed. The requester has no share in the burnt collateral, lest it be paid for asking what nobody can prove.
    ///      Emits Expired. Reverts with WrongPhase.
    /// @param requestId The request.
    function expire(uint256 requestId) external {
        requirePhase(requestId, Phase.Lapsed);
        Request storage asked = requests[requestId];
        address assignee = asked.assignee;
        uint256 amount = collateral(asked);
        asked.closed = Phase.Expired;
        consume(assignee, amount);
        slash(assignee);
        burnt += amount;
        freeOf[asked.requester] += asked.ceiling;
        emit Expired(requestId, assignee, amount);
    }

    /// @notice Gives the escrow of a request that nobody took back to the requester's free funds.
    /// @dev Anyone, in Unfilled. Emits Refunded. Reverts with WrongPhase.
    /// @param requestId The request.
    function refund(uint256 requestId) external {
        requirePhase(requestId, Phase.Unfilled);
        Request storage asked = requests[requestId];
        asked.closed = Phase.Refunded;
        freeOf[asked.requester] += asked.ceiling;
        emit Refunded(requestId);
    }

    /// @notice A request's record. Anyone may read; a request that does not exist is all zero.
    function requestOf(uint256 requestId) external view returns (Request memory) {
        return requests[requestId];
    }

    /// @notice A bid's record. Anyone may read; a bid that does not exist is all zero.
    function bidOf(uint256 requestId, address bidder) external view returns (Bid memory) {
        return bids[requestId][bidder];
    }

    /// @notice How many bids and proofs in the making a prover may hold at once: one at first, one more with each proof in time, half
    ///         (at least one) with each slash.
    function slotsOf(address prover) public view returns (uint256) {
        uint64 granted = slots[prover].granted;
        return granted == 0 ? 1 : granted;
    }

    /// @notice How many of a prover's slots are taken; after a slash it may be more than it has.
    function busySlotsOf(address prover) external view returns (uint256) {
        return slots[prover].busy;
    }

    /// @notice What a bid on this request, or its acceptance, locks: 2·max(ceiling, lateness) wei.
    function collateralOf(uint256 requestId) external view returns (uint256) {
        return collateral(requests[requestId]);
    }

    /// @notice Where a request stands at this block's time.
    function phaseOf(uint256 requestId) public view returns (Phase) {
        Request storage asked = requests[requestId];
        if (asked.requester == address(0) || asked.closed != Phase.Unknown) {
            return asked.closed;
        }
        if (block.timestamp < asked.bidEnd) {
            return Phase.Bidding;
        }
        if (asked.commits > 0 && block.timestamp < asked.revealEnd) {
            return Phase.Revealing;
        }
        if (asked.deadline == 0) {
            return block.timestamp <= rampStart(asked) + asked.rampSeconds ? Phase.Ramping : Phase.Unfilled;
        }
        if (block.timestamp < asked.deadline) {
            return Phase.Proving;
        }
        return block.timestamp < uint256(asked.deadline) + asked.rescueSeconds ? Phase.Rescuing : Phase.Lapsed;
    }

    /// @notice The commitment of a sealed bid. Compute it yourself: a node that answers this call learns the price.
    /// @return keccak256(abi.encode(chain id, this contract, request, bidder, price, salt)).
    function bidCommitment(uint256 requestId, address bidder, uint128 price, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), requestId, bidder, price, salt));
    }

    /// @notice The commitment of a foreign circuit's rescue. Compute it yourself: a node that answers this call learns the proof.
    /// @return keccak256(abi.encode(chain id, this contract, request, payee, keccak256(abi.encode(proof, inputs)), salt)).
    function deliveryCommitment(
        uint256 requestId,
        address payee,
        uint256[] calldata proof,
        uint256[] calldata inputs,
        bytes32 salt
    ) public view returns (bytes32) {
        bytes32 content = keccak256(abi.encode(proof, inputs));
        return keccak256(abi.encode(block.chainid, address(this), requestId, payee, content, salt));
    }

    /// @dev Checks the proof, then pays. The verifier is called before anything changes, and by STATICCALL.
    function close(uint256 requestId, Phase phase, address payee, uint256[] calldata proof, uint256[] calldata inputs) private {
        Request storage asked = requests[requestId];
        address assignee = asked.assignee;
        bool late = phase == Phase.Rescuing;
        if (!late && phase != Phase.Proving) {
            revert WrongPhase(requestId, phase);
        }
        if (!late && payee != assignee) {
            revert PayeeIsNotAssignee(payee, assignee);
        }
        if (payee == address(0)) {
            revert InvalidPayee(0);
        }
        requireRequested(asked, inputs);
        if (!asked.circuit.verify(proof, inputs)) {
            revert InvalidProof(requestId);
        }

        uint256 amount = collateral(asked);
        uint256 reward = asked.fee;
        freeOf[asked.requester] += asked.ceiling - reward;
        if (late) {
            asked.closed = Phase.Rescued;
            consume(assignee, amount);
            slash(assignee);
            burnt += amount - amount / 2;
            reward += amount / 2;
            emit Rescued(requestId, payee, reward, proof, inputs);
        } else {
            asked.closed = Phase.Delivered;
            unlock(assignee, amount);
            slots[assignee].granted = uint64(slotsOf(assignee)) + 1;
            emit Delivered(requestId, payee, reward, proof, inputs);
        }
        freeOf[payee] += reward;
    }

    function setBest(Request storage asked, uint128 price, uint32 index) private {
        asked.assignee = msg.sender;
        asked.bestPrice = price;
        asked.bestIndex = index;
    }

    function take(address account, uint256 amount) private {
        uint256 free = freeOf[account];
        if (free < amount) {
            revert InsufficientFunds(account, free, amount);
        }
        freeOf[account] = free - amount;
    }

    /// @dev Takes a slot and collateral.
    function lock(address prover, uint256 amount) private {
        uint256 granted = slotsOf(prover);
        if (slots[prover].busy >= granted) {
            revert NoFreeSlot(prover, granted);
        }
        take(prover, amount);
        slots[prover].busy++;
        lockedOf[prover] += amount;
    }

    /// @dev Ends a lock whose collateral goes elsewhere.
    function consume(address prover, uint256 amount) private {
        slots[prover].busy--;
        lockedOf[prover] -= amount;
    }

    /// @dev Ends a lock and gives the collateral back.
    function unlock(address prover, uint256 amount) private {
        consume(prover, amount);
        freeOf[prover] += amount;
    }

    function slash(address prover) private {
        uint64 granted = uint64(slotsOf(prover));
        slots[prover].granted = granted == 1 ? 1 : granted / 2;
    }

    function requirePhase(uint256 requestId, Phase expected) private view {
        Phase phase = phaseOf(requestId);
        if (phase != expected) {
            revert WrongPhase(requestId, phase);
        }
    }

    function requireRequested(Request storage asked, uint256[] calldata inputs) private view {
        uint256 start = asked.payeeInStatement ? 1 : 0;
        uint256 end = start + asked.inputCount;
        if (inputs.length < end) {
            revert TooFewInputs(inputs.length, end);
        }
        bytes32 given = keccak256(abi.encodePacked(inputs[start:end]));
        if (given != asked.inputHash) {
            revert InputHashMismatch(given, asked.inputHash);
        }
    }

    function collateral(Request storage asked) private view returns (uint256) {
        return 2 * uint256(asked.ceiling > asked.lateness ? asked.ceiling : asked.lateness);
    }

    function rampStart(Request storage asked) private view returns (uint256) {
        return asked.commits == 0 ? asked.bidEnd : asked.revealEnd;
    }

    function statementPayee(uint256[] calldata inputs) private pure returns (address) {
        if (inputs.length == 0) {
            revert TooFewInputs(0, 1);
        }
        if (inputs[0] > type(uint160).max) {
            revert InvalidPayee(inputs[0]);
        }
        return address(uint160(inputs[0]));
    }

    function requirePhaseLength(uint256 length) private pure {
        if (length < PHASE_SECONDS_MIN || length > PHASE_SECONDS_MAX) {
            revert InvalidPhaseLength(length);
        }
    }
}
