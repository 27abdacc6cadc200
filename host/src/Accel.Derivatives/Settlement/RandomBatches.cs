using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Settlement;

/// <summary>Batches drawn from a seed: live and expired expiries, extreme and plain prices, empty leaves, flags raised and lowered, ranges with and without leaf 0.</summary>
internal static class RandomBatches
{
    private const long Now = 1_800_000_000;

    private static readonly EdDsaPrivateKey OracleKey = Book.DevelopmentKey("random batches/oracle");

    public static SettlementBatch Draw(int seed, BatchShape shape)
    {
        var random = new Random(seed);
        OracleExpiry[] expiries = [.. Enumerable.Range(0, random.Next(1, shape.Expiries + 1)).Select(_ => Expiry(random)).DistinctBy(e => e.Expiry)];
        Instrument[] instruments =
        [
            .. Enumerable.Range(0, random.Next(1, shape.Instruments + 1)).Select(_ => Listed(random, expiries)).Distinct(),
        ];
        OracleSnapshot snapshot = OracleSnapshot.Create(
            "BTC", Now, new PriceTicks(random.NextInt64(1, 1L << 36)), expiries, instruments.Select(i => new OracleInstrument(i, random.NextInt64(1L << OracleInstrument.VolatilityBits))));
        int firstLeaf = random.Next(3) == 0 ? 0 : shape.Accounts * random.Next(AccountTree.Capacity / shape.Accounts);
        return new SettlementBatch(
            State(random, shape, instruments, firstLeaf), snapshot.Sign(shape, OracleKey), Parameters(random), firstLeaf, (ulong)random.NextInt64(), (Fr)(ulong)random.NextInt64());
    }

    /// <summary>The market of such a batch, to be priced.</summary>
    public static MarketRiskBatch Market(int seed, MarketShape shape)
    {
        SettlementBatch drawn = Draw(seed, shape.Snapshot);
        return new MarketRiskBatch(drawn.Snapshot, drawn.Parameters, drawn.Domain);
    }

    private static OracleExpiry Expiry(Random random) => random.Next(3) == 0
        ? new OracleExpiry(Now - random.Next(2) - random.Next(1000), default, Price(random), 0)
        : new OracleExpiry(Now + 1 + random.NextInt64(random.Next(4) == 0 ? 200_000_000 : 20_000_000), Price(random), default, random.NextInt64(-1_000_000, 1_000_001));

    private static Instrument Listed(Random random, OracleExpiry[] expiries)
    {
        OracleExpiry expiry = expiries[random.Next(expiries.Length)];
        long near = Math.Max(expiry.Forward.Value, expiry.Settlement.Value);
        long strike = random.Next(5) == 0 ? random.NextInt64(1, 1L << 36) : Math.Clamp((long)(near * (0.5 + random.NextDouble())), 1, (1L << 36) - 1);
        return new Instrument("BTC", expiry.Expiry, new PriceTicks(strike), (OptionKind)random.Next(2));
    }

    private static PriceTicks Price(Random random) => new(random.Next(4) == 0 ? random.NextInt64(1, 1L << 36) : random.NextInt64(500_000_000, 1_500_000_000));

    private static ExchangeState State(Random random, BatchShape shape, Instrument[] instruments, int firstLeaf)
    {
        ExchangeState state = ExchangeState.Empty.With([new(0, Account(random, [])), new(AccountTree.Capacity - 1, Account(random, []))]);
        return state.With(Enumerable.Range(firstLeaf, shape.Accounts).Where(_ => random.Next(4) != 0)
            .Select(leaf => KeyValuePair.Create(leaf, Account(random, Positions(random, shape, instruments)))));
    }

    private static Position[] Positions(Random random, BatchShape shape, Instrument[] instruments)
    {
        Instrument[] held = [.. instruments];
        random.Shuffle(held);
        return
        [
            .. held.Take(random.Next(shape.Positions + 1)).Select(i => new Position(i.Id, Quantity(random)))
                .OrderBy(p => p.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare)),
        ];
    }

    /// <summary>Up to 100 contracts, so that a handful at any price stays within 2⁶² units.</summary>
    private static PositionQuantity Quantity(Random random) => new(random.Next(1, 1_000_001) * (random.Next(2) == 0 ? 1 : -1));

    private static Account Account(Random random, Position[] positions)
    {
        bool isFlagged = random.Next(3) == 0;
        return new Account
        {
            KeyX = (Fr)(ulong)random.NextInt64(),
            KeyY = (Fr)(ulong)random.NextInt64(),
            Nonce = (ulong)random.NextInt64(long.MinValue, long.MaxValue),
            Status = (AccountStatus)((random.Next(128) << 1) | (isFlagged ? 1 : 0)),
            FlaggedAt = isFlagged ? random.NextInt64(1L << 40) : 0,
            Cash = new CashAmount((Int128)random.NextInt64(long.MinValue, long.MaxValue) << (random.Next(8) == 0 ? 15 : 0)),
            Indices = (Fr)(ulong)random.NextInt64(),
            Positions = positions,
        };
    }

    private static MarginParameters Parameters(Random random) => random.Next(2) == 0
        ? MarginParameters.Published
        : MarginParameters.Published with
        {
            MaintenanceFactor = random.NextInt64(MarginParameters.FactorMax + 1),
            SpotShocks = [.. ScenarioGrid.Published.ShocksPpm.Select(s => s == 1_000_000 ? (long)s : s + random.Next(-20_000, 20_000))],
            LongTermPower = random.NextInt64(2_000_000),
            GainDiscount = random.NextInt64((2 * MarginParameters.Unit) + 1),
            LossMarkup = random.NextInt64(MarginParameters.Unit, (4 * MarginParameters.Unit) + 1),
            LossRateScale = random.NextInt64(MarginParameters.FactorMax + 1),
        };
}
