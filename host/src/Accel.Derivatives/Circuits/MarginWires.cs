using System.Numerics;
using Accel.Derivatives.Margin;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary><see cref="PortfolioMargin"/> as a circuit: value, maintenance and initial margin, each floored once to 10⁻⁸ USD.</summary>
internal sealed record MarginWires(Integer Value, Integer Maintenance, Integer Initial)
{
    public static MarginWires Define(CircuitBuilder builder, MarketWires market, Holdings holdings, in Integer cash)
    {
        using ScopeHandle scope = builder.Scope("margin");
        var gains = new Integer[ScenarioGrid.ScenarioCount];
        Integer optionValue = 0;
        for (int s = 0; s < gains.Length; s++)
        {
            Linear[] sums = [.. Enumerable.Range(0, market.Discounts.Length).Select(e => holdings.ScenarioSum(builder, market, e, s))];
            gains[s] = OverExpiries([.. sums.Select((sum, e) => Gain(builder, market.Discounts[e], sum))]);
            if (s == ScenarioGrid.MarkIndex)
            {
                optionValue = OverExpiries([.. sums.Select((sum, e) => builder.Multiply(market.Discounts[e].Now, sum))]);
            }
        }

        Integer worst = Minimum(builder, gains) - optionValue;
        Integer value = (cash * (BigInteger.One << PortfolioMargin.ValueBits)) + optionValue;
        return new MarginWires(
            builder.FloorShift(value, PortfolioMargin.ValueBits),
            Floor(builder, value, Factor(market.MaintenanceFactor), worst),
            Floor(builder, value, Factor(market.InitialFactor), worst));
    }

    /// <summary>
    /// D⁺·A where A ≥ 0, D⁻·A otherwise. The sign comes with A's domain of 63 bits, so it is unique at zero too.
    /// </summary>
    internal static Linear Gain(CircuitBuilder builder, DiscountTriple discounts, in Linear sum)
    {
        Bit isLoss = builder.ToSignedWithSign(sum, PortfolioMargin.SumBits).IsNegative;
        return builder.Multiply(builder.Select(isLoss, discounts.Loss, discounts.Gain), sum);
    }

    internal static Integer OverExpiries(Linear[] discounted)
    {
        BigInteger bound = discounted.Length * (MarketWires.DiscountMax << PortfolioMargin.SumBits);
        return Integer.Assume(Linear.Sum(discounted), -bound, bound, "each sum is held to its domain, each discount to its bound where it is defined");
    }

    internal static Integer Factor(in Linear factor) => Integer.Assume(factor, 0, (1L << 24) - 1, "checked where the parameters are defined");

    /// <summary>
    /// The least of the gains: the product says that it is one of them, the ranges that none is below it. The prover can name neither a
    /// milder scenario nor an invented one.
    /// </summary>
    internal static Integer Minimum(CircuitBuilder builder, Integer[] gains)
    {
        Linear minimum = builder.Hint<MinimumHint>([.. gains.Select(g => g.Value)], 1)[0];
        Linear product = gains[0].Value - minimum;
        for (int s = 1; s < gains.Length - 1; s++)
        {
            product = builder.Multiply(product, gains[s].Value - minimum);
        }

        builder.AssertProduct(product, gains[^1].Value - minimum, Linear.Zero, "the worst gain is one of the scenarios'");
        Integer worst = Integer.Assume(minimum, gains.Min(g => g.Min), gains.Max(g => g.Max), "it is one of the gains");
        foreach (Integer gain in gains)
        {
            builder.AssertLessOrEqual(worst, gain);
        }

        return worst;
    }

    private static Integer Floor(CircuitBuilder builder, in Integer value, in Integer factor, in Integer worst)
    {
        Integer numerator = (value * MarginParameters.Unit) + builder.Multiply(factor, worst);
        BigInteger divisor = (BigInteger)MarginParameters.Unit << PortfolioMargin.ValueBits;
        BigInteger bound = BigInteger.One << (SettlementDiff.MarginBits - 1);
        if (numerator.Min < -bound * divisor || numerator.Max >= bound * divisor)
        {
            throw new InvalidOperationException($"a margin of [{numerator.Min / divisor}, {numerator.Max / divisor}] does not fit its field of the difference");
        }

        return Integer.Assume(builder.FloorDivide(numerator, divisor).Quotient.Value, -bound, bound - 1, "the dividend's interval over the divisor");
    }
}

/// <summary>The least of its inputs as signed integers. Unique: no other of them is a lower bound.</summary>
internal readonly struct MinimumHint : IHint
{
    public static string Name => "settlement.minimum";

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        BigInteger minimum = inputs[0].ToSignedBigInteger();
        foreach (ref readonly Fr input in inputs)
        {
            minimum = BigInteger.Min(minimum, input.ToSignedBigInteger());
        }

        outputs[0] = Fr.FromBigInteger(minimum);
    }
}
