using Accel.Derivatives.Circuits.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>Picks one of 2ⁿ expiry slots by its index bits: a tree of selections, 2ⁿ − 1 constraints a wire.</summary>
internal static class SlotSelector
{
    public static ExpiryRiskVariables Select(CircuitBuilder builder, ReadOnlySpan<Bit> slot, ExpiryRiskVariables[] expiries)
    {
        ExpiryRiskVariables[] current = expiries;
        foreach (Bit bit in slot)
        {
            current = [.. current.Chunk(2).Select(pair => ExpiryRiskVariables.Select(builder, bit, pair[1], pair[0]))];
        }

        return current[0];
    }

    public static Integer Select(CircuitBuilder builder, ReadOnlySpan<Bit> slot, Integer[] values)
    {
        foreach (Bit bit in slot)
        {
            values = [.. values.Chunk(2).Select(pair => builder.Select(bit, pair[1], pair[0]))];
        }

        return values[0];
    }

    public static Bit Select(CircuitBuilder builder, ReadOnlySpan<Bit> slot, Bit[] values)
    {
        foreach (Bit bit in slot)
        {
            values = [.. values.Chunk(2).Select(pair => builder.Select(bit, pair[1], pair[0]))];
        }

        return values[0];
    }
}
