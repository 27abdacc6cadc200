using System.Numerics;
using Accel.Derivatives.Circuits.Pricing;
using Accel.Derivatives.Expiries;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>What contracts see of the fixings, as plain wires: it crosses the border of the contract template.</summary>
internal sealed record PriceFixingWires(Linear Underlying, Linear Time, Linear[] Times, Linear[] IsUsed, Linear[] Prices, Linear[] Logarithms)
{
    public static int Count(int slots) => 2 + (4 * slots);

    public static PriceFixingWires Define(CircuitBuilder builder, FixingWires fixings) => new(
        fixings.Name,
        fixings.Time.Value,
        [.. fixings.Times.Select(t => t.Value)],
        [.. fixings.IsUsed.Select(u => builder.ToWire(u.Value))],
        [.. fixings.Values.Select(v => v.Value)],
        [.. fixings.Values.Select(v => builder.ToWire(LogarithmGadget.Compute(builder, v).Value))]);

    public Linear[] ToArray() => [Underlying, Time, .. Times, .. IsUsed, .. Prices, .. Logarithms];

    public static PriceFixingWires Read(WireReader reader, int slots) =>
        new(reader.Next(), reader.Next(), reader.Take(slots), reader.Take(slots), reader.Take(slots), reader.Take(slots));
}

/// <summary>What accounts see of a contract: both zero unless it has expired.</summary>
/// <param name="ExpiredId">Its id.</param>
/// <param name="Payoff">Ticks per contract.</param>
internal readonly record struct ExpiredContractWires(Linear ExpiredId, Linear Payoff);

/// <summary>
/// One contract slot, as <see cref="ContractPayoff"/> evaluates it. Inputs: the fixings, then the terms in the order of <see cref="Terms"/>.
/// The bounds of the fixings' wires are the caller's duty. A slot with strike zero is unused.
/// </summary>
internal sealed class ContractTemplate(int slots) : ITemplate
{
    /// <summary>Number of terms.</summary>
    public const int TermCount = 10;

    private const int KindBits = 3;
    private const int LogarithmBits = NaturalLogarithm.ScaleBits + 5 - (NaturalLogarithm.ScaleBits - NaturalLogarithm.FractionBits);

    public string Key => $"Contract({slots})";

    public int InputCount => PriceFixingWires.Count(slots) + TermCount;

    /// <summary>
    /// The terms as the template takes them: kind, put, up, knock-out, strike, expiry, barrier, amount, first fixing, fixing count.
    /// </summary>
    public static Fr[] Terms(ContractTerms terms) =>
    [
        (int)terms.Kind, (int)terms.Option, terms.IsUp ? 1 : 0, terms.IsKnockOut ? 1 : 0, terms.Strike.Value, terms.Expiry, terms.Barrier.Value,
        terms.Amount.Value,
        terms.FirstFixing, terms.FixingCount,
    ];

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        var reader = new WireReader(inputs.ToArray());
        PriceFixingWires fixings = PriceFixingWires.Read(reader, slots);
        TermWires terms = TermWires.Define(builder, reader);
        Bit hasExpired = builder.And(terms.IsUsed, builder.IsLessOrEqual(terms.Expiry,
            Integer.Assume(fixings.Time, 0, TimeMax, "checked where the series is defined")));
        ObservedWires observed = Observe(builder, fixings, terms, hasExpired);
        Linear id = builder.Multiply(hasExpired, Id(builder, fixings.Underlying, terms));
        return [id, builder.Multiply(hasExpired, Payoff(builder, terms, observed))];
    }

    private static BigInteger TimeMax => (BigInteger.One << Account.TimeBits) - 1;

    /// <summary>Terms with their ranges.</summary>
    private sealed record TermWires(
        Bit[] IsKind, Integer Kind, Bit IsPut, Bit IsUp, Bit IsKnockOut, Integer Strike, Integer Expiry, Integer Barrier, Integer Amount,
        Integer FirstFixing,
        Integer FixingCount, Bit IsUsed)
    {
        public Bit Is(ContractKind kind) => IsKind[(int)kind];

        public static TermWires Define(CircuitBuilder builder, WireReader reader)
        {
            using ScopeHandle scope = builder.Scope("terms");
            Bit[] kindBits = builder.ToBits(reader.Next(), KindBits);
            Bit[] isKind = builder.OneHot(kindBits);
            for (int i = Enum.GetValues<ContractKind>().Length; i < isKind.Length; i++)
            {
                builder.AssertZero(isKind[i], "there is such a kind");
            }

            Bit isPut = builder.AssertBit(reader.Next());
            Bit isUp = builder.AssertBit(reader.Next());
            Bit isKnockOut = builder.AssertBit(reader.Next());
            Integer strike = builder.ToUnsigned(reader.Next(), PriceTicks.Bits);
            Integer expiry = builder.ToUnsigned(reader.Next(), Account.TimeBits);
            Integer barrier = builder.ToUnsigned(reader.Next(), PriceTicks.Bits);
            Integer amount = builder.ToUnsigned(reader.Next(), PriceTicks.Bits);
            Integer firstFixing = builder.ToUnsigned(reader.Next(), Account.TimeBits);
            Integer count = builder.ToUnsigned(reader.Next(), ContractTerms.FixingCountBits);
            Bit isUsed = !builder.IsZero(strike);
            var terms = new TermWires(isKind, Bits.FromBits(kindBits), isPut, isUp, isKnockOut, strike, expiry, barrier, amount, firstFixing, count,
                isUsed);
            terms.AssertVanillaHasOneFixing(builder);
            return terms;
        }

        /// <summary>The id of a vanilla option does not bind its fixings.</summary>
        private void AssertVanillaHasOneFixing(CircuitBuilder builder)
        {
            Bit isVanilla = builder.And(IsUsed, Is(ContractKind.Vanilla));
            builder.AssertProduct(isVanilla, FirstFixing.Value - Expiry.Value, Linear.Zero, "a vanilla option's fixing is at expiry");
            builder.AssertProduct(isVanilla, FixingCount.Value - Linear.One, Linear.Zero, "a vanilla option has one fixing");
        }
    }

    /// <summary>What the fixings say about a contract: sums are zero unless it has expired.</summary>
    private sealed record ObservedWires(Integer Last, Integer Sum, Integer LogarithmSum, Bit IsTouched);

    private ObservedWires Observe(CircuitBuilder builder, PriceFixingWires fixings, TermWires terms, in Bit hasExpired)
    {
        using ScopeHandle scope = builder.Scope("fixings of the contract");
        Linear direction = (terms.IsUp.Value * 2) - 1;
        Linear count = 0, lasts = 0, last = 0, sum = 0, logarithms = 0, touches = 0;
        for (int i = 0; i < slots; i++)
        {
            Integer time = Integer.Assume(fixings.Times[i], 0, TimeMax, "checked where the series is defined");
            Integer price = Integer.Assume(fixings.Prices[i], 0, (1L << Fixing.ValueBits) - 1, "checked where the series is defined");
            Linear isStarted = builder.Multiply(fixings.IsUsed[i], builder.IsLessOrEqual(terms.FirstFixing, time));
            Linear isCounted = builder.Multiply(isStarted, builder.IsLessOrEqual(time, terms.Expiry));
            Linear isLast = builder.IsEqual(time, terms.Expiry);
            Integer beyond = Integer.Assume(
                builder.Multiply(direction, price.Value - terms.Barrier.Value), -(1L << Fixing.ValueBits), 1L << Fixing.ValueBits,
                "a difference of two prices and a sign");
            count += isCounted;
            lasts += isLast;
            last += builder.Multiply(isLast, price.Value);
            sum += builder.Multiply(isCounted, price.Value);
            logarithms += builder.Multiply(isCounted, fixings.Logarithms[i]);
            touches += builder.Multiply(isCounted, !builder.IsNegative(beyond));
        }

        builder.AssertProduct(hasExpired, count - terms.FixingCount.Value, Linear.Zero, "every fixing of the contract is there");
        builder.AssertProduct(hasExpired, lasts - 1, Linear.Zero, "the last fixing is at expiry");
        return new ObservedWires(
            Bounded(builder.Multiply(hasExpired, last), PriceTicks.Bits),
            Bounded(builder.Multiply(hasExpired, sum), PriceTicks.Bits + SlotBits),
            Bounded(builder.Multiply(hasExpired, logarithms), LogarithmBits + SlotBits),
            !builder.IsZero(touches));
    }

    private int SlotBits => BitOperations.Log2((uint)slots) + 1;

    private static Integer Bounded(in Linear value, int bits) =>
        Integer.Assume(value, 0, (BigInteger.One << bits) - 1, "times ascend, so at most one is the last; each slot counts once or not at all");

    private static Linear Id(CircuitBuilder builder, in Linear underlying, TermWires terms)
    {
        using ScopeHandle scope = builder.Scope("id");
        Linear style = terms.Kind.Value + (terms.IsPut.Value * 8) + (terms.IsUp.Value * 16) + (terms.IsKnockOut.Value * 32);
        Linear vanilla = PoseidonGadget.Hash(builder, underlying, terms.Expiry, terms.Strike, terms.IsPut.Value);
        Linear exotic = PoseidonGadget.Hash(
            builder, underlying, terms.Expiry, terms.Strike, style, terms.Barrier, terms.Amount, terms.FirstFixing, terms.FixingCount);
        return builder.Select(terms.Is(ContractKind.Vanilla), vanilla, exotic);
    }

    /// <summary>Ticks per contract, below 2³⁷.</summary>
    private static Linear Payoff(CircuitBuilder builder, TermWires terms, ObservedWires observed)
    {
        using ScopeHandle scope = builder.Scope("pay-off");
        builder.AssertProduct(terms.IsUsed, builder.IsZero(terms.FixingCount), Linear.Zero, "a contract has a fixing");
        Integer count = Integer.Assume(
            builder.Select(terms.IsUsed, terms.FixingCount.Value, Linear.One), 1, (1 << ContractTerms.FixingCountBits) - 1,
            "a used slot's count is not zero");
        (Integer arithmetic, _) = builder.FloorDivide(observed.Sum, count);
        Integer geometric = GeometricMeanGadget.Compute(builder, observed.LogarithmSum, count);
        Linear price = observed.Last.Value
            + builder.Multiply(terms.Is(ContractKind.ArithmeticAsian), arithmetic.Value - observed.Last.Value)
            + builder.Multiply(terms.Is(ContractKind.GeometricAsian), geometric.Value - observed.Last.Value);
        BigInteger priceMax = BigInteger.Max(observed.Last.Max, BigInteger.Max(arithmetic.Max, geometric.Max));
        Integer difference = Integer.Assume(price, 0, priceMax, "one of last fixing and means") - terms.Strike;
        Bit isBelow = builder.IsNegative(difference);
        Linear isAbove = Linear.One - isBelow.Value - builder.IsZero(difference).Value;
        Linear isPaid = builder.Select(terms.IsPut, isBelow.Value, isAbove);
        Linear intrinsic = builder.Multiply(isPaid, builder.Multiply(Linear.One - (terms.IsPut.Value * 2), difference.Value));
        Linear barrier = builder.Select(builder.Xor(observed.IsTouched, terms.IsKnockOut), intrinsic, terms.Amount.Value);
        Linear isVanilla = terms.Is(ContractKind.Vanilla).Value + terms.Is(ContractKind.ArithmeticAsian).Value
            + terms.Is(ContractKind.GeometricAsian).Value;
        return builder.Multiply(isVanilla, intrinsic)
            + builder.Multiply(terms.Is(ContractKind.CashOrNothing), builder.Multiply(isPaid, terms.Amount.Value))
            + builder.Multiply(terms.Is(ContractKind.AssetOrNothing), builder.Multiply(isPaid, observed.Last.Value))
            + builder.Multiply(terms.Is(ContractKind.Barrier), barrier);
    }
}
