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

    /// <summary>ln n with 30 binary places, below 2³⁵; zero counts as one.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="n">Within [0, 2³⁶).</param>
    public static FixedPointLogarithm Compute(CircuitBuilder builder, in Integer n)
    {
        if (n.Min.Sign < 0 || n.Max >= BigInteger.One << Width)
        {
            throw new ArgumentOutOfRangeException(nameof(n), $"[{n.Min}, {n.Max}] is not within [0, 2^{Width})");
        }

        using ScopeHandle scope = builder.Scope("ln");
        Integer positive = n.Min.Sign > 0 ? n : n + builder.IsZero(n);
        Integer sum = (builder.UsesLookups ? SumByLookups(builder, positive) : SumByBits(builder, positive)) + (BigInteger)NaturalLogarithm.Bias;
        const int dropped = NaturalLogarithm.ScaleBits - NaturalLogarithm.FractionBits;
        Slice[] slices = builder.Split(sum, dropped, FixedPointPricer.LogDropBits, SumBits - dropped - FixedPointPricer.LogDropBits);
        return new FixedPointLogarithm(slices[1].Value + slices[2].Value * (1L << FixedPointPricer.LogDropBits), slices[2].Value);
    }

    private static Integer SumByBits(CircuitBuilder builder, in Integer positive)
    {
        (Bit[] leading, Bit[] mantissa) = Normalise(builder, positive);
        Bit[] low = mantissa[..NaturalLogarithm.OffsetBits];
        SegmentSelector selector = new(builder, mantissa.AsSpan(NaturalLogarithm.OffsetBits));
        Integer[] offsets = [.. Enumerable.Range(0, NaturalLogarithm.Table.Degree + 1).Select(k => Offset(low, NaturalLogarithm.OffsetShift(k)))];
        Integer sum = selector.Evaluate(NaturalLogarithm.Table, offsets);
        for (int i = 0; i < leading.Length; i++)
        {
            sum += (Integer)leading[i] * ((BigInteger)NaturalLogarithm.Ln2 * i);
        }

        return sum;
    }

    /// <summary>
    /// n·2ʲ = 2³⁵ + mantissa with 2ʲ looked up: both sides are below 2⁷², so one j only brings the product within [2³⁵, 2³⁶). The mantissa is cut where an
    /// offset drops its low bits; its segment is held by the table's look-up.
    /// </summary>
    private static Integer SumByLookups(CircuitBuilder builder, in Integer positive)
    {
        Linear shift = builder.Hint<LeadingShiftHint>([positive.Value], 1)[0];
        Integer power = PricingTables.LookUp<PowersOfTwoTable>(builder, shift)[0];
        Integer mantissa = builder.Multiply(positive, power) - (1L << (Width - 1));
        int degree = NaturalLogarithm.Table.Degree;
        int[] widths = [.. Enumerable.Range(2, degree - 1).Select(k => NaturalLogarithm.OffsetShift(k) - NaturalLogarithm.OffsetShift(k - 1)),
            NaturalLogarithm.OffsetBits - NaturalLogarithm.OffsetShift(degree)];
        (Integer[] pieces, Linear segment) = builder.CutLow(mantissa, [NaturalLogarithm.OffsetShift(1), .. widths]);
        Integer[] offsets = new Integer[degree + 1];
        Integer upper = 0;
        for (int k = degree; k >= 1; k--)
        {
            upper = k == degree ? pieces[k] : upper * (BigInteger.One << widths[k - 1]) + pieces[k];
            offsets[k] = upper - (1L << (NaturalLogarithm.OffsetBits - 1 - NaturalLogarithm.OffsetShift(k)));
        }

        Integer exponent = (Width - 1) - Integer.Assume(shift, 0, Width - 1, "the key of a look-up");
        return PricingTables.Evaluate(builder, PricingTables.LookUp<LogarithmTable>(builder, segment), offsets) + exponent * (BigInteger)NaturalLogarithm.Ln2;
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

/// <summary>A logarithm with 30 binary places, and its upper 25 bits: the same with 20 places.</summary>
/// <param name="Value">Below 2³⁵.</param>
/// <param name="Coarse">Below 2²⁵.</param>
public readonly record struct FixedPointLogarithm(Integer Value, Integer Coarse);
