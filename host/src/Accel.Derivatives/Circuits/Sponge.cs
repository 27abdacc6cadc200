using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary><see cref="FieldSponge"/> as a circuit.</summary>
internal static class Sponge
{
    public static Linear Hash(CircuitBuilder builder, ReadOnlySpan<Linear> elements)
    {
        Linear state = Linear.Zero;
        var block = new Linear[Poseidon.InputsMax];
        for (int start = 0; start < elements.Length; start += FieldSponge.Rate)
        {
            block.AsSpan().Clear();
            block[0] = state;
            elements[start..Math.Min(start + FieldSponge.Rate, elements.Length)].CopyTo(block.AsSpan(1));
            state = PoseidonGadget.Hash(builder, block);
        }

        return state;
    }
}
