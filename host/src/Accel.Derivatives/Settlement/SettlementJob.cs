using Accel.Derivatives.Circuits;
using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Settlement;

/// <summary>How to settle a book.</summary>
public sealed record SettlementOptions
{
    /// <summary>The oracle's key; it signs the snapshot.</summary>
    public required EdDsaPrivateKey OracleKey { get; init; }

    /// <summary>Chain and contract that the proof is for.</summary>
    public Fr Domain { get; init; }

    /// <summary>Number of the batch.</summary>
    public ulong BatchNumber { get; init; } = 1;

    /// <summary>First leaf of the range.</summary>
    public int FirstLeaf { get; init; }

    /// <summary>Shape of the batch; by default the smallest built-in one that holds the book.</summary>
    public BatchShape? Shape { get; init; }

    /// <summary>Margin parameters.</summary>
    public MarginParameters Parameters { get; init; } = MarginParameters.Published;

    /// <summary>Moves the oracle's time forward to this Unix second, to settle an expiry with the market at hand.</summary>
    public long? Time { get; init; }
}

/// <summary>From a market and a book to everything that proving, publishing and carrying on need.</summary>
public sealed class SettlementJob
{
    private SettlementJob(Book book, SettlementResult result)
    {
        Result = result;
        NewBook = Apply(book, result);
        Report = SettlementReport.Of(result, book.Accounts.ToDictionary(a => a.Leaf, a => a.Name));
    }

    /// <summary>The settled batch, with the proof's private inputs.</summary>
    public SettlementResult Result { get; }

    /// <summary>Shape of the batch.</summary>
    public BatchShape Shape => Result.Batch.Shape;

    /// <summary>What a proof says in public.</summary>
    public SettlementPublicInputs PublicInputs => Result.PublicInputs;

    /// <summary>The report.</summary>
    public SettlementReport Report { get; }

    /// <summary>The book after the batch.</summary>
    public Book NewBook { get; }

    /// <summary>The published difference: 31 bytes a word.</summary>
    public byte[] Diff => DiffWord.ToBytes([.. Result.DiffWords]);

    /// <summary>The inputs of a proof.</summary>
    /// <param name="circuit">The compiled <see cref="SettlementCircuit"/> of this job's shape.</param>
    /// <param name="face">The circuit's face.</param>
    public Assignment Assign(CompiledCircuit circuit, PublicFace face) => SettlementAssignment.Of(circuit, face, Result);

    /// <summary>Settles one range of a book on a market.</summary>
    /// <exception cref="MarketFormatException">The market lacks something that the book holds.</exception>
    /// <exception cref="ArgumentException">No built-in shape holds the book, or an option is not valid.</exception>
    /// <exception cref="SettlementException">The batch cannot be settled.</exception>
    public static SettlementJob Prepare(MarketSnapshot market, Book book, SettlementOptions options)
    {
        BatchShape shape = options.Shape ?? book.SmallestShape();
        shape.Validate();
        Instrument[] instruments =
        [
            .. book.Accounts.Where(a => a.Leaf >= options.FirstLeaf && a.Leaf < options.FirstLeaf + shape.Accounts)
                .SelectMany(a => a.Positions).Select(p => p.Instrument).Distinct(),
        ];
        SignedSnapshot snapshot = SnapshotBuilder.Build(market, instruments, options.Time).Sign(shape, options.OracleKey);
        var batch = new SettlementBatch(book.ToState(), snapshot, options.Parameters, options.FirstLeaf, options.BatchNumber, options.Domain);
        return new SettlementJob(book, SettlementReference.Settle(batch));
    }

    private static Book Apply(Book book, SettlementResult result) => book with
    {
        Accounts =
        [
            .. book.Accounts.Select(before =>
            {
                Account after = result.NewState.Find(before.Leaf)!;
                HashSet<Fr> kept = [.. after.Positions.Select(p => p.InstrumentId)];
                return before with { Cash = after.Cash, Status = after.Status, FlaggedAt = after.FlaggedAt, Positions = [.. before.Positions.Where(p => kept.Contains(p.Instrument.Id))] };
            }),
        ],
    };
}
