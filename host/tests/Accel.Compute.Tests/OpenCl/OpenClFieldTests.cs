using Accel.Compute.OpenCl;
using System.Numerics;
using System.Runtime.InteropServices;
using Accel.Device.OpenCl;
using Xunit;

namespace Accel.Compute.Tests;

/// <summary>The kernels' arithmetic against Accel.Algebra's, for each way in which limbs are multiplied and at the edges of their range.</summary>
public class OpenClFieldTests
{
    private const string Kernel = """
        __kernel void every_operation(__global const element *a, __global const element *b, __global element *out) {
          size_t i = get_global_id(0);
          __global element *results = out + 6 * i;
          results[0] = field_reduce(field_multiply(a[i], b[i]));
          results[1] = field_reduce(field_square(a[i]));
          results[2] = field_reduce(field_add(a[i], b[i]));
          results[3] = field_reduce(field_subtract(a[i], b[i]));
          results[4] = field_reduce(a[i]);
          results[5] = field_is_zero(a[i]) ? field_one() : field_zero();
        }
        """;

    /// <summary>Bits of a limb, and what else the compiler is told.</summary>
    public static TheoryData<int, string> Limbs => new() { { 64, string.Empty }, { 64, " -DWITHOUT_INT128" }, { 32, string.Empty } };

    [Theory]
    [MemberData(nameof(Limbs))]
    public void Base_field_operations_are_right(int limbBits, string define) => Check<Bn254BaseModulus>(limbBits, define);

    [Theory]
    [MemberData(nameof(Limbs))]
    public void Scalar_field_operations_are_right(int limbBits, string define) => Check<Bn254ScalarModulus>(limbBits, define);

    private static unsafe void Check<TModulus>(int limbBits, string define)
        where TModulus : struct, IPrimeModulus
    {
        BigInteger p = PrimeField<TModulus>.Modulus;
        Random random = new(limbBits);
        BigInteger[] edges =
        [
            0, 1, 2, p - 1, p, p + 1, (2 * p) - 1, (2 * p) - 2, p / 2, uint.MaxValue, ulong.MaxValue, (BigInteger)ulong.MaxValue + 1,
            (BigInteger.One << 128) - 1, (BigInteger.One << 192) - 1, BigInteger.One << 192, (BigInteger.One << 254) - 1, (BigInteger.One << 256) % p,
            .. Enumerable.Range(0, 20).Select(_ => RandomBelow(random, 2 * p)),
        ];
        (BigInteger A, BigInteger B)[] pairs = [.. from a in edges from b in edges select (a, b)];
        BigInteger[] results = Run<TModulus>(limbBits, define, [.. pairs.Select(pair => pair.A)], [.. pairs.Select(pair => pair.B)]);
        for (int i = 0; i < pairs.Length; i++)
        {
            (PrimeField<TModulus> a, PrimeField<TModulus> b) = (Image<TModulus>(pairs[i].A % p), Image<TModulus>(pairs[i].B % p));
            BigInteger[] expected = [Bits(a * b), Bits(a.Square()), Bits(a + b), Bits(a - b), Bits(a), Bits(a.IsZero ? PrimeField<TModulus>.One : PrimeField<TModulus>.Zero)];
            Assert.Equal(expected, results[(6 * i)..((6 * i) + 6)]);
        }
    }

    private static unsafe BigInteger[] Run<TModulus>(int limbBits, string define, BigInteger[] a, BigInteger[] b)
        where TModulus : struct, IPrimeModulus
    {
        using OpenClContext context = new(TestDevice.Find());
        using OpenClProgram program = context.Compile(OpenClKernels.Field<TModulus>(limbBits) + Kernel, OpenClKernels.Options + define);
        using OpenClKernel kernel = program.CreateKernel("every_operation");
        using OpenClQueue queue = context.CreateQueue(isOutOfOrder: false);
        int bytes = a.Length * 32;
        using OpenClBuffer first = context.Allocate(bytes);
        using OpenClBuffer second = context.Allocate(bytes);
        using OpenClBuffer results = context.Allocate(6 * bytes);
        byte[] read = new byte[6 * bytes];
        fixed (byte* firstBytes = Bytes(a), secondBytes = Bytes(b), readBytes = read)
        {
            using OpenClEvent firstDone = queue.Write(first, 0, firstBytes, bytes);
            using OpenClEvent secondDone = queue.Write(second, 0, secondBytes, bytes);
            kernel.Set(first, second, results);
            using OpenClEvent ran = queue.Run(kernel, (a.Length, 1), 1);
            using OpenClEvent done = queue.Read(results, 0, readBytes, read.Length);
            done.Wait();
        }

        return [.. read.Chunk(32).Select(element => new BigInteger(element, isUnsigned: true))];
    }

    private static byte[] Bytes(BigInteger[] values)
    {
        byte[] bytes = new byte[values.Length * 32];
        for (int i = 0; i < values.Length; i++)
        {
            values[i].TryWriteBytes(bytes.AsSpan(i * 32), out _, isUnsigned: true);
        }

        return bytes;
    }

    /// <summary>The element whose image in memory is this integer.</summary>
    private static PrimeField<TModulus> Image<TModulus>(BigInteger bits)
        where TModulus : struct, IPrimeModulus => MemoryMarshal.Read<PrimeField<TModulus>>(Bytes([bits]));

    private static BigInteger Bits<TModulus>(PrimeField<TModulus> element)
        where TModulus : struct, IPrimeModulus => new(MemoryMarshal.AsBytes<PrimeField<TModulus>>(new[] { element }), isUnsigned: true);

    private static BigInteger RandomBelow(Random random, BigInteger bound)
    {
        byte[] bytes = new byte[40];
        random.NextBytes(bytes);
        return new BigInteger(bytes, isUnsigned: true) % bound;
    }
}
