using System.Numerics;
using System.Runtime.InteropServices;
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
        builder.AssertEqual(Recompose(bits), value, $"fits {count} bits");
        return bits;
    }

    /// <summary>
    /// The 254 bits of the canonical representative, least significant first: the decomposition is also held below r, so it is unique. 332 constraints.
    /// </summary>
    public static Bit[] ToCanonicalBits(this CircuitBuilder builder, in Linear value) =>
        builder.ToBitsWithin(value, 254, 0, Fr.Modulus - 1);

    /// <summary>
    /// The bits of the integer in [min, max] that is congruent to a value mod r, least significant first. The interval holds at most r
    /// integers, so there is one at most. count + 1 constraints, and up to two for each run of ones in max and of zeros in min.
    /// </summary>
    /// <exception cref="ArgumentException">Not 0 ≤ min ≤ max &lt; 2^count, or the interval has more than r integers.</exception>
    public static Bit[] ToBitsWithin(this CircuitBuilder builder, in Linear value, int count, BigInteger min, BigInteger max)
    {
        if (min.Sign < 0 || min > max || max.GetBitLength() > count || max - min >= Fr.Modulus)
        {
            throw new ArgumentException($"[{min}, {max}] is no interval of at most r integers of {count} bits");
        }

        Linear[] hinted = builder.Hint<BitsFromHint>([value, Linear.Constant(Fr.FromBigInteger(min))], count);
        Bit[] bits = new Bit[count];
        PrefixFlag atMax = new(builder);
        PrefixFlag atMin = new(builder);
        for (int i = count - 1; i >= 0; i--)
        {
            bool maxBit = !((max >> i) & 1).IsZero;
            bool minBit = !((min >> i) & 1).IsZero;
            Linear mustBeZero = maxBit ? Linear.Zero : atMax.Current;
            Linear mustBeOne = minBit ? atMin.Current : Linear.Zero;

            // With neither flag this is b(b − 1) = 0; one flag squares the other factor away. Both flags at once would mean max < min.
            builder.AssertProduct(hinted[i] - Linear.One + mustBeZero, hinted[i] - mustBeOne, Linear.Zero, "bit within the bounds");
            bits[i] = new Bit(hinted[i]);
            atMax.Extend(bits[i], maxBit);
            atMin.Extend(!bits[i], !minBit);
        }

        builder.AssertEqual(Recompose(bits), value, $"{count} bits");
        return bits;
    }

    /// <summary>Constrains the integer of the bits to at most a constant: a zero of the bound forbids a one after an equal prefix. One constraint for each zero of the bound and up to two for each run of its ones.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is negative.</exception>
    public static void AssertAtMost(this CircuitBuilder builder, ReadOnlySpan<Bit> bits, BigInteger bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bound.Sign, nameof(bound));
        if (bound.GetBitLength() > bits.Length)
        {
            return;
        }

        PrefixFlag equalSoFar = new(builder);
        for (int i = bits.Length - 1; i >= 0; i--)
        {
            bool one = !((bound >> i) & 1).IsZero;
            if (!one)
            {
                builder.AssertProduct(equalSoFar.Current, bits[i], Linear.Zero, "at most the bound");
            }

            equalSoFar.Extend(bits[i], one);
        }
    }

    /// <summary>Σ 2ⁱ·bitᵢ as an integer; no constraint.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 250 bits.</exception>
    public static Integer FromBits(ReadOnlySpan<Bit> bits)
    {
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

    /// <summary>Whether all bits are 1. No constraint for one bit, one for two bits, two for more.</summary>
    public static Bit All(this CircuitBuilder builder, ReadOnlySpan<Bit> bits) => bits.Length switch
    {
        0 => Bit.True,
        1 => bits[0],
        2 => builder.And(bits[0], bits[1]),
        _ => builder.IsZero(Linear.Sum(Array.ConvertAll(bits.ToArray(), bit => bit.Value)) - bits.Length),
    };

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

    /// <summary>The 2^n indicator bits of an index given by its n bits, least significant first; exactly one is 1. 2ⁿ − 2 constraints.</summary>
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

    /// <summary>Whether all bits since the top agree with a bound; conjunctions are made only where the flag is read.</summary>
    private sealed class PrefixFlag(CircuitBuilder builder)
    {
        private readonly List<Bit> _conjunction = [];

        public Bit Current
        {
            get
            {
                Bit all = builder.All(CollectionsMarshal.AsSpan(_conjunction));
                _conjunction.Clear();
                if (!all.Value.IsConstant(out _))
                {
                    _conjunction.Add(all);
                }

                return all;
            }
        }

        /// <summary>Takes in the next bit, where the bound's own bit lets it break the tie.</summary>
        public void Extend(in Bit agrees, bool breaksTie)
        {
            if (breaksTie)
            {
                _conjunction.Add(agrees);
            }
        }
    }
}
