using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>Which of the shocked forwards a strike lies below: one place in an ascending ladder instead of nine comparisons.</summary>
public static class MoneynessGadget
{
    /// <summary>
    /// For every forward whether F′ ≥ K, as 0 or 1. One-hot i with F′ᵢ &lt; K ≤ F′ᵢ₊₁ (no lower bound for i = 0, 2³⁶ − 1 as the last upper one): the forwards
    /// ascend, so exactly one i satisfies both. 111 constraints; each result is a wire, for every scenario reads it.
    /// </summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="strike">K, within [0, 2³⁶).</param>
    /// <param name="forwards">Nine forwards, ascending, within [0, 2³⁶).</param>
    public static Integer[] IsCallInTheMoney(CircuitBuilder builder, in Integer strike, Integer[] forwards)
    {
        using ScopeHandle scope = builder.Scope("moneyness");
        Linear[] gap = builder.Hint<GapHint>([strike.Value, .. forwards.Select(forward => forward.Value)], forwards.Length + 1);
        Bit[] chosen = Array.ConvertAll(gap, bit => builder.AssertBit(bit));
        builder.AssertEqual(Linear.Sum(Array.ConvertAll(chosen, bit => bit.Value)), Linear.One, "one gap");
        Linear lower = -chosen[0].Value;
        Linear upper = chosen[^1].Value * (Fr)((1UL << ExpiryRisk.PriceBits) - 1);
        for (int i = 0; i < forwards.Length; i++)
        {
            lower += builder.Multiply(chosen[i + 1], forwards[i].Value);
            upper += builder.Multiply(chosen[i], forwards[i].Value);
        }

        builder.ToUnsigned(strike.Value - Linear.One - lower, ExpiryRisk.PriceBits);
        builder.ToUnsigned(upper - strike.Value, ExpiryRisk.PriceBits);
        return ThermometerOf(builder, chosen);
    }

    /// <summary>Forward i is at or above the strike when the gap lies at or below it: a partial sum of one-hot bits, so zero or one itself.</summary>
    private static Integer[] ThermometerOf(CircuitBuilder builder, Bit[] chosen)
    {
        Integer[] result = new Integer[chosen.Length - 1];
        Linear sum = Linear.Zero;
        for (int i = 0; i < result.Length; i++)
        {
            sum += chosen[i];
            result[i] = Integer.Assume(builder.ToWire(sum), 0, 1, "a partial sum of bits that sum to one");
        }

        return result;
    }
}
