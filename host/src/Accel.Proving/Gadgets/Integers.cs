using System.Numerics;
using Accel.Proving.Frontend;
using Accel.Proving.Lookups;

namespace Accel.Proving.Gadgets;

/// <summary>Ranges, comparisons and fixed-point arithmetic on <see cref="Integer"/>: intervals choose the widths, and every rounding is a floor.</summary>
public static class Integers
{
    /// <summary>Constrains 0 ≤ value &lt; 2^bits. bits + 1 constraints, or one look-up a limb.</summary>
    public static Integer ToUnsigned(this CircuitBuilder builder, in Linear value, int bits)
    {
        builder.AssertFits(value, bits);
        return new Integer(value, 0, (BigInteger.One << bits) - 1);
    }

    /// <summary>Constrains −2^bits ≤ value &lt; 2^bits. bits + 2 constraints, or one look-up a limb.</summary>
    public static Integer ToSigned(this CircuitBuilder builder, in Linear value, int bits)
    {
        BigInteger bias = BigInteger.One << bits;
        builder.AssertFits(value + Linear.Constant(Fr.FromBigInteger(bias)), bits + 1);
        return new Integer(value, -bias, bias - 1);
    }

    /// <summary>Constrains −2^bits ≤ value &lt; 2^bits and tells the sign, unique at zero: the top bit of value + 2^bits. bits + 2 constraints.</summary>
    public static (Integer Value, Bit IsNegative) ToSignedWithSign(this CircuitBuilder builder, in Linear value, int bits)
    {
        BigInteger bias = BigInteger.One << bits;
        Linear weight = Linear.Constant(Fr.FromBigInteger(bias));
        if (bits == 0)
        {
            return (new Integer(value, -1, 0), builder.AssertBit(-value));
        }

        if (!builder.UsesLookups)
        {
            return (new Integer(value, -bias, bias - 1), !builder.ToBits(value + weight, bits + 1)[^1]);
        }

        // With its bias added or not, the value lies in [0, 2^bits) for one choice only.
        Bit isNegative = builder.AssertBit(builder.Hint<SignHint>([value], 1)[0]);
        builder.LookUpRange(value + (isNegative.Value * Fr.FromBigInteger(bias)), bits);
        return (new Integer(value, -bias, bias - 1), isNegative);
    }

    /// <summary>Constrains an integer to a narrower interval. About the interval's bits, twice when its size is no power of two.</summary>
    /// <exception cref="ArgumentException">min exceeds max.</exception>
    public static Integer Narrow(this CircuitBuilder builder, in Integer value, BigInteger min, BigInteger max)
    {
        if (min > max)
        {
            throw new ArgumentException($"[{min}, {max}] is empty");
        }

        if (value.Min < min)
        {
            builder.AssertNonNegative(value - min, BitsOf(value.Max > max ? max - min : value.Max - min));
        }

        if (value.Max > max)
        {
            builder.AssertNonNegative(max - value, BitsOf(max - BigInteger.Max(min, value.Min)));
        }

        return new Integer(value.Value, BigInteger.Max(value.Min, min), BigInteger.Min(value.Max, max));
    }

    /// <summary>Constrains value ≥ 0.</summary>
    public static void AssertNonNegative(this CircuitBuilder builder, in Integer value)
    {
        if (value.Min.Sign < 0)
        {
            builder.AssertNonNegative(value, BitsOf(value.Max));
        }
    }

    /// <summary>Constrains a ≤ b.</summary>
    public static void AssertLessOrEqual(this CircuitBuilder builder, in Integer a, in Integer b) => builder.AssertNonNegative(b - a);

    /// <summary>Constrains a &lt; b.</summary>
    public static void AssertLess(this CircuitBuilder builder, in Integer a, in Integer b) => builder.AssertNonNegative(b - a - 1);

    /// <summary>
    /// Whether value &lt; 0: the top bit of value + 2ⁿ, with 2ⁿ above the interval's magnitude, so the sign at zero is unique. n + 2 constraints.
    /// </summary>
    public static Bit IsNegative(this CircuitBuilder builder, in Integer value)
    {
        if (value.Min.Sign >= 0)
        {
            return Bit.False;
        }

        if (value.Max.Sign < 0)
        {
            return Bit.True;
        }

        return builder.ToSignedWithSign(value.Value, BitsOf(BigInteger.Max(-value.Min - 1, value.Max))).IsNegative;
    }

    /// <summary>Whether a &lt; b.</summary>
    public static Bit IsLess(this CircuitBuilder builder, in Integer a, in Integer b) => builder.IsNegative(a - b);

    /// <summary>Whether a ≤ b.</summary>
    public static Bit IsLessOrEqual(this CircuitBuilder builder, in Integer a, in Integer b) => !builder.IsLess(b, a);

    /// <summary>The smaller of two.</summary>
    public static Integer Min(this CircuitBuilder builder, in Integer a, in Integer b)
    {
        Integer smaller = builder.Select(builder.IsLess(a, b), a, b);
        return new Integer(smaller.Value, BigInteger.Min(a.Min, b.Min), BigInteger.Min(a.Max, b.Max));
    }

    /// <summary>The larger of two.</summary>
    public static Integer Max(this CircuitBuilder builder, in Integer a, in Integer b)
    {
        Integer larger = builder.Select(builder.IsLess(a, b), b, a);
        return new Integer(larger.Value, BigInteger.Max(a.Min, b.Min), BigInteger.Max(a.Max, b.Max));
    }

    /// <summary>⌊value / 2^shift⌋, rounding towards −∞. About as many constraints as the interval has bits.</summary>
    public static Integer FloorShift(this CircuitBuilder builder, in Integer value, int shift)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shift);
        if (shift == 0)
        {
            return value;
        }

        int n = Math.Max(shift, BitsOf(BigInteger.Max(-value.Min - 1, value.Max)));
        Integer biased = new(value.Value + Linear.Constant(Fr.FromBigInteger(BigInteger.One << n)), value.Min + (BigInteger.One << n), value.Max + (BigInteger.One << n));
        Linear high = builder.Split(biased, shift, n + 1 - shift)[1].Value;
        return new Integer(high - Linear.Constant(Fr.FromBigInteger(BigInteger.One << (n - shift))), value.Min >> shift, value.Max >> shift);
    }

    /// <summary>
    /// Cuts a value that fits Σ widths bits into slices, lowest first, each of its width: as many constraints as there are bits, or one look-up a limb.
    /// Unique, as the widths sum to at most 253.
    /// </summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="value">The value; the circuit is unsatisfiable where it does not fit.</param>
    /// <param name="widths">Bits of each slice, at least one.</param>
    public static Slice[] Split(this CircuitBuilder builder, in Linear value, params ReadOnlySpan<int> widths)
    {
        int total = 0;
        foreach (int width in widths)
        {
            total += width;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(total, Bits.UniqueBitsMax, nameof(widths));
        return builder.UsesLookups ? builder.SplitByLookups(value, widths) : SplitBits(builder.ToBits(value, total), widths);
    }

    /// <summary>Fixed-point product ⌊a·b / 2^shift⌋.</summary>
    public static Integer MultiplyFixed(this CircuitBuilder builder, in Integer a, in Integer b, int shift) =>
        builder.FloorShift(builder.Multiply(a, b), shift);

    /// <summary>Floor division: value = quotient·divisor + remainder with 0 ≤ remainder &lt; divisor; both are unique.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="value">The dividend.</param>
    /// <param name="divisor">A divisor whose interval is positive.</param>
    /// <exception cref="ArgumentException">The divisor may be zero or negative.</exception>
    public static (Integer Quotient, Integer Remainder) FloorDivide(this CircuitBuilder builder, in Integer value, in Integer divisor)
    {
        if (divisor.Min.Sign <= 0)
        {
            throw new ArgumentException($"the divisor's interval [{divisor.Min}, {divisor.Max}] must be positive");
        }

        Linear[] hinted = builder.Hint<FloorDivideHint>([value.Value, divisor.Value], 2);
        BigInteger min = value.Min.Sign < 0 ? FloorDivide(value.Min, divisor.Min) : value.Min / divisor.Max;
        BigInteger max = value.Max.Sign < 0 ? FloorDivide(value.Max, divisor.Max) : value.Max / divisor.Min;
        Integer quotient = builder.RangeCheck(hinted[0], min, max);
        Integer remainder = builder.RangeCheck(hinted[1], 0, divisor.Max - 1);
        if (divisor.Min != divisor.Max || !divisor.Max.IsPowerOfTwo)
        {
            builder.AssertLess(remainder, divisor);
        }

        // The interval of quotient·divisor + remainder is checked against ±2²⁵⁰ by Integer, so equality in the field is equality of integers.
        Integer recomposed = builder.Multiply(quotient, divisor) + remainder;
        builder.AssertEqual(recomposed, value, "quotient times divisor plus remainder");
        return (quotient, remainder);
    }

    /// <summary>
    /// Cuts the lowest bits of a value into pieces by look-ups; what remains above is left for the caller to hold, by a table's look-up as a rule.
    /// Until that is done nothing here is unique.
    /// </summary>
    /// <param name="builder">A circuit that uses look-ups.</param>
    /// <param name="value">The value; where it is negative the rest is, too.</param>
    /// <param name="widths">Bits of each piece, lowest first.</param>
    public static (Integer[] Pieces, Linear Above) CutLow(this CircuitBuilder builder, in Integer value, params ReadOnlySpan<int> widths)
    {
        int total = 0;
        foreach (int width in widths)
        {
            total += width;
        }

        // The hint reads canonical values: a multiple of 2^total makes the value non-negative and leaves its lowest bits alone.
        int n = Math.Max(total, BitsOf(-value.Min));
        Linear[] inputs = new Linear[widths.Length + 1];
        inputs[0] = value.Value + Linear.Constant(Fr.FromBigInteger(BigInteger.One << n));
        for (int i = 0; i < widths.Length; i++)
        {
            inputs[i + 1] = widths[i];
        }

        Linear[] hinted = builder.Hint<PiecesHint>(inputs, widths.Length);
        Integer[] pieces = new Integer[widths.Length];
        LinearAccumulator rest = new();
        rest.Add(value, Fr.One);
        Fr weight = Fr.One;
        for (int i = 0; i < pieces.Length; i++)
        {
            pieces[i] = builder.ToUnsigned(hinted[i], widths[i]);
            rest.Add(hinted[i], -weight);
            weight *= Fr.FromBigInteger(BigInteger.One << widths[i]);
        }

        return (pieces, rest.ToLinear() * weight.Inverse());
    }

    /// <summary>Constrains a value to an interval, rounded outwards to a power of two in size above <paramref name="min"/>; use <see cref="Narrow"/> for a sharp upper bound.</summary>
    public static Integer RangeCheck(this CircuitBuilder builder, in Linear value, BigInteger min, BigInteger max)
    {
        if (min == max)
        {
            builder.AssertEqual(value, Integer.Constant(min));
            return Integer.Constant(min);
        }

        int bits = BitsOf(max - min);
        builder.AssertFits(value - Linear.Constant(Fr.FromBigInteger(min)), bits);
        return new Integer(value, min, min + (BigInteger.One << bits) - 1);
    }

    /// <summary>A negative value of magnitude up to 2²⁵⁰ reads r − |v| &gt; 2²⁵³ as a field element, which never fits the bits.</summary>
    private static void AssertNonNegative(this CircuitBuilder builder, in Integer value, int bits) =>
        builder.AssertFits(value.Value, Math.Max(1, bits));

    private static void AssertFits(this CircuitBuilder builder, in Linear value, int bits)
    {
        if (builder.UsesLookups)
        {
            builder.LookUpRange(value, bits);
        }
        else
        {
            builder.ToBits(value, bits);
        }
    }

    private static Slice[] SplitBits(Bit[] bits, ReadOnlySpan<int> widths)
    {
        Slice[] slices = new Slice[widths.Length];
        int start = 0;
        for (int i = 0; i < slices.Length; i++)
        {
            slices[i] = Slice.Of(bits[start..(start + widths[i])]);
            start += widths[i];
        }

        return slices;
    }

    /// <summary>The top slice is what the others leave: its own look-up is all that holds the sum.</summary>
    private static Slice[] SplitByLookups(this CircuitBuilder builder, in Linear value, ReadOnlySpan<int> widths)
    {
        Linear[] inputs = new Linear[widths.Length];
        inputs[0] = value;
        for (int i = 1; i < inputs.Length; i++)
        {
            inputs[i] = widths[i - 1];
        }

        Linear[] lower = widths.Length == 1 ? [] : builder.Hint<PiecesHint>(inputs, widths.Length - 1);
        Slice[] slices = new Slice[widths.Length];
        LinearAccumulator top = new();
        top.Add(value, Fr.One);
        Fr weight = Fr.One;
        for (int i = 0; i < lower.Length; i++)
        {
            slices[i] = Slice.Of(builder.ToUnsigned(lower[i], widths[i]));
            top.Add(lower[i], -weight);
            weight *= Fr.FromBigInteger(BigInteger.One << widths[i]);
        }

        slices[^1] = Slice.Of(builder.ToUnsigned(top.ToLinear() * weight.Inverse(), widths[^1]));
        return slices;
    }

    private static int BitsOf(BigInteger max) => max.Sign <= 0 ? 0 : (int)max.GetBitLength();

    private static BigInteger FloorDivide(BigInteger a, BigInteger b)
    {
        BigInteger quotient = BigInteger.DivRem(a, b, out BigInteger remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }
}
