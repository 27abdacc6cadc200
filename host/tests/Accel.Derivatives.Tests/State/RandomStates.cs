using Accel.Derivatives.Market;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Tests.State;

/// <summary>Random accounts and batches; everything follows from the seed.</summary>
public sealed class RandomStates(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Accounts at random leaves, half of them side by side.</summary>
    public int[] Leaves(int count) =>
        [.. Enumerable.Range(0, count / 2).Concat(Enumerable.Range(0, count).Select(_ => _random.Next(AccountTree.Capacity))).Distinct().Take(count)];

    /// <summary>A batch that touches some of the leaves: opens, changes and sometimes empties them.</summary>
    public ExchangeState Next(ExchangeState state, int[] leaves, int touched, out int[] chosen)
    {
        chosen = [.. Enumerable.Range(0, touched).Select(_ => leaves[_random.Next(leaves.Length)]).Distinct()];
        return state.WithLeaves(chosen.Select(leaf => KeyValuePair.Create(leaf, Change(state.Find(leaf)))));
    }

    /// <summary>A fresh account.</summary>
    public Account Account() => new()
    {
        KeyX = Element(),
        KeyY = Element(),
        Nonce = (ulong)_random.NextInt64(),
        Cash = Cash(),
        Perpetual = _random.Next(4) == 0 ? Element() : Fr.Zero,
        Indices = _random.Next(4) == 0 ? Element() : Fr.Zero,
        Positions = Positions(_random.Next(0, 9), []),
        Orders = Fill(OrderSlots.Empty),
        OpenInterest = _random.Next(8) == 0 ? Interest([]) : null,
    };

    private Account? Change(Account? account) => account is null ? Account() : _random.Next(20) switch
    {
        0 => null,
        1 => account with { KeyX = Element() },
        2 => account with { Perpetual = Fr.Zero, Indices = Element() },
        3 => account with { Positions = Positions(Derivatives.State.Account.PositionsMax, []) },
        5 => account with { OpenInterest = account.OpenInterest is null ? Interest([]) : null },
        4 => account with { Status = AccountStatus.BelowMaintenance, FlaggedAt = _random.Next() },
        _ => account with
        {
            Nonce = account.Nonce + 1,
            Cash = Cash(),
            Positions = Positions(_random.Next(0, 3), account.Positions),
            Orders = Fill(account.Orders),
            OpenInterest = account.OpenInterest is { } interest ? Interest(interest) : null,
        },
    };

    private CashAmount Cash() => new((Int128)_random.NextInt64() * _random.Next(-1000, 1000));

    private OrderSlots Fill(OrderSlots slots) =>
        slots.With(new OrderFill(_random.NextInt64(1L << OrderFill.NonceBits), _random.NextInt64(1L << OrderFill.FilledBits)));

    private List<Position> Interest(IReadOnlyList<Position> old) =>
        [.. Positions(_random.Next(0, 5), old).Select(entry => entry with { Quantity = new PositionQuantity(Math.Abs(entry.Quantity.Value)) })];

    /// <summary>Some old positions, some of them of another size, and some new ones.</summary>
    private List<Position> Positions(int fresh, IReadOnlyList<Position> old) =>
    [
        .. old.Where(_ => _random.Next(5) != 0)
            .Select(position => _random.Next(3) == 0 ? position with { Quantity = Quantity() } : position)
            .Concat(Enumerable.Range(0, fresh).Select(_ => new Position(Element(), Quantity())))
            .Take(Derivatives.State.Account.PositionsMax)
            .OrderBy(position => position.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare)),
    ];

    private PositionQuantity Quantity() => new(_random.NextInt64(1, 1L << PositionQuantity.MagnitudeBits) * (_random.Next(2) == 0 ? 1 : -1));

    private Fr Element()
    {
        Span<byte> bytes = stackalloc byte[Fr.ByteLength];
        Fr value;
        do
        {
            _random.NextBytes(bytes);
            bytes[^1] &= 0x3f;
        }
        while (!Fr.TryReadCanonical(bytes, out value) || value.IsZero);

        return value;
    }
}
