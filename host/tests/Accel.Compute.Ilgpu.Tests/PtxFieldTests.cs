using System.Buffers.Binary;
using Accel.Compute.Ilgpu.Arithmetic;
using Accel.Compute.Tests;
using Accel.Testing;
using Xunit;

namespace Accel.Compute.Ilgpu.Tests;

/// <summary>The written PTX computes what the reference does: it is run, instruction by instruction.</summary>
public sealed class PtxFieldTests
{
    private const int Seed = 20260711;

    private static readonly string[] A = ["%a0", "%a1", "%a2", "%a3"];
    private static readonly string[] B = ["%b0", "%b1", "%b2", "%b3"];
    private static readonly string[] Result = ["%c0", "%c1", "%c2", "%c3"];

    [Fact]
    public void Fq_is_the_references() => Check<Bn254BaseModulus>();

    [Fact]
    public void Fr_is_the_references() => Check<Bn254ScalarModulus>();

    [Fact]
    public void Operations_take_as_many_instructions_as_documented()
    {
        Assert.Equal(324, Lines<Bn254BaseModulus>(field => field.Multiply(Result, A, B)).Count);
        Assert.Equal(38, Lines<Bn254BaseModulus>(field => field.Add(Result, A, B)).Count);
        Assert.Equal(37, Lines<Bn254BaseModulus>(field => field.Subtract(Result, A, B)).Count);
    }

    /// <summary>The instructions of one operation.</summary>
    internal static List<string> Lines<TModulus>(Action<PtxField> operation)
        where TModulus : struct, IPrimeModulus
    {
        List<string> lines = [];
        int registers = 0;
        operation(PtxField.For<TModulus>(lines.Add, type => type == "pred" ? $"%p{registers++}" : $"%r{registers++}"));
        return lines;
    }

    private static void Check<TModulus>()
        where TModulus : struct, IPrimeModulus
    {
        List<string> product = Lines<TModulus>(field => field.Multiply(Result, A, B));
        List<string> sum = Lines<TModulus>(field => field.Add(Result, A, B));
        List<string> difference = Lines<TModulus>(field => field.Subtract(Result, A, B));
        foreach ((PrimeField<TModulus> a, PrimeField<TModulus> b) in Pairs<TModulus>())
        {
            Assert.True(a * b == Run(product, a, b), $"{a} * {b}, seed {Seed}");
            Assert.True(a + b == Run(sum, a, b), $"{a} + {b}, seed {Seed}");
            Assert.True(a - b == Run(difference, a, b), $"{a} - {b}, seed {Seed}");
        }
    }

    /// <summary>Pairs of extreme and of random elements, the extremes also in their Montgomery images.</summary>
    private static IEnumerable<(PrimeField<TModulus> A, PrimeField<TModulus> B)> Pairs<TModulus>()
        where TModulus : struct, IPrimeModulus
    {
        PrimeField<TModulus> unscale = PrimeField<TModulus>.FromBigInteger(System.Numerics.BigInteger.One << 256).Inverse();
        PrimeField<TModulus> ones = PrimeField<TModulus>.FromBigInteger((System.Numerics.BigInteger.One << 253) - 1);
        PrimeField<TModulus>[] small = [0, 1, 2, -1, -2, (long)uint.MaxValue, ones];
        PrimeField<TModulus>[] edges = [.. small, .. small.Select(value => value * unscale)];
        foreach (PrimeField<TModulus> a in edges)
        {
            foreach (PrimeField<TModulus> b in edges)
            {
                yield return (a, b);
            }
        }

        Random random = new(Seed);
        for (int i = 0; i < TestScale.Count(500); i++)
        {
            yield return (Element(), Element());
        }

        PrimeField<TModulus> Element() => PrimeField<TModulus>.FromBigInteger(Samples.Scalar(random).ToBigInteger() * 3);
    }

    private static PrimeField<TModulus> Run<TModulus>(List<string> lines, PrimeField<TModulus> a, PrimeField<TModulus> b)
        where TModulus : struct, IPrimeModulus
    {
        PtxMachine machine = new();
        Span<byte> bytes = stackalloc byte[32];
        foreach ((string[] registers, PrimeField<TModulus> value) in new[] { (A, a), (B, b) })
        {
            value.WriteMontgomery(bytes);
            for (int i = 0; i < registers.Length; i++)
            {
                machine[registers[i]] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * i)..]);
            }
        }

        machine.Run(lines);
        for (int i = 0; i < Result.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(8 * i)..], machine[Result[i]]);
        }

        Assert.True(PrimeField<TModulus>.TryReadMontgomery(bytes, out PrimeField<TModulus> result), "the result is not below the modulus");
        return result;
    }
}
