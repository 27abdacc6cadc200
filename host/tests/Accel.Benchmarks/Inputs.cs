using System.Numerics;
using Accel.Compute;

namespace Accel.Benchmarks;

/// <summary>Seeded inputs.</summary>
internal static class Inputs
{
    private const int Seed = 1;

    public static TField[] Elements<TField>(int count, Func<BigInteger, TField> make)
    {
        Random random = new(Seed);
        byte[] bytes = new byte[40];
        TField[] elements = new TField[count];
        for (int i = 0; i < count; i++)
        {
            random.NextBytes(bytes);
            elements[i] = make(new BigInteger(bytes, isUnsigned: true));
        }

        return elements;
    }

    /// <summary>Half zero, three tenths one, a fifth uniform: the mix that hardware designs are compared on.</summary>
    public static Fr[] WitnessScalars(int count)
    {
        Random random = new(Seed);
        Fr[] scalars = Elements(count, Fr.FromBigInteger);
        foreach (ref Fr scalar in scalars.AsSpan())
        {
            scalar = random.Next(10) switch
            {
                < 5 => Fr.Zero,
                < 8 => Fr.One,
                _ => scalar,
            };
        }

        return scalars;
    }

    public static async Task<AffinePoint<TField, TCurve>[]> PointsAsync<TField, TCurve>(int count)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        AffinePoint<TField, TCurve>[] points = new AffinePoint<TField, TCurve>[count];
        await FixedBase.MultiplyAsync(
            AffinePoint<TField, TCurve>.Generator, Elements(count, Fr.FromBigInteger), points, Environment.ProcessorCount, CancellationToken.None);
        return points;
    }
}
