using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Expiries;

/// <summary>
/// Batches drawn from a seed: every kind of contract, live and expired, at, below and above its strike and barrier, plain and extreme
/// prices, empty leaves.
/// </summary>
internal static class RandomExpiries
{
    private const long Now = 1_800_000_000;
    private const long PriceEnd = 1L << PriceTicks.Bits;

    private static readonly EdDsaPrivateKey OracleKey = Book.DevelopmentKey("random expiries/oracle");

    public static ExpiryBatch Draw(int seed, ExpiryShape shape)
    {
        var random = new Random(seed);
        FixingSeries series = Series(random, shape.Fixings);
        ContractTerms[] contracts = [.. Enumerable.Range(0, random.Next(shape.Contracts + 1)).Select(_ => Contract(random, series))
            .DistinctBy(c => c.Id)];
        int firstLeaf = random.Next(3) == 0 ? 0 : shape.Accounts * random.Next(AccountTree.Capacity / shape.Accounts);
        return new ExpiryBatch(
            State(random, shape, contracts, firstLeaf), series.Sign(shape.Fixings, OracleKey), contracts, shape, firstLeaf,
            (ulong)random.NextInt64(), (Fr)(ulong)random.NextInt64());
    }

    /// <summary>At least one fixing, so that something can expire.</summary>
    public static FixingSeries Series(Random random, int slots)
    {
        int count = random.Next(3) == 0 ? slots : random.Next(1, slots + 1);
        long time = Now - (random.Next(2) * random.Next(1, 1_000_000));
        long level = random.Next(4) == 0 ? random.NextInt64(1, PriceEnd) : random.NextInt64(500_000_000, 1_500_000_000);
        bool isFlat = random.Next(6) == 0;
        long at = time;
        var fixings = new List<Fixing>();
        for (int i = 0; i < count; i++)
        {
            long value = isFlat ? level : random.Next(12) switch
            {
                0 => 0,
                1 => PriceEnd - 1,
                2 => random.NextInt64(PriceEnd),
                3 => level,
                _ => Math.Clamp((long)(level * (0.8 + (0.4 * random.NextDouble()))), 0, PriceEnd - 1),
            };
            fixings.Add(new Fixing(at, value));
            at -= random.Next(4) == 0 ? 1 : random.Next(1, 100_000);
        }

        return FixingSeries.Create("BTC", FixingKind.Price, time + random.Next(2), fixings);
    }

    /// <summary>A contract of which the series has every fixing, or one that has not expired.</summary>
    public static ContractTerms Contract(Random random, FixingSeries series)
    {
        var kind = (ContractKind)random.Next(Enum.GetValues<ContractKind>().Length);
        bool isLive = random.Next(4) == 0;
        bool hasWindow = kind >= ContractKind.Barrier;
        int last = random.Next(series.Fixings.Count);
        int first = hasWindow ? random.Next(last + 1) : last;
        long expiry = isLive ? series.Time + 1 + random.Next(1_000) : series.Fixings[last].Time;
        long start = !hasWindow ? expiry : first == 0 ? series.Fixings[0].Time - random.Next(2) * random.Next(1_000) : series.Fixings[first].Time;
        bool isBarrier = kind == ContractKind.Barrier;
        return new ContractTerms
        {
            Underlying = series.Name,
            Kind = kind,
            Option = (OptionKind)random.Next(2),
            Strike = new PriceTicks(Near(random, series.Fixings[last].Value)),
            Expiry = expiry,
            FirstFixing = start,
            FixingCount = !hasWindow ? 1 : isLive ? random.Next(1, 1 << ContractTerms.FixingCountBits) : last - first + 1,
            Barrier = new PriceTicks(isBarrier ? Near(random, series.Fixings[random.Next(first, last + 1)].Value) : 0),
            Amount = new PriceTicks(isBarrier || kind == ContractKind.CashOrNothing ? random.NextInt64(PriceEnd) >> random.Next(PriceTicks.Bits) : 0),
            IsUp = isBarrier && random.Next(2) == 0,
            IsKnockOut = isBarrier && random.Next(2) == 0,
        };
    }

    /// <summary>At the price, a tick beside it, somewhere about it, or anywhere; at least one tick.</summary>
    private static long Near(Random random, long price) => Math.Clamp(
        random.Next(8) switch
        {
            0 => price,
            1 => price + 1,
            2 => price - 1,
            3 => random.NextInt64(PriceEnd),
            _ => (long)(price * (0.7 + (0.6 * random.NextDouble()))),
        },
        1,
        PriceEnd - 1);

    private static ExchangeState State(Random random, ExpiryShape shape, ContractTerms[] contracts, int firstLeaf)
    {
        ExchangeState state = ExchangeState.Empty.With([new(0, Account(random, [])), new(AccountTree.Capacity - 1, Account(random, []))]);
        return state.With(Enumerable.Range(firstLeaf, shape.Accounts).Where(leaf => leaf == 0 || random.Next(5) != 0)
            .Select(leaf => KeyValuePair.Create(leaf, Account(random, Positions(random, shape, contracts)))));
    }

    private static Position[] Positions(Random random, ExpiryShape shape, ContractTerms[] contracts)
    {
        Fr[] held = [.. contracts.Select(c => c.Id), .. Enumerable.Range(0, 2).Select(_ => (Fr)(ulong)random.NextInt64(1, long.MaxValue))];
        random.Shuffle(held);
        return
        [
            .. held.Take(random.Next(shape.Positions + 1)).Select(id => new Position(id, Quantity(random)))
                .OrderBy(p => p.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare)),
        ];
    }

    private static PositionQuantity Quantity(Random random) => new(random.Next(6) switch
    {
        0 => -(1L << PositionQuantity.MagnitudeBits),
        1 => (1L << PositionQuantity.MagnitudeBits) - 1,
        _ => random.Next(1, 1_000_001) * (random.Next(2) == 0 ? 1 : -1),
    });

    private static Account Account(Random random, Position[] positions) => new()
    {
        KeyX = (Fr)(ulong)random.NextInt64(),
        KeyY = (Fr)(ulong)random.NextInt64(),
        Nonce = (ulong)random.NextInt64(long.MinValue, long.MaxValue),
        Status = (AccountStatus)random.Next(1 << Accel.Derivatives.State.Account.FlagBits),
        FlaggedAt = random.NextInt64(1L << Accel.Derivatives.State.Account.TimeBits),
        Cash = new CashAmount((Int128)random.NextInt64(long.MinValue, long.MaxValue) << (random.Next(8) == 0 ? 15 : 0)),
        Perpetual = (Fr)(ulong)random.NextInt64(),
        Indices = (Fr)(ulong)random.NextInt64(),
        Positions = positions,
    };
}
