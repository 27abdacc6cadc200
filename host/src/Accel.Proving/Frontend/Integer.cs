using System.Numerics;

namespace Accel.Proving.Frontend;

/// <summary>
/// A value known to be an integer within [<see cref="Min"/>, <see cref="Max"/>], read from the field's centred representatives.
/// It is born of a range check and kept by interval arithmetic, so a missing range check does not compile, and an overflow past
/// ±2²⁵⁰ stops compilation of the circuit instead of wrapping round the field.
/// </summary>
public readonly struct Integer
{
    /// <summary>Bound on every integer in a circuit: intervals stay within ±2^this, far enough below r/2 that sums and biases cannot wrap.</summary>
    public const int MagnitudeBitsMax = 250;

    private static readonly BigInteger MagnitudeMax = BigInteger.One << MagnitudeBitsMax;

    internal Integer(Linear value, BigInteger min, BigInteger max)
    {
        if (min > max || min < -MagnitudeMax || max > MagnitudeMax)
        {
            throw new InvalidOperationException($"the interval [{min}, {max}] is empty or exceeds ±2^{MagnitudeBitsMax}: truncate an operand before this step");
        }

        Value = value;
        Min = min;
        Max = max;
    }

    /// <summary>The value as a linear combination.</summary>
    public Linear Value { get; }

    /// <summary>The least value it can take.</summary>
    public BigInteger Min { get; }

    /// <summary>The greatest value it can take.</summary>
    public BigInteger Max { get; }

    /// <summary>A constant.</summary>
    public static Integer Constant(BigInteger value) => new(Linear.Constant(Fr.FromBigInteger(value)), value, value);

    /// <summary>A constant.</summary>
    public static implicit operator Integer(long value) => Constant(value);

    /// <summary>A constant.</summary>
    public static implicit operator Integer(BigInteger value) => Constant(value);

    /// <summary>The value in the field.</summary>
    public static implicit operator Linear(in Integer integer) => integer.Value;

    /// <summary>a + b; no constraint.</summary>
    public static Integer operator +(in Integer a, in Integer b) => new(a.Value + b.Value, a.Min + b.Min, a.Max + b.Max);

    /// <summary>a − b; no constraint.</summary>
    public static Integer operator -(in Integer a, in Integer b) => new(a.Value - b.Value, a.Min - b.Max, a.Max - b.Min);

    /// <summary>−a; no constraint.</summary>
    public static Integer operator -(in Integer a) => new(-a.Value, -a.Max, -a.Min);

    /// <summary>a scaled by a constant; no constraint.</summary>
    public static Integer operator *(in Integer a, BigInteger factor)
    {
        BigInteger x = a.Min * factor;
        BigInteger y = a.Max * factor;
        return new(a.Value * Fr.FromBigInteger(factor), BigInteger.Min(x, y), BigInteger.Max(x, y));
    }

    /// <summary>Σ values; no constraint.</summary>
    public static Integer Sum(ReadOnlySpan<Integer> values)
    {
        LinearAccumulator sum = new();
        BigInteger min = 0, max = 0;
        foreach (ref readonly Integer value in values)
        {
            sum.Add(value.Value, Fr.One);
            min += value.Min;
            max += value.Max;
        }

        return new(sum.ToLinear(), min, max);
    }

    /// <summary>
    /// States bounds that the circuit enforces by other constraints than a range check of this value; <paramref name="why"/> says which.
    /// The one door through which a bound enters unproved: each use is a proof obligation of its author.
    /// </summary>
    /// <exception cref="ArgumentException">No reason is given.</exception>
    public static Integer Assume(in Linear value, BigInteger min, BigInteger max, string why)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(why);
        return new(value, min, max);
    }
}
