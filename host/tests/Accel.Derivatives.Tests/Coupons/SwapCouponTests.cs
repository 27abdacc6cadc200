using Accel.Derivatives.Circuits;
using Accel.Derivatives.Coupons;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Coupons;

public sealed class SwapCouponTests(ITestOutputHelper output)
{
    // Under ACCEL_TEST_SCALE=long these are 100,000 batches for the smallest shape.
    private const int UsualBatchCount = 400;
    private const int LongFactor = 10;

    private static readonly SwapCoupon Coupon = new()
    {
        Index = "USD_SOFR",
        ResetTime = 1_000,
        PayTime = 2_000,
        FixedRate = 4_000_000,
        AccrualNumerator = 90,
        AccrualDenominator = 360,
        Notional = new PriceTicks(10_000_000),
        Next = Fr.Zero,
    };

    /// <summary>
    /// A thousand dollars for a quarter: one per cent is 2.50 dollars; what is left of a tick is floored towards the receiver of the fixed
    /// rate.
    /// </summary>
    [Theory]
    [InlineData(5_000_000, 25_000)]
    [InlineData(3_000_000, -25_000)]
    [InlineData(4_000_000, 0)]
    [InlineData(4_000_001, 0)]
    [InlineData(3_999_999, -1)]
    [InlineData(4_000_041, 1)]
    [InlineData(-1_000_000, -125_000)]
    public void An_amount_is_notional_times_rate_difference_times_accrual_floored_once(long floating, long expected) =>
        Assert.Equal(expected, Coupon.Amount(floating));

    [Fact]
    public void Every_term_changes_the_id()
    {
        SwapCoupon[] changed =
        [
            Coupon, Coupon with { Index = "EUR_ESTR" }, Coupon with { ResetTime = 999 }, Coupon with { PayTime = 2_001 },
            Coupon with { FixedRate = 4_000_001 },
            Coupon with { AccrualNumerator = 91 }, Coupon with { AccrualDenominator = 365 }, Coupon with { Notional = new PriceTicks(10_000_001) },
            Coupon with { Next = 5 },
        ];
        Assert.Equal(changed.Length, changed.Select(c => c.Id).Distinct().Count());
    }

    [Fact]
    public void Terms_outside_their_domain_are_refused()
    {
        Coupon.Validate();
        SwapCoupon[] wrong =
        [
            Coupon with { ResetTime = 0 }, Coupon with { ResetTime = 2_001 }, Coupon with { PayTime = 1L << 40 },
            Coupon with { FixedRate = 1L << 35 },
            Coupon with { AccrualNumerator = 0 }, Coupon with { AccrualNumerator = 1 << 16 }, Coupon with { AccrualDenominator = 0 },
            Coupon with { AccrualDenominator = 1 << 16 }, Coupon with { Notional = default }, Coupon with { Index = "lower case" },
        ];
        Assert.All(wrong, coupon => Assert.Throws<ArgumentException>(coupon.Validate));
    }

    [Theory]
    [InlineData("4x5x3", 40)]
    [InlineData("1x2x1", UsualBatchCount)]
    public void Random_batches_satisfy_the_circuit_with_the_references_roots_and_difference(string size, int usualCount)
    {
        SwapCouponShape shape = SwapCouponShape.Parse(size);
        using CompiledCircuit circuit = CompiledCircuit.Compile(new SwapCouponCircuit(shape, PublicFace.RawFields));
        int moved = 0, paid = 0, count = TestScale.Count(usualCount) * (TestScale.IsLong ? LongFactor : 1);
        for (int seed = 1; seed <= count; seed++)
        {
            SwapCouponResult result = SwapCouponReference.Pay(RandomCoupons.Draw(seed, shape));
            Violation? violation = WitnessSolver.TrySolve(circuit, SwapCouponCircuit.Assign(circuit, PublicFace.RawFields, result)).Violation;
            Assert.True(violation is null, $"seed {seed}: {violation}");
            Assert.True(TotalCash(result.Batch.State) == TotalCash(result.Range.NewState), $"seed {seed} mints cash");
            moved += result.Range.Accounts.Sum(a => a.Marks.Count(marked => marked));
            paid += result.Range.Accounts.Count(a => a.CashReceived != 0);
        }

        output.WriteLine($"{count} batches, {moved} positions moved on, {paid} accounts paid or were paid");
        Assert.True(moved > count / 8 && paid > count / 10);
    }

    [Fact]
    public void The_standard_shape_stays_within_its_budget()
    {
        var statement = new SwapCouponCircuit(SwapCouponShape.Standard, PublicFace.RawFields);
        using CompiledCircuit circuit = CompiledCircuit.Compile(statement);
        output.WriteLine($"{circuit.Name}: {circuit.ConstraintCount:N0} constraints");
        foreach (CircuitPart part in statement.Parts)
        {
            output.WriteLine($"{part.Name}: {part.ConstraintCount:N0}");
        }

        Assert.InRange(circuit.ConstraintCount, 1, 100_000);
    }

    [Fact]
    public void A_batch_outside_the_statement_is_refused_with_its_reason()
    {
        SwapCouponBatch batch = RandomCoupons.Draw(2, SwapCouponShape.Tiny);
        long time = batch.Rates.Series.Time;
        SwapCoupon missing = Coupon with { ResetTime = time - 1_000_000_000, PayTime = time };
        Refused<SettlementException>("no fixing at", batch with { Coupon = missing });
        Refused<SettlementException>("cannot be set by", batch with { Coupon = Coupon with { Index = "EUR_ESTR" } });
        Refused<SettlementException>("signature", batch with { Rates = batch.Rates with { OracleKey = Book.DevelopmentKey("operator").PublicKey } });
        Refused<SettlementException>("not a multiple", batch with { FirstLeaf = -1 });
        SwapCoupon forward = Coupon with { Next = 5 };
        Position[] both = [.. new[] { forward.Id, (Fr)5 }.Select(id => new Position(id, new PositionQuantity(1)))
            .OrderBy(p => p.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare))];
        Account holder = new() { KeyX = 1, KeyY = 2, Positions = both };
        Refused<SettlementException>("holds the coupon and the next one",
            batch with { Coupon = forward, FirstLeaf = 0, State = ExchangeState.Empty.With([new(0, holder)]) });
    }

    private static void Refused<TException>(string reason, SwapCouponBatch batch)
        where TException : Exception =>
        Assert.Contains(reason, Assert.Throws<TException>(() => SwapCouponReference.Pay(batch)).Message, StringComparison.Ordinal);

    private static Int128 TotalCash(ExchangeState state) => state.Accounts.Values.Aggregate((Int128)0, (sum, account) => sum + account.Cash.Value);
}
