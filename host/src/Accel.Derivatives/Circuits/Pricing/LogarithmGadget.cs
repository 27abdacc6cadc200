using System.Numerics;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>ln of an integer below 2³⁶, as <see cref="NaturalLogarithm"/> computes it.</summary>
public static class LogarithmGadget
{
    private const int Width = NaturalLogarithm.ArgumentBits;

    /// <summary>Bits of the sum before the floor: 25·2⁸⁸ &lt; 2⁹³.</summary>
    private const int SumBits = NaturalLogarithm.ScaleBits + 5;

    /// <summary>The bits of ln n with 30 binary places, 35 of them; zero counts as one.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="n">Within [0, 2³⁶).</param>
    public static Bit[] Compute(CircuitBuilder builder, in Integer n)
    {
        if (n.Min.Sign < 0 || n.Max >= BigInteger.One << Width)
        {
            throw new ArgumentOutOfRangeException(nameof(n), $"[{n.Min}, {n.Max}] is not within [0, 2^{Width})");
        }

        using ScopeHandle scope = builder.Scope("ln");
        Integer positive = n.Min.Sign > 0 ? n : n + builder.IsZero(n);
        (Bit[] leading, Bit[] mantissa) = Normalise(builder, positive);
        Bit[] low = mantissa[..NaturalLogarithm.OffsetBits];
        SegmentSelector selector = new(builder, mantissa.AsSpan(NaturalLogarithm.OffsetBits));
        Integer[] offsets = [.. Enumerable.Range(0, NaturalLogarithm.Table.Degree + 1).Select(k => Offset(low, NaturalLogarithm.OffsetShift(k)))];
        Integer sum = selector.Evaluate(NaturalLogarithm.Table, offsets) + (BigInteger)NaturalLogarithm.Bias;
        for (int i = 0; i < leading.Length; i++)
        {
            sum += (Integer)leading[i] * ((BigInteger)NaturalLogarithm.Ln2 * i);
        }

        return builder.ToBits(sum, SumBits)[(NaturalLogarithm.ScaleBits - NaturalLogarithm.FractionBits)..];
    }

    /// <summary>
    /// n·2ʲ = 2³⁵ + mantissa with 2ʲ picked one-hot. Both sides are below 2⁷², so they are equal as integers, and a product within [2³⁵, 2³⁶) fixes j.
    /// </summary>
    private static (Bit[] Leading, Bit[] Mantissa) Normalise(CircuitBuilder builder, in Integer n)
    {
        Linear[] hinted = builder.Hint<NormaliseHint>([n.Value], 2 * Width - 1);
        Bit[] bits = Array.ConvertAll(hinted, bit => builder.AssertBit(bit));
        Bit[] leading = bits[..Width];
        LinearAccumulator count = new();
        LinearAccumulator power = new();
        for (int i = 0; i < Width; i++)
        {
            count.Add(leading[i], Fr.One);
            power.Add(leading[i], (Fr)(1UL << (Width - 1 - i)));
        }

        builder.AssertEqual(count.ToLinear(), Linear.One, "one leading bit");
        Integer normal = Bits.FromBits(bits.AsSpan(Width)) + (1L << (Width - 1));
        builder.AssertProduct(n, power.ToLinear(), normal, "normalised");
        return (leading, bits[Width..]);
    }

    private static Integer Offset(Bit[] low, int shift) => Bits.FromBits(low.AsSpan(shift)) - (1L << (low.Length - 1 - shift));
}
