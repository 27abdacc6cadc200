using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Replay;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>What a transfer does; the numeric value is the one that queues and published words hold.</summary>
public enum TransferKind
{
    /// <summary>Nothing: pads a batch.</summary>
    None = 0,

    /// <summary>Cash that the contract holds already enters an account.</summary>
    Deposit = 1,

    /// <summary>Cash leaves an account on its owner's signature.</summary>
    Withdrawal = 2,

    /// <summary>Cash leaves an account on the word of the contract, which knows its owner's address.</summary>
    ForcedWithdrawal = 3,
}

/// <summary>Why a queued transfer changed nothing. A queue's item is always provable, so that nobody can block the queue.</summary>
public enum TransferOutcome
{
    /// <summary>It was carried out.</summary>
    Done = 0,

    /// <summary>The leaf is empty, or its key is not the deposit's.</summary>
    WrongAccount = 1,

    /// <summary>The account would leave its domain by the deposit, or be below initial margin by the withdrawal.</summary>
    NotCovered = 2,
}

/// <summary>One transfer.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Leaf">The account.</param>
/// <param name="Amount">In 10⁻⁸ USD, in [0, 2⁸⁰).</param>
/// <param name="Recipient">Address that a withdrawal goes to, below 2¹⁶⁰; zero for a deposit.</param>
/// <param name="KeyX">x of the key that a deposit opens an account for; zero for a withdrawal.</param>
/// <param name="KeyY">y of that key.</param>
/// <param name="Signature">The owner's, for a withdrawal; null otherwise.</param>
public sealed record Transfer(TransferKind Kind, int Leaf, CashAmount Amount, BigInteger Recipient, Fr KeyX, Fr KeyY, EdDsaSignature? Signature)
{
    /// <summary>Bits of an address.</summary>
    public const int RecipientBits = 160;

    private const int NonceBits = 64;

    /// <summary>Whether the contract queued it, so that it cannot be left out.</summary>
    public bool IsQueued => Kind is TransferKind.Deposit or TransferKind.ForcedWithdrawal;

    /// <summary>A deposit, which opens the account when the leaf is empty.</summary>
    public static Transfer Deposit(int leaf, CashAmount amount, EdDsaPublicKey key) => new(TransferKind.Deposit, leaf, amount, 0, key.Point.X, key.Point.Y, null);

    /// <summary>A forced withdrawal.</summary>
    public static Transfer Forced(int leaf, CashAmount amount, BigInteger recipient) => new(TransferKind.ForcedWithdrawal, leaf, amount, recipient, Fr.Zero, Fr.Zero, null);

    /// <summary>A withdrawal that its owner signs over the account's nonce.</summary>
    public static Transfer Withdraw(int leaf, CashAmount amount, BigInteger recipient, ulong nonce, Fr domain, EdDsaPrivateKey key) =>
        new(TransferKind.Withdrawal, leaf, amount, recipient, Fr.Zero, Fr.Zero, EdDsaPoseidon.Sign(key, WithdrawalMessage(domain, leaf, recipient, amount, nonce)));

    /// <summary><c>Poseidon(domain, kind·2²⁴ + leaf, recipient, amount·2⁶⁴ + nonce)</c>.</summary>
    public static Fr WithdrawalMessage(Fr domain, int leaf, BigInteger recipient, CashAmount amount, ulong nonce) => Poseidon.Hash(
        domain, Order.ActionTag(SignedAction.Withdrawal, leaf), Fr.FromBigInteger(recipient), Fr.FromBigInteger(((BigInteger)amount.Value << NonceBits) + nonce));

    /// <summary>The queue's head after this item: <c>Poseidon(head, kind·2¹⁰⁴ + leaf·2⁸⁰ + amount, recipient, key x, key y)</c>.</summary>
    public Fr Enqueue(Fr head) => Poseidon.Hash(head, Fr.FromBigInteger((Packed << CashAmount.MagnitudeBits) + (BigInteger)Amount.Value), Fr.FromBigInteger(Recipient), KeyX, KeyY);

    /// <summary><c>outcome·2¹⁰⁶ + kind·2¹⁰⁴ + leaf·2⁸⁰ + amount</c>.</summary>
    internal Fr Word(TransferOutcome outcome) =>
        Fr.FromBigInteger(((((BigInteger)(int)outcome << 2) << (2 * AccountTree.Depth)) + Packed << CashAmount.MagnitudeBits) + (BigInteger)Amount.Value);

    /// <summary>What a word says.</summary>
    /// <exception cref="StateDiffException">The word is not a transfer's.</exception>
    internal static (TransferOutcome Outcome, TransferKind Kind, int Leaf, Int128 Amount) Read(Fr word, int index)
    {
        const int KindBits = 2;
        var fields = new WordFields(word, index);
        var amount = (Int128)fields.Take(CashAmount.MagnitudeBits);
        int leaf = (int)fields.Take(2 * AccountTree.Depth);
        var kind = (TransferKind)(int)fields.Take(KindBits);
        var outcome = (TransferOutcome)(int)fields.Take(KindBits);
        fields.End();
        return Enum.IsDefined(outcome) ? (outcome, kind, leaf, amount) : throw new StateDiffException($"word {index}: there is no outcome {(int)outcome}");
    }

    private BigInteger Packed => ((BigInteger)(int)Kind << (2 * AccountTree.Depth)) + Leaf;
}

/// <summary>The sizes that a transfer circuit is compiled for.</summary>
/// <param name="Instruments">Rows of the risk matrix that the batch opens.</param>
/// <param name="Positions">Positions that an account may hold: 8, 16, 24 or 32.</param>
/// <param name="Expiries">Expiry slots, at most eight.</param>
/// <param name="Transfers">Transfers, one after the other.</param>
public sealed record TransferShape(int Instruments, int Positions, int Expiries, int Transfers)
{
    /// <summary>4 instruments, 8 positions, 2 expiries, 2 transfers: for tests and first steps.</summary>
    public static TransferShape Tiny { get; } = new(4, 8, 2, 2);

    /// <summary>16 instruments, 8 positions, 4 expiries, 8 transfers: the reference size.</summary>
    public static TransferShape Standard { get; } = new(16, 8, 4, 8);

    /// <summary>Short name, such as <c>16x8x4x8</c>.</summary>
    public string Name => $"{Instruments}x{Positions}x{Expiries}x{Transfers}";

    internal int Blocks => Positions / PositionBlocks.BlockSize;

    /// <summary>Checks that the sizes are possible.</summary>
    /// <exception cref="ArgumentException">They are not; the message says what would be.</exception>
    public void Validate()
    {
        new TradeShape(Instruments, 2, Positions, Expiries, 1).Validate();
        if (Transfers is < 1 or > 256)
        {
            throw new ArgumentException($"{Name}: expected 1-256 transfers");
        }
    }

    /// <inheritdoc />
    public override string ToString() => Name;
}

/// <summary>What is to be transferred.</summary>
/// <param name="State">State before.</param>
/// <param name="Risk">Prices under every scenario.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Transfers">Transfers, one after the other; queued ones in the queue's order.</param>
/// <param name="QueueHead">Head of the queue up to what earlier batches have taken.</param>
/// <param name="BatchNumber">Number of the batch.</param>
/// <param name="Domain">Chain and contract.</param>
public sealed record TransferBatch(ExchangeState State, RiskMatrix Risk, TransferShape Shape, IReadOnlyList<Transfer> Transfers, Fr QueueHead, ulong BatchNumber, Fr Domain);

/// <summary>One transfer as it was done.</summary>
/// <param name="Leaf">Its leaf.</param>
/// <param name="Before">The account before; null when the leaf was empty.</param>
/// <param name="After">The account after; null when it stays empty.</param>
/// <param name="Path">From the leaf to the root.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record TransferStep(int Leaf, Account? Before, Account? After, SubtreePath Path, TransferOutcome Outcome);

/// <summary>The public fields of a transfer batch, in this order.</summary>
/// <param name="Domain">Chain and contract.</param>
/// <param name="BatchNumber">Number of the batch.</param>
/// <param name="OldRoot">Root before.</param>
/// <param name="NewRoot">Root after.</param>
/// <param name="RiskRoot">The risk matrix.</param>
/// <param name="OldQueueHead">Head of the queue before.</param>
/// <param name="NewQueueHead">Head of the queue after what this batch has taken.</param>
/// <param name="DiffHash">The sponge over two words a transfer.</param>
public sealed record TransferPublicInputs(Fr Domain, ulong BatchNumber, Fr OldRoot, Fr NewRoot, Fr RiskRoot, Fr OldQueueHead, Fr NewQueueHead, Fr DiffHash)
{
    /// <summary>The fields' names.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["domain", "batch number", "old root", "new root", "risk root", "old queue head", "new queue head", "diff hash"];

    /// <summary>The fields.</summary>
    public Fr[] ToFields() => [Domain, BatchNumber, OldRoot, NewRoot, RiskRoot, OldQueueHead, NewQueueHead, DiffHash];
}

/// <summary>A batch as it was done, and everything that a proof of it takes.</summary>
/// <param name="Batch">What was asked for.</param>
/// <param name="NewState">State after.</param>
/// <param name="Rows">Indices of the opened rows, ascending by id.</param>
/// <param name="Steps">As many as the shape has.</param>
/// <param name="Words">The published words: what was done, and the recipient, of each transfer.</param>
/// <param name="PublicInputs">What a proof says in public.</param>
public sealed record TransferResult(
    TransferBatch Batch, ExchangeState NewState, IReadOnlyList<int> Rows, IReadOnlyList<TransferStep> Steps, IReadOnlyList<Fr> Words, TransferPublicInputs PublicInputs);
