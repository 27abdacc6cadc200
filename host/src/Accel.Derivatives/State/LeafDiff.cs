using System.Numerics;
using Accel.Derivatives.Market;

namespace Accel.Derivatives.State;

/// <summary>
/// What a batch made of one leaf: every field that it now has, or that it is as it was. Together with the old leaf it yields the new one.
/// </summary>
/// <param name="Leaf">The leaf's index.</param>
/// <param name="Nonce">The nonce after the batch.</param>
/// <param name="Status">Status bits after the batch.</param>
/// <param name="FlaggedAt">Unix second of the flag after the batch.</param>
/// <param name="Cash">Cash after the batch.</param>
public sealed record LeafDiff(int Leaf, ulong Nonce, AccountStatus Status, long FlaggedAt, CashAmount Cash)
{
    /// <summary>True when the leaf is empty after the batch; every other field is then zero or absent.</summary>
    public bool IsEmptied { get; init; }

    /// <summary>The owner's key, when the leaf was empty before or the key changed.</summary>
    public (Fr X, Fr Y)? Key { get; init; }

    /// <summary><see cref="Account.Perpetual"/>, when it changed.</summary>
    public Fr? Perpetual { get; init; }

    /// <summary><see cref="Account.Indices"/>, when they changed.</summary>
    public Fr? Indices { get; init; }

    /// <summary>Bit i: position i of the old leaf stays as it is.</summary>
    public uint Kept { get; init; }

    /// <summary>Positions that are new or of another size, strictly ascending by id.</summary>
    public IReadOnlyList<Position> Placed { get; init; } = [];

    /// <summary>Order slots that changed, ascending by slot; the others stay as they were.</summary>
    public IReadOnlyList<OrderFill> Fills { get; init; } = [];

    /// <summary>
    /// Null where the leaf keeps no open interest; else the entries that are new, of another size, or gone (size zero), strictly ascending by id.
    /// </summary>
    public IReadOnlyList<Position>? OpenInterest { get; init; }

    /// <summary>The difference of one leaf.</summary>
    /// <param name="leaf">The leaf's index.</param>
    /// <param name="before">The account before, or null for an empty leaf.</param>
    /// <param name="after">The account after, or null for an empty leaf.</param>
    /// <exception cref="ArgumentException">An order slot of the account after holds an order of another slot, as if an order were
    /// forgotten.</exception>
    public static LeafDiff Between(int leaf, Account? before, Account? after)
    {
        if (after is null)
        {
            return new LeafDiff(leaf, 0, AccountStatus.None, 0, default) { IsEmptied = true };
        }

        HashSet<Position> old = [.. before?.Positions ?? []];
        return new LeafDiff(leaf, after.Nonce, after.Status, after.FlaggedAt, after.Cash)
        {
            Key = before is null || before.KeyX != after.KeyX || before.KeyY != after.KeyY ? (after.KeyX, after.KeyY) : null,
            Perpetual = (before?.Perpetual ?? Fr.Zero) == after.Perpetual ? null : after.Perpetual,
            Indices = (before?.Indices ?? Fr.Zero) == after.Indices ? null : after.Indices,
            Kept = KeptOf(before, [.. after.Positions]),
            Placed = [.. after.Positions.Where(position => !old.Contains(position))],
            Fills = after.OpenInterest is null ? FillsBetween(OrdersOf(before), after.Orders) : [],
            OpenInterest = after.OpenInterest is { } interest ? InterestBetween(before?.OpenInterest ?? [], interest) : null,
        };
    }

    /// <summary>The words that make an empty leaf into an account: what snapshots and stores keep of it.</summary>
    public static Fr[] Opening(int leaf, Account account) => StateDiffFormat.Opening(leaf, account);

    /// <summary>The leaf and the account of <see cref="Opening"/>'s words.</summary>
    /// <exception cref="StateDiffException">The words are no such record.</exception>
    public static KeyValuePair<int, Account> ReadOpening(ReadOnlySpan<Fr> words) => StateDiffFormat.ReadOpening(words);

    /// <summary>The account after the batch; null for an empty leaf.</summary>
    /// <param name="before">The account before, or null for an empty leaf.</param>
    /// <exception cref="StateDiffException">The difference does not fit the account before, or what comes of it is no valid account.</exception>
    public Account? Apply(Account? before)
    {
        if (IsEmptied)
        {
            return before is null ? throw Problem("is emptied, but was empty before") : null;
        }

        if (before is null && Key is null)
        {
            throw Problem("was empty before, and the difference names no key");
        }

        Account after = new()
        {
            KeyX = Key?.X ?? before!.KeyX,
            KeyY = Key?.Y ?? before!.KeyY,
            Nonce = Nonce,
            Status = Status,
            FlaggedAt = FlaggedAt,
            Cash = Cash,
            Perpetual = Perpetual ?? before?.Perpetual ?? Fr.Zero,
            Indices = Indices ?? before?.Indices ?? Fr.Zero,
            Positions = PositionsAfter(before?.Positions ?? []),
            Orders = Fills.Aggregate(OpenInterest is null ? OrdersOf(before) : OrderSlots.Empty, (slots, fill) => slots.With(fill)),
            OpenInterest = OpenInterest is null ? null : InterestAfter(before?.OpenInterest ?? [], OpenInterest),
        };
        try
        {
            after.Validate();
            return after;
        }
        catch (ArgumentException error)
        {
            throw new StateDiffException($"leaf {Leaf}: {error.Message}", error);
        }
    }

    /// <summary>The slots that a leaf commits to: none where open interest stands in their place.</summary>
    private static OrderSlots OrdersOf(Account? account) => account is { OpenInterest: null } ? account.Orders : OrderSlots.Empty;

    private static List<OrderFill> FillsBetween(OrderSlots before, OrderSlots after)
    {
        List<OrderFill> fills = [];
        for (int slot = 0; slot < OrderSlots.Count; slot++)
        {
            if (after.Fills[slot] == before.Fills[slot])
            {
                continue;
            }

            OrderFill fill = after.Fills[slot];
            fills.Add(OrderSlots.IndexOf(fill.Nonce) == slot
                ? fill
                : throw new ArgumentException($"order slot {slot} holds nonce {fill.Nonce}, which belongs in slot {OrderSlots.IndexOf(fill.Nonce)}"));
        }

        return fills;
    }

    private static List<Position> InterestBetween(IReadOnlyList<Position> before, IReadOnlyList<Position> after)
    {
        HashSet<Fr> left = [.. after.Select(entry => entry.InstrumentId)];
        IEnumerable<Position> gone = before.Where(entry => !left.Contains(entry.InstrumentId)).Select(entry => entry with { Quantity = default });
        return Sorted(after.Except(before).Concat(gone));
    }

    private static List<Position> InterestAfter(IReadOnlyList<Position> before, IReadOnlyList<Position> changes)
    {
        var entries = before.ToDictionary(entry => entry.InstrumentId);
        foreach (Position change in changes)
        {
            entries[change.InstrumentId] = change;
        }

        return Sorted(entries.Values.Where(entry => entry.Quantity.Value != 0));
    }

    private static List<Position> Sorted(IEnumerable<Position> positions) =>
        [.. positions.OrderBy(position => position.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare))];

    private static uint KeptOf(Account? before, HashSet<Position> after)
    {
        uint kept = 0;
        for (int i = 0; before is not null && i < before.Positions.Count; i++)
        {
            kept |= after.Contains(before.Positions[i]) ? 1u << i : 0;
        }

        return kept;
    }

    private List<Position> PositionsAfter(IReadOnlyList<Position> before)
    {
        if ((ulong)Kept >> before.Count != 0)
        {
            throw Problem($"keeps position {BitOperations.Log2(Kept)}, but had {before.Count}");
        }

        IEnumerable<Position> kept = before.Where((_, i) => ((Kept >> i) & 1) != 0);
        return Sorted(kept.Concat(Placed));
    }

    private StateDiffException Problem(string problem) => new($"leaf {Leaf} {problem}");
}
