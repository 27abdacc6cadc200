using System.Numerics;
using Accel.Proving.Frontend;

namespace Accel.Derivatives.Circuits;

/// <summary>Fields side by side in one element; free, for it is a linear combination. Whoever packs owes each field's bound.</summary>
internal static class WordPacker
{
    /// <summary>Σ fieldᵢ·2^(i·bits): the first field lowest.</summary>
    public static Linear Pack(ReadOnlySpan<Linear> fields, int bits)
    {
        var sum = new LinearAccumulator();
        Fr weight = Fr.One;
        foreach (ref readonly Linear field in fields)
        {
            sum.Add(field, weight);
            weight *= PowerOfTwo(bits);
        }

        return sum.ToLinear();
    }

    /// <summary>Fields of given widths, the first highest; each is held to its width by its interval.</summary>
    /// <exception cref="InvalidOperationException">A field's interval does not fit its bits.</exception>
    public static Linear PackHighestFirst(params ReadOnlySpan<(Integer Field, int Bits)> fields)
    {
        Linear word = Linear.Zero;
        foreach ((Integer field, int bits) in fields)
        {
            if (field.Min.Sign < 0 || field.Max.GetBitLength() > bits)
            {
                throw new InvalidOperationException($"[{field.Min}, {field.Max}] does not fit the {bits} bits of its field");
            }

            word = (word * PowerOfTwo(bits)) + field.Value;
        }

        return word;
    }

    /// <summary>2^bits.</summary>
    public static Fr PowerOfTwo(int bits) => Fr.FromBigInteger(BigInteger.One << bits);
}
