using Accel.Derivatives.Circuits.Pricing;
using Accel.Derivatives.Margin;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>An expiry's discounts as wires.</summary>
internal sealed record DiscountWires(Integer Discount, Integer GainDiscount, Integer LossDiscount);

/// <summary><see cref="TermFactors"/> as a circuit.</summary>
internal static class DiscountGadget
{
    // The exponential errs by 10⁻⁹ and one unit of 2⁻³⁰: by two units. The bound leaves a thousand.
    private const long MethodError = 1 << 10;

    public static DiscountWires Define(CircuitBuilder builder, ParameterWires parameters, ExpiryWires expiry)
    {
        using ScopeHandle scope = builder.Scope("discounts");
        Integer term = builder.Min(expiry.TermSeconds, (long)ExpiryRisk.SecondsMax);
        Integer rate = builder.Max(expiry.Rate, 0);
        Integer gainRate = builder.Multiply(rate, parameters.GainRateScale + MarginParameters.Unit) + (parameters.GainRateAdd * MarginParameters.Unit);
        Integer lossRate = builder.Multiply(rate, MarginParameters.Unit - parameters.LossRateScale) - (parameters.LossRateAdd * MarginParameters.Unit);
        Integer loss = Scale(builder, parameters.LossMarkup, DiscountAt(builder, term, builder.Max(lossRate, 0)));
        return new DiscountWires(
            DiscountAt(builder, term, rate * MarginParameters.Unit),
            Scale(builder, parameters.GainDiscount, DiscountAt(builder, term, gainRate)),
            builder.Min(loss, 1L << TermFactors.DiscountBits));
    }

    private static Integer DiscountAt(CircuitBuilder builder, in Integer term, in Integer rate)
    {
        Integer scaled = builder.Multiply(term, rate) * (1L << Exponential.FractionBits);
        (Integer exponent, _) = builder.FloorDivide(scaled, (System.Numerics.BigInteger)TermFactors.RateDivisor);
        Integer power = ExponentialGadget.Compute(builder, -exponent);
        return Integer.Assume(power.Value, 0, (1L << TermFactors.DiscountBits) + MethodError, "a power of a number that is not positive is at most one");
    }

    private static Integer Scale(CircuitBuilder builder, in Integer millionths, in Integer discount) =>
        builder.FloorDivide(builder.Multiply(millionths, discount), MarginParameters.Unit).Quotient;
}
