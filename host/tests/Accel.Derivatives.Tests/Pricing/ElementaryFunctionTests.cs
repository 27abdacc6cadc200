using Accel.Derivatives.Pricing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing;

public sealed class ElementaryFunctionTests
{
    private const int Seed = 20261122;
    private static readonly double LogUnit = Math.Pow(2, -NaturalLogarithm.FractionBits);

    [Fact]
    public void Logarithm_is_within_its_bound_on_powers_of_two_segment_edges_and_a_dense_sample()
    {
        Random random = new(Seed);
        IEnumerable<ulong> edges =
            from exponent in Enumerable.Range(0, NaturalLogarithm.ArgumentBits)
            from sixteenth in Enumerable.Range(16, 16)
            from step in (long[])[-1, 0, 1]
            let n = (long)((1UL << exponent) * (ulong)sixteenth / 16) + step
            where n >= 1 && n < 1L << NaturalLogarithm.ArgumentBits
            select (ulong)n;
        IEnumerable<ulong> sample = Enumerable.Range(0, 50_000).Select(_ => (ulong)random.NextInt64(1, 1L << random.Next(1, NaturalLogarithm.ArgumentBits + 1)));
        double least = 0, most = 0;
        foreach (ulong n in edges.Concat(sample))
        {
            double error = NaturalLogarithm.Compute(n) - Math.Log(n) / LogUnit;
            least = Math.Min(least, error);
            most = Math.Max(most, error);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"ln: from {least:F3} to {most:F3} units of 2^-{NaturalLogarithm.FractionBits}");
        Assert.InRange(least, -0.7, 0);
        Assert.InRange(most, 0, 1.7);
    }

    [Fact]
    public void Logarithm_of_one_is_not_negative_zero_counts_as_one_and_more_is_refused()
    {
        Assert.InRange(NaturalLogarithm.Compute(1), 0, 1);
        Assert.Equal(NaturalLogarithm.Compute(1), NaturalLogarithm.Compute(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => NaturalLogarithm.Compute(1UL << NaturalLogarithm.ArgumentBits));
    }

    [Fact]
    public void Exponential_is_within_its_bound_and_saturates()
    {
        Random random = new(Seed);
        double worst = 0;
        for (int i = 0; i < 50_000; i++)
        {
            long x = i < 600 ? ((i - 400) * Exponential.ArgumentMax / 200) & -(1L << 22) : random.NextInt64(Exponential.ArgumentMin, Exponential.ArgumentMax + 1);
            x = Math.Clamp(x, Exponential.ArgumentMin, Exponential.ArgumentMax);
            double exact = Math.Exp(x * LogUnit);
            double error = Math.Abs(Exponential.Compute(x) * LogUnit - exact);
            worst = Math.Max(worst, Math.Max(0, error - 1.01 * LogUnit) / exact);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"exp: worst relative error beyond one unit {worst:E2}");
        Assert.InRange(worst, 0, 4e-9);
        Assert.Equal(Exponential.Compute(Exponential.ArgumentMax), Exponential.Compute(long.MaxValue));
        Assert.Equal(Exponential.Compute(Exponential.ArgumentMin), Exponential.Compute(long.MinValue));
    }

    [Fact]
    public void Square_root_is_the_floor()
    {
        Random random = new(Seed);
        for (int i = 0; i < 5_000; i++)
        {
            long root = random.NextInt64(1L << random.Next(1, 62));
            UInt128 square = (UInt128)root * (ulong)root;
            Assert.Equal(root, SquareRoot.Floor(square));
            Assert.Equal(root, SquareRoot.Floor(square + 2 * (UInt128)root));
            Assert.Equal(root + 1, SquareRoot.Floor(square + 2 * (UInt128)root + 1));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => SquareRoot.Floor(UInt128.MaxValue));
    }
}
