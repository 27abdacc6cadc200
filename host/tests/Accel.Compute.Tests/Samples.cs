namespace Accel.Compute.Tests;

/// <summary>The group that a test runs over.</summary>
public enum Group
{
    G1,
    G2,
}

/// <summary>Seeded inputs, and the plain definitions that results are held to.</summary>
internal static class Samples
{
    public static Fr Scalar(Random random)
    {
        byte[] bytes = new byte[40];
        random.NextBytes(bytes);
        return Fr.FromBigInteger(new System.Numerics.BigInteger(bytes, isUnsigned: true));
    }

    public static Fr[] Scalars(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Scalar(random))];

    /// <summary>As witnesses are: half zero, three tenths one, the rest small, negative or uniform.</summary>
    public static Fr[] WitnessScalars(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(20) switch
    {
        < 10 => Fr.Zero,
        < 16 => Fr.One,
        16 => -Fr.One,
        17 => (Fr)random.Next(1 << 16),
        18 => -(Fr)random.Next(1 << 30),
        _ => Scalar(random),
    })];

    /// <summary>Points whose discrete logarithms are known small numbers, so that any sum over them has a short definition.</summary>
    public static (AffinePoint<TField, TCurve>[] Points, Fr[] Logarithms) Points<TField, TCurve>(Random random, int count)
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        XyzzPoint<TField, TCurve>[] points = new XyzzPoint<TField, TCurve>[count];
        Fr[] logarithms = new Fr[count];
        for (int i = 0; i < count; i++)
        {
            int logarithm = random.Next(1, 1 << 20);
            logarithms[i] = logarithm;
            points[i] = XyzzPoint<TField, TCurve>.Generator.Multiply(logarithm);
        }

        AffinePoint<TField, TCurve>[] affine = new AffinePoint<TField, TCurve>[count];
        XyzzPoint<TField, TCurve>.ToAffine(points, affine);
        return (affine, logarithms);
    }

    /// <summary>Σ scalarᵢ·baseᵢ by double and add.</summary>
    public static XyzzPoint<TField, TCurve> NaiveMsm<TField, TCurve>(ReadOnlySpan<AffinePoint<TField, TCurve>> bases, ReadOnlySpan<Fr> scalars)
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        XyzzPoint<TField, TCurve> sum = default;
        for (int i = 0; i < scalars.Length; i++)
        {
            sum += XyzzPoint<TField, TCurve>.FromAffine(bases[i]) * scalars[i];
        }

        return sum;
    }

    /// <summary>(Σ scalarᵢ·logarithmᵢ)·generator.</summary>
    public static XyzzPoint<TField, TCurve> ByLogarithms<TField, TCurve>(ReadOnlySpan<Fr> scalars, ReadOnlySpan<Fr> logarithms)
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        Fr sum = Fr.Zero;
        for (int i = 0; i < scalars.Length; i++)
        {
            sum += scalars[i] * logarithms[i];
        }

        return XyzzPoint<TField, TCurve>.Generator * sum;
    }

    /// <summary>The polynomial's value at a point, by Horner's rule.</summary>
    public static Fr Evaluate(ReadOnlySpan<Fr> coefficients, Fr x)
    {
        Fr value = Fr.Zero;
        for (int i = coefficients.Length - 1; i >= 0; i--)
        {
            value = (value * x) + coefficients[i];
        }

        return value;
    }

    /// <summary>The polynomial's values on shift·⟨ω⟩, one by one.</summary>
    public static Fr[] NaiveTransform(ReadOnlySpan<Fr> coefficients, Fr shift)
    {
        Fr root = Fr.RootOfUnity(System.Numerics.BitOperations.Log2((uint)coefficients.Length));
        Fr[] values = new Fr[coefficients.Length];
        Fr x = shift;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Evaluate(coefficients, x);
            x *= root;
        }

        return values;
    }
}
