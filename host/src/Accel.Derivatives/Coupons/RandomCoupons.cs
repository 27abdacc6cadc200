using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Coupons;

/// <summary>
/// Batches drawn from a seed: due and not due, first, middle and last coupons, rates of either sign, ids that move up and down the list.
/// </summary>
internal static class RandomCoupons
{
    private const long Now = 1_800_000_000;

    private static readonly EdDsaPrivateKey OracleKey = Book.DevelopmentKey("random coupons/oracle");

    public static SwapCouponBatch Draw(int seed, SwapCouponShape shape)
    {
        var random = new Random(seed);
        FixingSeries series = Series(random, shape.Fixings);
        SwapCoupon? coupon = random.Next(8) == 0 ? null : Coupon(random, series);
        int firstLeaf = random.Next(3) == 0 ? 0 : shape.Accounts * random.Next(AccountTree.Capacity / shape.Accounts);
        return new SwapCouponBatch(
            State(random, shape, coupon, firstLeaf), series.Sign(shape.Fixings, OracleKey), coupon, shape, firstLeaf, (ulong)random.NextInt64(),
            (Fr)(ulong)random.NextInt64());
    }

    private static FixingSeries Series(Random random, int slots)
    {
        long at = Now;
        var fixings = new List<Fixing>();
        for (int i = random.Next(1, slots + 1); i > 0; i--)
        {
            fixings.Add(new Fixing(at, Rate(random) + Fixing.RateBias));
            at -= random.Next(1, 10_000_000);
        }

        return FixingSeries.Create("USD_SOFR", FixingKind.Rate, Now + random.Next(1_000), fixings);
    }

    private static SwapCoupon Coupon(Random random, FixingSeries series)
    {
        bool isLive = random.Next(5) == 0;
        long reset = series.Fixings[random.Next(series.Fixings.Count)].Time;
        return new SwapCoupon
        {
            Index = series.Name,
            ResetTime = reset,
            PayTime = isLive ? series.Time + 1 + random.Next(10_000) : random.NextInt64(reset, series.Time + 1),
            FixedRate = Rate(random),
            AccrualNumerator = random.Next(4) == 0 ? random.Next(1, 1 << SwapCoupon.AccrualBits) : random.Next(28, 185),
            AccrualDenominator = random.Next(4) == 0 ? random.Next(1, 1 << SwapCoupon.AccrualBits) : 360,
            Notional = new PriceTicks(random.Next(3) == 0 ? random.NextInt64(1, 1L << PriceTicks.Bits) : 10_000_000),
            Next = random.Next(4) == 0 ? Fr.Zero : Id(random),
        };
    }

    /// <summary>A few per cent, or any rate that fits.</summary>
    private static long Rate(Random random) => random.Next(4) == 0 ? random.NextInt64(-Fixing.RateBias, Fixing.RateBias)
        : random.NextInt64(-1_000_000, 8_000_000);

    /// <summary>Anywhere in the field, as hashes are.</summary>
    private static Fr Id(Random random) => Poseidon.Hash([(Fr)(ulong)random.NextInt64()]);

    private static ExchangeState State(Random random, SwapCouponShape shape, SwapCoupon? coupon, int firstLeaf)
    {
        ExchangeState state = ExchangeState.Empty.With([new(0, Account(random, [])), new(AccountTree.Capacity - 1, Account(random, []))]);
        return state.With(Enumerable.Range(firstLeaf, shape.Accounts).Where(leaf => leaf == 0 || random.Next(6) != 0)
            .Select(leaf => KeyValuePair.Create(leaf, Account(random, Positions(random, shape, coupon)))));
    }

    private static Position[] Positions(Random random, SwapCouponShape shape, SwapCoupon? coupon)
    {
        List<Fr> held = [.. Enumerable.Range(0, random.Next(shape.Positions + 1)).Select(_ => Id(random))];
        if (coupon is not null && held.Count > 0 && random.Next(5) != 0)
        {
            held[0] = random.Next(8) == 0 && !coupon.Next.IsZero ? coupon.Next : coupon.Id;
        }

        return [.. held.Select(id => new Position(id, Quantity(random))).OrderBy(p => p.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare))];
    }

    /// <summary>Up to 100 contracts, so that the widest coupon stays within the domain of cash.</summary>
    private static PositionQuantity Quantity(Random random) =>
        new(random.Next(1, random.Next(2) == 0 ? 10_000 : 20) * (random.Next(2) == 0 ? 1 : -1));

    private static Account Account(Random random, Position[] positions) => new()
    {
        KeyX = (Fr)(ulong)random.NextInt64(),
        KeyY = (Fr)(ulong)random.NextInt64(),
        Nonce = (ulong)random.NextInt64(long.MinValue, long.MaxValue),
        Cash = new CashAmount(random.NextInt64(long.MinValue, long.MaxValue)),
        Perpetual = (Fr)(ulong)random.NextInt64(),
        Indices = (Fr)(ulong)random.NextInt64(),
        Positions = positions,
    };
}
