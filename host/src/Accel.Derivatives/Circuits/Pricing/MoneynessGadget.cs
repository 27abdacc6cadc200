using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>Which of the shocked forwards a strike lies below: one place in an ascending ladder instead of nine comparisons.</summary>
public static class MoneynessGadget
{
    /// <summary>
    /// For every forward whether F′ ≥ K, as 0 or 1. The steps between neighbours, 0 before the first and 1 after the last, are bits that sum to one by
    /// themselves, so one gap i is chosen, with F′ᵢ &lt; K ≤ F′ᵢ₊₁ (no lower bound for i = 0, 2³⁶ − 1 as the last upper one): the forwards ascend, so exactly
    /// one i satisfies both. 102 constraints; each result is a wire, for every scenario reads it.
    /// </summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="strike">K, within [0, 2³⁶).</param>
    /// <param name="forwards">Nine forwards, ascending, within [0, 2³⁶).</param>
    public static Integer[] IsCallInTheMoney(CircuitBuilder builder, in Integer strike, Integer[] forwards)
    {
        using ScopeHandle scope = builder.Scope("moneyness");
        Linear[] above = builder.Hint<ThermometerHint>([strike.Value, .. forwards.Select(forward => forward.Value)], forwards.Length);
        Bit[] chosen = [.. Enumerable.Range(0, forwards.Length + 1).Select(i => builder.AssertBit(Above(i) - Above(i - 1)))];
        Linear lower = -chosen[0].Value;
        Linear upper = chosen[^1].Value * (Fr)((1UL << ExpiryRisk.PriceBits) - 1);
        for (int i = 0; i < forwards.Length; i++)
        {
            lower += builder.Multiply(chosen[i + 1], forwards[i].Value);
            upper += builder.Multiply(chosen[i], forwards[i].Value);
        }

        builder.ToUnsigned(strike.Value - Linear.One - lower, ExpiryRisk.PriceBits);
        builder.ToUnsigned(upper - strike.Value, ExpiryRisk.PriceBits);
        return Array.ConvertAll(above, flag => Integer.Assume(flag, 0, 1, "a partial sum of bits that sum to one"));

        Linear Above(int i) => i < 0 ? Linear.Zero : i == above.Length ? Linear.One : above[i];
    }
}
