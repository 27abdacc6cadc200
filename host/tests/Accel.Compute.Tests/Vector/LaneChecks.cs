using System.Numerics;
using System.Runtime.InteropServices;
using Accel.Compute.Cpu.Vector;
using Accel.Testing;
using Xunit;

namespace Accel.Compute.Tests.Vector;

/// <summary>What lane arithmetic is held to, over any field and width.</summary>
internal interface ILaneChecks
{
    void Products();

    void Extremes();

    void Butterfly();

    void Words();

    void Bounds();
}

/// <summary>Lane arithmetic against BigInteger, at and between the bounds that it is documented for. Widths that the processor lacks run in software.</summary>
internal sealed unsafe class LaneChecks<TModulus, TLanes> : ILaneChecks
    where TModulus : struct, IPrimeModulus
    where TLanes : struct, IFieldLanes
{
    private static readonly BigInteger Prime = PrimeField<TModulus>.Modulus;
    private static readonly BigInteger RadixInverse = BigInteger.ModPow(BigInteger.One << 255, Prime - 2, Prime);
    private static readonly int Size = IFieldLanes.Limbs * TLanes.Count;

    private readonly Random _random = new(51);

    public void Products()
    {
        using Values values = new(5);
        double* r = values[0], a = values[1], b = values[2], c = values[3], d = values[4];
        for (int round = 0; round < (TestScale.IsLong ? 350_000 : TLanes.IsAccelerated ? 2_000 : 150) / TLanes.Count; round++)
        {
            BigInteger[] va = Fill(a, 2.6);
            BigInteger[] vb = Fill(b, 1.9);
            BigInteger[] vc = Fill(c, 1);
            BigInteger[] vd = Fill(d, 1);
            TLanes.Multiply(r, a, b, LaneModulus<TModulus, TLanes>.Table);
            Check(r, lane => va[lane] * vb[lane]);
            TLanes.Square(r, c, LaneModulus<TModulus, TLanes>.Table);
            Check(r, lane => vc[lane] * vc[lane]);
            TLanes.SumOfProducts(r, a, c, c, d, LaneModulus<TModulus, TLanes>.Table);
            Check(r, lane => (va[lane] * vc[lane]) + (vc[lane] * vd[lane]));
        }
    }

    /// <summary>Limbs whose products are ±2¹⁰², the most that is exact, with every pattern of signs that the rounds meet.</summary>
    public void Extremes()
    {
        using Values values = new(5);
        double* r = values[0], a = values[1], b = values[2], c = values[3], d = values[4];
        for (int round = 0; round < (TLanes.IsAccelerated ? 2_000 : 150) / TLanes.Count; round++)
        {
            BigInteger[] va = FillLimbs(a, Math.Pow(2, 52), 2.6);
            BigInteger[] vb = FillLimbs(b, Math.Pow(2, 50), 1.3);
            BigInteger[] vc = FillLimbs(c, Math.Pow(2, 51), 1);
            BigInteger[] vd = FillLimbs(d, Math.Pow(2, 51), 1);
            TLanes.Multiply(r, a, b, LaneModulus<TModulus, TLanes>.Table);
            Check(r, lane => va[lane] * vb[lane]);
            TLanes.SumOfProducts(r, c, d, d, c, LaneModulus<TModulus, TLanes>.Table);
            Check(r, lane => 2 * vc[lane] * vd[lane]);
            TLanes.DifferenceOfProducts(r, c, c, d, d, LaneModulus<TModulus, TLanes>.Table);
            Check(r, lane => (vc[lane] * vc[lane]) - (vd[lane] * vd[lane]));
            BigInteger[] vs = FillLimbs(a, Math.Floor(Math.Sqrt(2) * Math.Pow(2, 50)), 1.3);
            TLanes.Square(r, a, LaneModulus<TModulus, TLanes>.Table);
            Check(r, lane => vs[lane] * vs[lane]);
        }
    }

    public void Butterfly()
    {
        using Values values = new(5);
        double* u = values[0], v = values[1], twiddle = values[2], sum = values[3], difference = values[4];
        BigInteger[] vu = Fill(u, 4);
        BigInteger[] vv = Fill(v, 2.5);
        BigInteger w = Prime / 3;
        LaneModulus<TModulus, TLanes>.Limbs(w).CopyTo(new Span<double>(twiddle, IFieldLanes.Limbs));
        foreach (bool reduces in (bool[])[false, true])
        {
            new Span<double>(u, Size).CopyTo(new Span<double>(sum, Size));
            new Span<double>(v, Size).CopyTo(new Span<double>(difference, Size));
            if (reduces)
            {
                TLanes.ReducingButterfly(sum, difference, twiddle, LaneModulus<TModulus, TLanes>.Table);
            }
            else
            {
                TLanes.Butterfly(sum, difference, twiddle, LaneModulus<TModulus, TLanes>.Table);
            }

            for (int lane = 0; lane < TLanes.Count; lane++)
            {
                BigInteger product = vv[lane] * w * RadixInverse;
                Assert.Equal(Residue(vu[lane] + product), Residue(Value(sum, lane)));
                Assert.Equal(Residue(vu[lane] - product), Residue(Value(difference, lane)));
                Assert.True(!reduces || BigInteger.Abs(Value(sum, lane)) < Prime * 16 / 10, "not reduced");
            }
        }
    }

    public void Words()
    {
        using Values values = new(2);
        ulong* words = stackalloc ulong[4 * TLanes.Count];
        ulong** rows = stackalloc ulong*[TLanes.Count];
        for (int lane = 0; lane < TLanes.Count; lane++)
        {
            rows[lane] = words + (4 * lane);
        }

        BigInteger[] bases = [0, 1, 2, Prime - 1, Prime - 2, Prime / 2, BigInteger.One << 253, (BigInteger.One << 204) - 1, Prime - (BigInteger.One << 204)];
        foreach (BigInteger value in bases)
        {
            for (int multiple = -4; multiple < 4; multiple++)
            {
                double[] limbs = LaneModulus<TModulus, TLanes>.Limbs(value + (multiple * Prime));
                for (int i = 0; i < Size; i++)
                {
                    values[0][i] = limbs[i / TLanes.Count];
                }

                TLanes.Store(rows, 0, values[0], LaneModulus<TModulus, TLanes>.Table);
                TLanes.Load(values[1], rows, 0);
                for (int lane = 0; lane < TLanes.Count; lane++)
                {
                    Assert.Equal(value, new BigInteger(new ReadOnlySpan<byte>(rows[lane], 32), isUnsigned: true));
                    Assert.Equal(value, Value(values[1], lane));
                    Assert.Equal(value, Residue(Value(values[0], lane)));
                }
            }
        }
    }

    public void Bounds()
    {
        using Values values = new(1);
        ulong* words = stackalloc ulong[4 * TLanes.Count];
        ulong** rows = stackalloc ulong*[TLanes.Count];
        for (int lane = 0; lane < TLanes.Count; lane++)
        {
            rows[lane] = words + (4 * lane);
        }

        double limit = 1.5 * Math.Pow(2, 52);
        for (int round = 0; round < 2_000; round++)
        {
            for (int i = 0; i < Size; i++)
            {
                bool top = i / TLanes.Count == IFieldLanes.Limbs - 1;
                double extreme = top ? 2.9 * Math.Pow(2, 49.6) : limit;
                values[0][i] = _random.Next(3) switch { 0 => Math.Round(extreme), 1 => -Math.Round(extreme), _ => Math.Round(extreme * ((2 * _random.NextDouble()) - 1)) };
            }

            BigInteger[] before = [.. Enumerable.Range(0, TLanes.Count).Select(lane => Value(values[0], lane))];
            TLanes.Carry(values[0]);
            for (int i = 0; i < Size - TLanes.Count; i++)
            {
                Assert.InRange(Math.Abs(values[0][i]), 0, Math.Pow(2, 50) + 8);
            }

            Assert.Equal(before, Enumerable.Range(0, TLanes.Count).Select(lane => Value(values[0], lane)));
            TLanes.Store(rows, 0, values[0], LaneModulus<TModulus, TLanes>.Table);
            for (int lane = 0; lane < TLanes.Count; lane++)
            {
                Assert.Equal(Residue(before[lane]), new BigInteger(new ReadOnlySpan<byte>(rows[lane], 32), isUnsigned: true));
            }
        }
    }

    private static BigInteger Residue(BigInteger value) => ((value % Prime) + Prime) % Prime;

    private static BigInteger Value(double* element, int lane)
    {
        BigInteger value = 0;
        for (int i = IFieldLanes.Limbs - 1; i >= 0; i--)
        {
            value = (value << 51) + new BigInteger(element[(i * TLanes.Count) + lane]);
        }

        return value;
    }

    private static void Check(double* result, Func<int, BigInteger> product)
    {
        for (int lane = 0; lane < TLanes.Count; lane++)
        {
            BigInteger value = Value(result, lane);
            Assert.Equal(Residue(product(lane) * RadixInverse), Residue(value));
            Assert.True(BigInteger.Abs(value) <= Prime + (Prime >> 40), $"{value} is beyond the modulus");
        }

        for (int i = 0; i < Size; i++)
        {
            Assert.InRange(Math.Abs(result[i]), 0, Math.Pow(2, 50) + 32);
        }
    }

    /// <summary>Lanes of values in ±bound·p: random, and every eighth an edge.</summary>
    private BigInteger[] Fill(double* element, double bound)
    {
        BigInteger limit = (Prime * (int)(bound * 1000) / 1000) - 1;
        BigInteger[] edges = [0, 1, Prime - 1, Prime / 2, (Prime / 2) + 1, limit, (BigInteger.One << 51) - 1, BigInteger.One << 253];
        BigInteger[] result = new BigInteger[TLanes.Count];
        byte[] bytes = new byte[40];
        for (int lane = 0; lane < result.Length; lane++)
        {
            _random.NextBytes(bytes);
            BigInteger value = _random.Next(8) == 0 ? edges[_random.Next(edges.Length)] : new BigInteger(bytes, isUnsigned: true);
            value %= limit + 1;
            result[lane] = _random.Next(2) == 0 ? value : -value;
            double[] limbs = LaneModulus<TModulus, TLanes>.Limbs(result[lane]);
            for (int i = 0; i < limbs.Length; i++)
            {
                element[(i * TLanes.Count) + lane] = limbs[i];
            }
        }

        return result;
    }

    /// <summary>Lanes of values whose limbs are ±limb, or in one case of four anything between; the top one keeps the value within ±bound·p.</summary>
    private BigInteger[] FillLimbs(double* element, double limb, double bound)
    {
        double top = Math.Floor(((double)(Prime >> 204) * bound) - 8);
        for (int i = 0; i < Size; i++)
        {
            double extreme = i / TLanes.Count == IFieldLanes.Limbs - 1 ? top : limb;
            element[i] = _random.Next(4) == 0 ? Math.Round(extreme * _random.NextDouble()) : extreme;
            element[i] = _random.Next(2) == 0 ? element[i] : -element[i];
        }

        return [.. Enumerable.Range(0, TLanes.Count).Select(lane => Value(element, lane))];
    }

    /// <summary>Aligned room for some lane values.</summary>
    private sealed class Values(int count) : IDisposable
    {
        private readonly double* _memory = (double*)NativeMemory.AlignedAlloc((nuint)(count * Size * sizeof(double)), 64);

        public double* this[int index] => _memory + (index * Size);

        public void Dispose() => NativeMemory.AlignedFree(_memory);
    }
}
