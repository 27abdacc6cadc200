using System.Globalization;
using System.Numerics;
using Accel.Derivatives.Market;

namespace Accel.Derivatives.State;

/// <summary>
/// What a batch made of the state: enough to rebuild it from nothing but the differences of all batches, whatever their statements; the folder's README
/// has its bits. What statements publish themselves is shorter; <see cref="Replay.StateReplay"/> reads it.
/// </summary>
/// <param name="BatchNumber">The batch.</param>
/// <param name="Leaves">Touched leaves, strictly ascending.</param>
public sealed record StateDiff(ulong BatchNumber, IReadOnlyList<LeafDiff> Leaves)
{
    /// <summary>The difference between two states over some leaves.</summary>
    /// <param name="batchNumber">The batch.</param>
    /// <param name="before">The state before.</param>
    /// <param name="after">The state after.</param>
    /// <param name="leaves">Every leaf that may differ; leaves that are equal in both are left out.</param>
    public static StateDiff Between(ulong batchNumber, ExchangeState before, ExchangeState after, IEnumerable<int> leaves)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        IEnumerable<int> changed = leaves.Distinct().Order().Where(leaf => before.Tree.Node(0, leaf) != after.Tree.Node(0, leaf));
        return new StateDiff(batchNumber, [.. changed.Select(leaf => LeafDiff.Between(leaf, before.Find(leaf), after.Find(leaf)))]);
    }

    /// <summary>The state after the batch.</summary>
    /// <param name="before">The state before.</param>
    /// <exception cref="StateDiffException">The difference does not fit the state before, or what comes of it is no valid state.</exception>
    public ExchangeState Apply(ExchangeState before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return before.WithLeaves(Leaves.Select(leaf => KeyValuePair.Create(leaf.Leaf, leaf.Apply(before.Find(leaf.Leaf)))));
    }

    /// <summary>The words that are published, each below 2²⁴⁸.</summary>
    public Fr[] ToWords()
    {
        List<Fr> words = [StateDiffFormat.Header(this)];
        foreach (LeafDiff leaf in Leaves)
        {
            StateDiffFormat.Write(leaf, words);
        }

        return [.. words];
    }

    /// <summary>Reads published words.</summary>
    /// <exception cref="StateDiffException">They are no difference; the message names the word.</exception>
    public static StateDiff FromWords(ReadOnlySpan<Fr> words)
    {
        if (words.IsEmpty)
        {
            throw new StateDiffException("there is no word; a difference begins with its header");
        }

        (ulong number, int count) = StateDiffFormat.ReadHeader(words[0]);
        var leaves = new List<LeafDiff>();
        int next = 1;
        for (int record = 0; record < count; record++)
        {
            if (StateDiffFormat.Read(words, ref next) is { } leaf)
            {
                if (leaves.Count > 0 && leaves[^1].Leaf >= leaf.Leaf)
                {
                    throw new StateDiffException($"leaf {leaf.Leaf} follows leaf {leaves[^1].Leaf}; expected strictly ascending leaves");
                }

                leaves.Add(leaf);
            }
        }

        return next == words.Length
            ? new StateDiff(number, leaves)
            : throw new StateDiffException(string.Create(CultureInfo.InvariantCulture, $"{words.Length - next} words follow the last of {count} records"));
    }
}

/// <summary>The bits of a difference's words.</summary>
internal static class StateDiffFormat
{
    public const int Version = 1;

    private const int VersionBits = 8;
    private const int BatchNumberBits = 64;
    private const int LeafBits = 2 * AccountTree.Depth;
    private const int ContentsBits = 8;
    private const int PlacedBits = 6;
    private const int NonceBits = 64;
    private const int CashBits = CashAmount.MagnitudeBits + 1;
    private const int InterestCountBits = 9;
    private const int FillsEach = DiffWord.Bits / OrderFill.PackedBits;
    private const int QuantityBits = PositionQuantity.MagnitudeBits + 1;

    // An element of Fr has 254 bits: half of it goes into each of two words.
    private const int HalfBits = 127;

    /// <summary>What a record holds besides its first two words.</summary>
    [Flags]
    private enum Contents
    {
        None = 0,
        Key = 1,
        Perpetual = 2,
        Indices = 4,
        Emptied = 8,
        NoOperation = 16,
        OpenInterest = 32,
        All = Key | Perpetual | Indices | Emptied | NoOperation | OpenInterest,
    }

    /// <summary>The record that makes an empty leaf into an account: what snapshots and stores keep of it.</summary>
    public static Fr[] Opening(int leaf, Account account)
    {
        List<Fr> words = [];
        Write(LeafDiff.Between(leaf, before: null, account), words);
        return [.. words];
    }

    /// <summary>The account of <see cref="Opening"/>'s record.</summary>
    /// <exception cref="StateDiffException">The words are no such record.</exception>
    public static KeyValuePair<int, Account> ReadOpening(ReadOnlySpan<Fr> words)
    {
        int next = 0;
        LeafDiff? record = Read(words, ref next);
        return record is { IsEmptied: false } && next == words.Length
            ? KeyValuePair.Create(record.Leaf, record.Apply(before: null)!)
            : throw new StateDiffException($"the {words.Length} words are not one record of an account");
    }

    public static Fr Header(StateDiff diff) => DiffWord.Pack((Version, VersionBits), (diff.BatchNumber, BatchNumberBits), (diff.Leaves.Count, LeafBits));

    public static (ulong BatchNumber, int Count) ReadHeader(Fr word)
    {
        var reader = new DiffWordReader(word);
        int version = (int)reader.Read(VersionBits);
        ulong number = (ulong)reader.Read(BatchNumberBits);
        int count = (int)reader.Read(LeafBits);
        return version != Version ? throw new StateDiffException($"word 0: version {version} is not known; version {Version} is")
            : !reader.IsRestZero ? throw new StateDiffException("word 0: bits after the header are not zero")
            : (number, count);
    }

    public static void Write(LeafDiff leaf, List<Fr> words)
    {
        Contents contents = (leaf.Key is null ? 0 : Contents.Key)
            | (leaf.Perpetual is null ? 0 : Contents.Perpetual)
            | (leaf.Indices is null ? 0 : Contents.Indices)
            | (leaf.OpenInterest is null ? 0 : Contents.OpenInterest)
            | (leaf.IsEmptied ? Contents.Emptied : 0);
        words.Add(DiffWord.Pack(
            (leaf.Leaf, LeafBits),
            ((int)contents, ContentsBits),
            (leaf.Kept, Account.PositionsMax),
            (leaf.Placed.Count, PlacedBits),
            (leaf.Nonce, NonceBits),
            ((int)leaf.Status, Account.FlagBits),
            (leaf.FlaggedAt, Account.TimeBits)));
        if (leaf.IsEmptied)
        {
            return;
        }

        words.Add(DiffWord.Pack(
            (leaf.Cash.Value + (Int128.One << (CashBits - 1)), CashBits),
            (leaf.Fills.Aggregate(0, (mask, fill) => mask | (1 << OrderSlots.IndexOf(fill.Nonce))), OrderSlots.Count),
            (leaf.OpenInterest?.Count ?? 0, InterestCountBits)));
        if (leaf.Key is { } key)
        {
            WriteElement(key.X, words);
            WriteElement(key.Y, words);
        }

        if (leaf.Perpetual is { } perpetual)
        {
            WriteElement(perpetual, words);
        }

        if (leaf.Indices is { } indices)
        {
            WriteElement(indices, words);
        }

        foreach (OrderFill[] fills in leaf.Fills.Chunk(FillsEach))
        {
            words.Add(DiffWord.Pack([.. fills.SelectMany(FieldsOf)]));
        }

        foreach (Position position in leaf.Placed.Concat(leaf.OpenInterest ?? []))
        {
            WriteElement(position.InstrumentId, words, position.Quantity.Value + (1L << (QuantityBits - 1)));
        }
    }

    private static (BigInteger Value, int Bits)[] FieldsOf(OrderFill fill) => [(fill.Nonce, OrderFill.NonceBits), (fill.Filled, OrderFill.FilledBits)];

    /// <summary>The next record, or null for one that says nothing.</summary>
    public static LeafDiff? Read(ReadOnlySpan<Fr> words, ref int next)
    {
        int at = next;
        var reader = new DiffWordReader(Next(words, ref next));
        int leaf = (int)reader.Read(LeafBits);
        var contents = (Contents)(int)reader.Read(ContentsBits);
        uint kept = (uint)reader.Read(Account.PositionsMax);
        int placed = (int)reader.Read(PlacedBits);
        ulong nonce = (ulong)reader.Read(NonceBits);
        var status = (AccountStatus)(int)reader.Read(Account.FlagBits);
        long flaggedAt = (long)reader.Read(Account.TimeBits);
        Require(reader.IsRestZero, at, "bits after the fields are not zero");
        Require((contents & ~Contents.All) == 0, at, "unknown contents");
        if ((contents & (Contents.NoOperation | Contents.Emptied)) != 0)
        {
            Require(contents is Contents.NoOperation or Contents.Emptied, at, "an empty leaf or a no-op has contents");
            Require(kept == 0 && placed == 0 && nonce == 0 && status == 0 && flaggedAt == 0, at, "an empty leaf or a no-op has fields");
            return contents == Contents.NoOperation ? null : new LeafDiff(leaf, 0, AccountStatus.None, 0, default) { IsEmptied = true };
        }

        Require(placed <= Account.PositionsMax, at, "more positions are placed than a leaf holds");
        CashAmount cash = ReadSecond(words, ref next, out int slots, out int interest);
        Require(interest == 0 || contents.HasFlag(Contents.OpenInterest), at + 1, "open interest in a leaf that keeps none");
        Require(slots == 0 || !contents.HasFlag(Contents.OpenInterest), at + 1, "order slots in a leaf that keeps open interest in their place");
        return new LeafDiff(leaf, nonce, status, flaggedAt, cash)
        {
            Key = contents.HasFlag(Contents.Key) ? (ReadElement(words, ref next), ReadElement(words, ref next)) : null,
            Perpetual = contents.HasFlag(Contents.Perpetual) ? ReadElement(words, ref next) : null,
            Indices = contents.HasFlag(Contents.Indices) ? ReadElement(words, ref next) : null,
            Kept = kept,
            Fills = ReadFills(words, ref next, slots),
            Placed = ReadPositions(words, ref next, placed, mayBeGone: false),
            OpenInterest = contents.HasFlag(Contents.OpenInterest) ? ReadPositions(words, ref next, interest, mayBeGone: true) : null,
        };
    }

    private static void WriteElement(Fr element, List<Fr> words, long rest = 0)
    {
        var value = element.ToBigInteger();
        words.Add(DiffWord.Pack((value >> HalfBits, HalfBits)));
        words.Add(DiffWord.Pack((value & ((BigInteger.One << HalfBits) - 1), HalfBits), (rest, QuantityBits)));
    }

    private static CashAmount ReadSecond(ReadOnlySpan<Fr> words, ref int next, out int slots, out int interest)
    {
        int at = next;
        var reader = new DiffWordReader(Next(words, ref next));
        var cash = new CashAmount((Int128)reader.Read(CashBits) - (Int128.One << (CashBits - 1)));
        slots = (int)reader.Read(OrderSlots.Count);
        interest = (int)reader.Read(InterestCountBits);
        Require(reader.IsRestZero, at, "bits after the fields are not zero");
        return cash;
    }

    /// <summary>The changed slots, three a word.</summary>
    private static List<OrderFill> ReadFills(ReadOnlySpan<Fr> words, ref int next, int slots)
    {
        List<OrderFill> fills = [];
        while (slots != 0)
        {
            int at = next;
            var reader = new DiffWordReader(Next(words, ref next));
            for (int i = 0; i < FillsEach && slots != 0; i++, slots &= slots - 1)
            {
                var fill = new OrderFill((long)reader.Read(OrderFill.NonceBits), (long)reader.Read(OrderFill.FilledBits));
                Require(OrderSlots.IndexOf(fill.Nonce) == BitOperations.TrailingZeroCount(slots), at, "an order stands in another's slot");
                fills.Add(fill);
            }

            Require(reader.IsRestZero, at, "bits after the fields are not zero");
        }

        return fills;
    }

    private static Fr ReadElement(ReadOnlySpan<Fr> words, ref int next)
    {
        int at = next;
        Fr element = ReadElement(words, ref next, out long rest);
        Require(rest == 0, at + 1, "bits after the element are not zero");
        return element;
    }

    /// <summary>An element, which must be below r: otherwise two differences would say the same.</summary>
    private static Fr ReadElement(ReadOnlySpan<Fr> words, ref int next, out long rest)
    {
        int at = next;
        var high = new DiffWordReader(Next(words, ref next));
        BigInteger value = high.Read(HalfBits) << HalfBits;
        var low = new DiffWordReader(Next(words, ref next));
        value += low.Read(HalfBits);
        rest = (long)low.Read(QuantityBits);
        Require(high.IsRestZero && low.IsRestZero, at, "bits after the element are not zero");
        Require(value < Fr.Modulus, at, "the element is not below r");
        return Fr.FromBigInteger(value);
    }

    /// <summary>The placed positions; entries of id and size zero fill the room of a statement that places fewer than it could.</summary>
    private static List<Position> ReadPositions(ReadOnlySpan<Fr> words, ref int next, int count, bool mayBeGone)
    {
        var positions = new List<Position>();
        for (int i = 0; i < count; i++)
        {
            int at = next;
            Fr id = ReadElement(words, ref next, out long biased);
            var quantity = new PositionQuantity(biased - (1L << (QuantityBits - 1)));
            Require(id.IsZero ? quantity.Value == 0 : mayBeGone || quantity.Value != 0, at, "a position has an id without a size, or a size without an id");
            if (!id.IsZero)
            {
                Require(positions.Count == 0 || PositionBlocks.Compare(positions[^1].InstrumentId, id) < 0, at, "placed positions do not strictly ascend");
                positions.Add(new Position(id, quantity));
            }
        }

        return positions;
    }

    private static Fr Next(ReadOnlySpan<Fr> words, ref int next) =>
        next < words.Length ? words[next++] : throw new StateDiffException($"word {next}: the difference ends inside a record");

    private static void Require(bool holds, int word, string problem)
    {
        if (!holds)
        {
            throw new StateDiffException($"word {word}: {problem}");
        }
    }
}
