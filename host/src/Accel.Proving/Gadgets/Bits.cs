using System.Numerics;
using Accel.Proving.Frontend;

namespace Accel.Proving.Gadgets;

/// <summary>Bits and their logic.</summary>
public static class Bits
{
    /// <summary>The widest decomposition that has one solution only: 2²⁵³ is below r.</summary>
    public const int UniqueBitsMax = 253;

    /// <summary>Constrains a value to 0 or 1. One constraint.</summary>
    public static Bit AssertBit(this CircuitBuilder builder, in Linear value)
    {
        builder.AssertProduct(value, value - Linear.One, Linear.Zero, "bit");
        return new Bit(value);
    }

    /// <summary>Constrains 0 ≤ value &lt; 2^count and returns the bits, least significant first. count + 1 constraints.</summary>
    /// <exception cref="ArgumentOutOfRangeException">count is not within 1…253, above which a value would have two decompositions.</exception>
    public static Bit[] ToBits(this CircuitBuilder builder, in Linear value, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, UniqueBitsMax);
        Linear[] hinted = builder.Hint<BitsHint>([value], count);
        Bit[] bits = Array.ConvertAll(hinted, bit => builder.AssertBit(bit));
        builder.AssertEqual(FromBits(bits), value, $"fits {count} bits");
        return bits;
    }

    /// <summary>
    /// The 254 bits of the canonical representative, least significant first: the decomposition is also held below r, so it is unique.
    /// </summary>
    public static Bit[] ToCanonicalBits(this CircuitBuilder builder, in Linear value)
    {
        Linear[] hinted = builder.Hint<BitsHint>([value], 254);
        Bit[] bits = Array.ConvertAll(hinted, bit => builder.AssertBit(bit));
        builder.AssertEqual(Recompose(bits), value, "254 bits");
        builder.AssertAtMost(bits, Fr.Modulus - 1);
        return bits;
    }

    /// <summary>Constrains the integer of the bits to at most a constant: walking down from the top, a zero of the bound forbids a one after an equal prefix.</summary>
    public static void AssertAtMost(this CircuitBuilder builder, ReadOnlySpan<Bit> bits, BigInteger bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bound.Sign, nameof(bound));
        Bit equalSoFar = Bit.True;
        for (int i = bits.Length - 1; i >= 0; i--)
        {
            if (((bound >> i) & 1).IsOne)
            {
                equalSoFar = builder.And(equalSoFar, bits[i]);
            }
            else
            {
                builder.AssertProduct(equalSoFar, bits[i], Linear.Zero, "at most the bound");
            }
        }
    }

    /// <summary>Σ 2ⁱ·bitᵢ as an integer; no constraint.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 250 bits.</exception>
    public static Integer FromBits(ReadOnlySpan<Bit> bits)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits.Length, UniqueBitsMax);
        return bits.Length <= Integer.MagnitudeBitsMax
            ? new Integer(Recompose(bits), 0, (BigInteger.One << bits.Length) - 1)
            : throw new ArgumentOutOfRangeException(nameof(bits), bits.Length, $"integers hold at most {Integer.MagnitudeBitsMax} bits");
    }

    /// <summary>a ∧ b. One constraint.</summary>
    public static Bit And(this CircuitBuilder builder, in Bit a, in Bit b) => new(builder.Multiply(a, b));

    /// <summary>a ∨ b. One constraint.</summary>
    public static Bit Or(this CircuitBuilder builder, in Bit a, in Bit b) => new(a.Value + b.Value - builder.Multiply(a, b));

    /// <summary>a ⊕ b. One constraint.</summary>
    public static Bit Xor(this CircuitBuilder builder, in Bit a, in Bit b) => new(a.Value + b.Value - (builder.Multiply(a, b) * 2));

    /// <summary>Whether a value is zero. Two constraints.</summary>
    public static Bit IsZero(this CircuitBuilder builder, in Linear value)
    {
        if (value.IsConstant(out Fr constant))
        {
            return Bit.Constant(constant.IsZero);
        }

        // value·inverse = 1 − z and value·z = 0: at zero the first forces z = 1 whatever the inverse, elsewhere the second forces z = 0.
        Linear inverse = builder.Hint<InverseOrZeroHint>([value], 1)[0];
        Linear isZero = Linear.One - builder.Multiply(value, inverse);
        builder.AssertProduct(value, isZero, Linear.Zero, "is zero");
        return new Bit(isZero);
    }

    /// <summary>Whether two values are equal. Two constraints.</summary>
    public static Bit IsEqual(this CircuitBuilder builder, in Linear a, in Linear b) => builder.IsZero(a - b);

    /// <summary>Constrains a value to be other than zero. One constraint.</summary>
    public static void AssertNonZero(this CircuitBuilder builder, in Linear value)
    {
        Linear inverse = builder.Hint<InverseOrZeroHint>([value], 1)[0];
        builder.AssertProduct(value, inverse, Linear.One, "is not zero");
    }

    /// <summary><paramref name="whenTrue"/> if the bit is 1, else <paramref name="whenFalse"/>. One constraint.</summary>
    public static Linear Select(this CircuitBuilder builder, in Bit condition, in Linear whenTrue, in Linear whenFalse) =>
        whenFalse + builder.Multiply(condition, whenTrue - whenFalse);

    /// <summary><paramref name="whenTrue"/> if the bit is 1, else <paramref name="whenFalse"/>. One constraint.</summary>
    public static Integer Select(this CircuitBuilder builder, in Bit condition, in Integer whenTrue, in Integer whenFalse) => new(
        builder.Select(condition, whenTrue.Value, whenFalse.Value),
        BigInteger.Min(whenTrue.Min, whenFalse.Min),
        BigInteger.Max(whenTrue.Max, whenFalse.Max));

    /// <summary><paramref name="whenTrue"/> if the bit is 1, else <paramref name="whenFalse"/>. One constraint.</summary>
    public static Bit Select(this CircuitBuilder builder, in Bit condition, in Bit whenTrue, in Bit whenFalse) =>
        new(builder.Select(condition, whenTrue.Value, whenFalse.Value));

    /// <summary>The 2^n indicator bits of an index given by its n bits, least significant first; exactly one is 1. About 2^n constraints.</summary>
    public static Bit[] OneHot(this CircuitBuilder builder, ReadOnlySpan<Bit> index)
    {
        Bit[] selectors = [Bit.True];
        foreach (ref readonly Bit bit in index)
        {
            Bit[] wider = new Bit[2 * selectors.Length];
            for (int i = 0; i < selectors.Length; i++)
            {
                Bit high = builder.And(selectors[i], bit);
                wider[i + selectors.Length] = high;
                wider[i] = new Bit(selectors[i].Value - high.Value);
            }

            selectors = wider;
        }

        return selectors;
    }

    private static Linear Recompose(ReadOnlySpan<Bit> bits)
    {
        LinearAccumulator sum = new();
        Fr weight = Fr.One;
        foreach (ref readonly Bit bit in bits)
        {
            sum.Add(bit.Value, weight);
            weight = weight.Double();
        }

        return sum.ToLinear();
    }
}
