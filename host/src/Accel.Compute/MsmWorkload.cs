namespace Accel.Compute;

/// <summary>Products whose results are known: of the points 1·G, 2·G, … with scalars drawn from a seed.</summary>
public static class MsmWorkload
{
    private const int Seed = 1;

    /// <summary>The kinds of scalars: uniform; half zero, 30 % one and the rest uniform; all one.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["uniform", "witness", "ones"];

    /// <summary>1·G, 2·G, …</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="cancel">Cancels the work.</param>
    public static async Task<AffinePoint<TField, TCurve>[]> MultiplesAsync<TField, TCurve>(int count, CancellationToken cancel)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        Fr[] logarithms = new Fr[count];
        for (int i = 0; i < count; i++)
        {
            logarithms[i] = i + 1;
        }

        AffinePoint<TField, TCurve>[] points = new AffinePoint<TField, TCurve>[count];
        await FixedBase.MultiplyAsync(AffinePoint<TField, TCurve>.Generator, logarithms, points, Environment.ProcessorCount, cancel);
        return points;
    }

    /// <summary>Scalars of a kind, the same for every call.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="count">How many.</param>
    public static Fr[] Scalars(string kind, int count)
    {
        Random random = new(Seed);
        Fr[] scalars = new Fr[count];
        for (int i = 0; i < count; i++)
        {
            int draw = kind switch { "ones" => 50, "witness" => random.Next(100), _ => 99 };
            scalars[i] = draw < 50 ? Fr.Zero : draw < 80 ? Fr.One : Uniform(random);
        }

        return scalars;
    }

    /// <summary>Σ scalarᵢ·(i + 1): the product of these scalars with the multiples is as many times the generator.</summary>
    public static Fr Logarithm(ReadOnlySpan<Fr> scalars)
    {
        Fr logarithm = Fr.Zero;
        for (int i = 0; i < scalars.Length; i++)
        {
            logarithm += scalars[i] * (i + 1);
        }

        return logarithm;
    }

    private static Fr Uniform(Random random)
    {
        Span<byte> bytes = stackalloc byte[48];
        random.NextBytes(bytes);
        return Fr.FromBigInteger(new System.Numerics.BigInteger(bytes, isUnsigned: true));
    }
}
