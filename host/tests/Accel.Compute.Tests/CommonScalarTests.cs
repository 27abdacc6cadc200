using System.Numerics;
using Accel.Compute.Cpu;
using Xunit;

namespace Accel.Compute.Tests;

/// <summary>Products of many points with one scalar equal those that double and add one by one.</summary>
public class CommonScalarTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(2100, 2)]
    public async Task Products_in_G1_equal_double_and_add(int count, int threads) => await CheckAsync<Fq, Bn254G1>(count, threads, Samples.Scalars(new Random(7 + count), 1)[0]);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(40, 2)]
    public async Task Products_in_G2_equal_double_and_add(int count, int threads) => await CheckAsync<Fq2, Bn254G2>(count, threads, Samples.Scalars(new Random(9 + count), 1)[0]);

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("15")]
    [InlineData("16")]
    [InlineData("17")]
    [InlineData("31")]
    [InlineData("57896044618658097711785492504343953926634992332820282019728792003956564819967")] // 2²⁵⁵ − 1 mod r
    [InlineData("21888242871839275222246405745257275088548364400416034343698204186575808495616")] // r − 1
    [InlineData("10944121435919637611123202872628637544274182200208017171849102093287904247808")] // (r − 1)/2
    public async Task Scalars_at_the_edges_of_the_recoding(string scalar) => await CheckAsync<Fq, Bn254G1>(5, 1, Fr.FromBigInteger(BigInteger.Parse(scalar) % Fr.Modulus));

    [Fact]
    public async Task Infinity_stays_infinity_among_other_points()
    {
        G1Affine[] points = [G1Affine.Infinity, G1Affine.Generator, G1Affine.Infinity];
        G1Affine[] results = new G1Affine[3];
        await CommonScalar.MultiplyAsync<Fq, Bn254G1>(points, 12345, results, threads: 1, Cancel);
        Assert.Equal([G1Affine.Infinity, (G1.Generator * 12345).ToAffine(), G1Affine.Infinity], results);
    }

    [Fact]
    public void Digits_are_sparse_odd_and_sum_to_the_scalar()
    {
        foreach (Fr scalar in Samples.Scalars(new Random(3), 50))
        {
            using CommonScalarDigits digits = new(scalar);
            BigInteger sum = 0;
            int last = -CommonScalarDigits.Width;
            for (int i = 0; i < digits.Digits.Length; i++)
            {
                int digit = digits.Digits[i];
                sum += (BigInteger)digit << i;
                if (digit != 0)
                {
                    Assert.True(int.IsOddInteger(digit) && Math.Abs(digit) < 16 && i - last >= CommonScalarDigits.Width, $"digit {digit} at {i} of {scalar}");
                    last = i;
                }
            }

            Assert.Equal(scalar.ToBigInteger(), sum);
        }
    }

    [Fact]
    public async Task Wrong_lengths_no_threads_and_a_cancelled_token_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => CommonScalar.MultiplyAsync<Fq, Bn254G1>(new G1Affine[3], 1, new G1Affine[2], threads: 1, Cancel).AsTask());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => CommonScalar.MultiplyAsync<Fq, Bn254G1>(new G1Affine[1], 1, new G1Affine[1], threads: 0, Cancel).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => CommonScalar.MultiplyAsync<Fq, Bn254G1>(new G1Affine[1], 1, new G1Affine[1], threads: 1, new CancellationToken(canceled: true)).AsTask());
    }

    private static async Task CheckAsync<TField, TCurve>(int count, int threads, Fr scalar)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        AffinePoint<TField, TCurve>[] points = [.. Samples.Points<TField, TCurve>(new Random(count), count).Points];
        AffinePoint<TField, TCurve>[] results = new AffinePoint<TField, TCurve>[count];
        await CommonScalar.MultiplyAsync<TField, TCurve>(points, scalar, results, threads, Cancel);
        for (int i = 0; i < count; i++)
        {
            Assert.True((XyzzPoint<TField, TCurve>.FromAffine(points[i]) * scalar).ToAffine() == results[i], $"point {i} of {count} times {scalar}");
        }
    }
}
