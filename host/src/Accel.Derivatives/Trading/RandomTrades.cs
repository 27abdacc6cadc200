using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>Markets, accounts and trades drawn from a seed: partial fills, replaced orders, closed positions, extreme prices, no-op slots. For searches and tests.</summary>
public static class RandomTrades
{
    /// <summary>Time of every drawn market.</summary>
    public const long Now = 1_800_000_000;

    /// <summary>Domain of every drawn signature.</summary>
    public static Fr Domain { get; } = 4242;

    /// <summary>The key of the account at a leaf.</summary>
    public static EdDsaPrivateKey Key(int leaf) => Book.DevelopmentKey($"trader {leaf}");

    /// <summary>The first batch from a seed on that the reference books.</summary>
    public static TradeBatchResult Booked(int seed, TradeShape shape)
    {
        for (var random = new Random(seed); ;)
        {
            try
            {
                return TradeBatchReference.Book(Draw(random, shape));
            }
            catch (SettlementException)
            {
                // Too many positions, or a margin that is not met: the next one will do.
            }
        }
    }

    /// <summary>A market of so many live instruments over the shape's expiries.</summary>
    public static RiskMatrix Market(Random random, int expiryCount, int instruments)
    {
        OracleExpiry[] expiries =
        [
            .. Enumerable.Range(1, expiryCount).Select(e => new OracleExpiry(
                Now + (e * 2_000_000L) + random.Next(1_000_000), new PriceTicks(random.NextInt64(800_000_000, 1_200_000_000)), default, random.NextInt64(0, 200_000))),
        ];
        var listed = new HashSet<Instrument>();
        while (listed.Count < instruments)
        {
            OracleExpiry expiry = expiries[random.Next(expiries.Length)];
            listed.Add(new Instrument("BTC", expiry.Expiry, new PriceTicks(expiry.Forward.Value / 1_000 * random.Next(700, 1_300)), (OptionKind)random.Next(2)));
        }

        OracleSnapshot snapshot = OracleSnapshot.Create(
            "BTC", Now, new PriceTicks(1_000_000_000), expiries, listed.Select(instrument => new OracleInstrument(instrument, random.NextInt64(200_000, 1_500_000))));
        return RiskMatrix.Compute(snapshot, MarginParameters.Published);
    }

    /// <summary>A batch, which the reference may refuse.</summary>
    public static TradeBatch Draw(Random random, TradeShape shape)
    {
        RiskMatrix risk = Market(random, shape.Expiries, random.Next(3) == 0 ? random.Next(1, shape.Instruments + 1) : shape.Instruments);
        int[] leaves = [.. Enumerable.Range(0, random.Next(2, shape.Accounts + 1)).Select(_ => random.Next(2, AccountTree.Capacity)).Distinct()];
        leaves = leaves.Length >= 2 ? leaves : [17, 18];
        ExchangeState state = State(random, risk, leaves, shape.Positions);
        var trades = new List<Trade>();
        int count = random.Next(4) == 0 ? random.Next(1, shape.Trades + 1) : shape.Trades;
        while (trades.Count < count)
        {
            trades.Add(Trade(random, risk, leaves, trades));
        }

        return new TradeBatch(state, risk, new VenueParameters { MakerFee = random.Next(2_000), TakerFee = random.Next(2_000) }, shape, trades, (ulong)random.NextInt64(), Domain);
    }

    /// <summary>A state of funded accounts, some with positions, with clearing account and open interest.</summary>
    public static ExchangeState State(Random random, RiskMatrix risk, int[] leaves, int positionsMax)
    {
        KeyValuePair<int, Account>[] accounts = [.. leaves.Select(leaf => KeyValuePair.Create(leaf, Trader(random, risk, leaf, positionsMax)))];
        Dictionary<Fr, long> interest = [];
        foreach (Position position in accounts.SelectMany(pair => pair.Value.Positions).Where(position => position.Quantity.Value > 0))
        {
            interest[position.InstrumentId] = interest.GetValueOrDefault(position.InstrumentId) + position.Quantity.Value;
        }

        return ExchangeState.Empty.With([.. accounts, new(0, Owner(0)), new(1, new Account { KeyX = 0, KeyY = 0, OpenInterest = Sorted(interest) })]);
    }

    /// <summary>An account of the key that belongs to a leaf.</summary>
    public static Account Owner(int leaf) => new() { KeyX = Key(leaf).PublicKey.Point.X, KeyY = Key(leaf).PublicKey.Point.Y };

    /// <summary>Quantities as a list of positions.</summary>
    public static Position[] Sorted(IEnumerable<KeyValuePair<Fr, long>> quantities) =>
    [
        .. quantities.Where(pair => pair.Value != 0).Select(pair => new Position(pair.Key, new PositionQuantity(pair.Value)))
            .OrderBy(position => position.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare)),
    ];

    private static Account Trader(Random random, RiskMatrix risk, int leaf, int positionsMax)
    {
        InstrumentRisk[] held = [.. risk.Instruments];
        random.Shuffle(held);
        return Owner(leaf) with
        {
            Nonce = (ulong)random.NextInt64(long.MaxValue),
            Status = (AccountStatus)random.Next(256),
            FlaggedAt = random.NextInt64(1L << 40),
            Indices = (Fr)(ulong)random.NextInt64(),
            Cash = new CashAmount((Int128)random.NextInt64(1_000_000, 10_000_000) * 100_000_000),
            Positions = Sorted(held.Take(random.Next(Math.Min(held.Length, positionsMax) + 1)).Select(row => KeyValuePair.Create(row.Id, (long)random.Next(-50_000, 50_000)))),
            Orders = Enumerable.Range(0, random.Next(20)).Aggregate(
                OrderSlots.Empty, (slots, _) => slots.With(new OrderFill(random.NextInt64(1L << 20), random.NextInt64(1L << OrderFill.FilledBits)))),
        };
    }

    private static Trade Trade(Random random, RiskMatrix risk, int[] leaves, List<Trade> before)
    {
        int buyer = random.Next(leaves.Length);
        int seller = (buyer + random.Next(1, leaves.Length)) % leaves.Length;
        InstrumentRisk row = risk.Instruments[random.Next(risk.Instruments.Count)];
        long mark = row.ScenarioTicks[ScenarioGrid.MarkIndex];
        long price = random.Next(10) == 0 ? 0 : Math.Max(0, mark + random.Next(-1_000, 1_000));
        long quantity = random.Next(8) == 0 ? 1 : random.NextInt64(1, 100_000);
        return new Trade(
            Order(random, before, leaves[buyer], row.Id, OrderSide.Buy, price, quantity),
            Order(random, before, leaves[seller], row.Id, OrderSide.Sell, price, quantity),
            new PriceTicks(price),
            quantity,
            random.Next(2) == 0);
    }

    /// <summary>A fresh order, or an earlier one of the batch that still has the quantity.</summary>
    private static SignedOrder Order(Random random, List<Trade> before, int leaf, Fr id, OrderSide side, long price, long quantity)
    {
        SignedOrder[] earlier = [.. before.SelectMany(trade => new[] { trade.Buy, trade.Sell }).Where(signed => signed.Order.Leaf == leaf)];
        SignedOrder? open = earlier.LastOrDefault(signed => signed.Order.InstrumentId == id && signed.Order.Side == side);
        if (open is not null && open.Order == earlier[^1].Order && (side == OrderSide.Buy ? price <= open.Order.Limit.Value : price >= open.Order.Limit.Value)
            && before.Where(trade => trade.Buy.Order == open.Order || trade.Sell.Order == open.Order).Sum(trade => trade.Quantity) + quantity <= open.Order.Quantity)
        {
            return open;
        }

        long nonce = Math.Max((1L << 20) - 1, earlier.Select(signed => signed.Order.Nonce).DefaultIfEmpty(0).Max()) + 1 + random.Next(40);
        long limit = random.Next(3) == 0 ? price : Math.Clamp(price + (side == OrderSide.Buy ? random.Next(1_000) : -random.Next(1_000)), 0, (1L << PriceTicks.Bits) - 1);
        return new Order(leaf, id, side, new PriceTicks(limit), Math.Min(quantity * (random.Next(2) == 0 ? 1 : 3), (1L << OrderFill.FilledBits) - 1), Now + random.Next(2) * random.Next(1_000_000), nonce)
            .Sign(Domain, Key(leaf));
    }
}
