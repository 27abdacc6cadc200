using System.Numerics;
using System.Runtime.InteropServices;
using Accel.Compute.Cpu;
using Accel.Compute.Cpu.Native;
using Accel.Testing;
using Xunit;

namespace Accel.Compute.Tests.Native;

/// <summary>The native kernels against BigInteger and the portable columns, and how their library is found.</summary>
public unsafe class NativeKernelsTests
{
    private const int Lanes = NttColumns.Group;
    private const int RadixBits = 260;

    [Theory]
    [InlineData("Fq")]
    [InlineData("Fr")]
    public void Products_and_squares_are_right_for_all_pairs_of_edges_and_for_random_values(string field)
    {
        NativeKernels.Table functions = PortableKernels.Load().Functions;
        BigInteger prime = field == "Fq" ? Fq.Modulus : Fr.Modulus;
        delegate* unmanaged<uint, void*, void*, ulong, void> chain = field == "Fq" ? functions.FqChain : functions.FrChain;
        BigInteger inverseRadix = BigInteger.ModPow(BigInteger.ModPow(2, RadixBits, prime), prime - 2, prime);
        foreach ((BigInteger[] a, BigInteger[] b) in Operands(prime))
        {
            for (uint operation = 0; operation < 2; operation++)
            {
                byte[] left = Pack(a);
                byte[] right = Pack(b);
                fixed (byte* pa = left, pb = right)
                {
                    chain(operation, pa, pb, 1);
                }

                for (int lane = 0; lane < Lanes; lane++)
                {
                    BigInteger expected = a[lane] * (operation == 0 ? b[lane] : a[lane]) * inverseRadix % prime;
                    Assert.Equal(expected, new BigInteger(left.AsSpan(lane * 32, 32), isUnsigned: true));
                }
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(1024)]
    [InlineData(1 << NttTwiddles.Log2KernelMax)]
    public void Columns_are_transformed_and_scaled_as_in_portable_arithmetic(int rows)
    {
        NttColumns columns = PortableKernels.Engine().NttColumns;
        ScalarNttColumns reference = new();
        Random random = new(rows);
        for (int options = 0; options < 16; options += rows > 1024 ? 5 : 1)
        {
            int stride = Lanes + (8 * random.Next(3));
            Fr[] source = Elements(random, (rows * stride) + Lanes);
            Fr[] expected = new Fr[rows * Lanes];
            Fr[] actual = new Fr[rows * Lanes];
            Fr[] rowScale = (options & 1) != 0 ? Elements(random, rows) : [];
            Fr[] entryScale = (options & 2) != 0 ? Elements(random, rows) : [];
            Fr[] factors = (options & 4) != 0 ? Elements(random, Lanes) : [];
            Fr[] ratios = (options & 4) != 0 ? Elements(random, Lanes) : [];
            NttDirection direction = (options & 8) != 0 ? NttDirection.Inverse : NttDirection.Forward;
            Run(reference, expected);
            Run(columns, actual);
            Assert.Equal(expected, actual);

            void Run(NttColumns engine, Fr[] target) => engine.Transform(
                new NttColumnJob
                {
                    Source = source,
                    SourceStride = stride,
                    Column = stride - Lanes,
                    Rows = rows,
                    RowScale = rowScale,
                    Target = target,
                    EntryStride = (options & 1) != 0 ? 1 : Lanes,
                    ColumnStride = (options & 1) != 0 ? rows : 1,
                    Factors = factors,
                    Ratios = ratios,
                    EntryScale = entryScale,
                },
                direction);
        }
    }

    [Fact]
    public void The_portable_build_is_refused_to_commands()
    {
        NativeKernels kernels = PortableKernels.Load();
        Assert.False(NativeKernels.IsForCommands(kernels, PortableKernels.Path, out string missing));
        Assert.Equal($"AVX-512 IFMA in {PortableKernels.Path}, the portable build", missing);
        Assert.False(PortableKernels.Engine().IsAccelerated);
    }

    [Fact]
    public void The_library_is_looked_for_where_the_variable_says_then_beside_the_program_and_above_it()
    {
        using TemporaryFolder folder = new();
        string program = folder["build/bin"];
        Directory.CreateDirectory(program);
        Assert.False(NativeKernels.Find(program, null, out _, out string missing));
        Assert.Equal("libaccel_ifma.so (run `make native`)", missing);

        string above = Touch(folder["build/native"]);
        Assert.True(NativeKernels.Find(program, "", out string path, out _));
        Assert.Equal(above, path);

        string beside = Touch(program);
        Assert.True(NativeKernels.Find(program, null, out path, out _));
        Assert.Equal(beside, path);

        Assert.True(NativeKernels.Find(program, above, out path, out _));
        Assert.Equal(above, path);
        Assert.False(NativeKernels.Find(program, folder["absent.so"], out _, out missing));
        Assert.Equal($"{folder["absent.so"]}, which ACCEL_NATIVE names", missing);

        Assert.False(NativeKernels.TryOpen(beside, out _, out missing));
        Assert.Equal($"a library in {beside}", missing);
    }

    [Fact]
    public void The_engine_runs_where_its_instructions_and_its_library_are_and_says_else_what_is_missing()
    {
        CpuEngine engine = CpuEngine.All[0];
        Assert.Equal("ifma", engine.Name);
        Assert.Equal(engine.IsAccelerated, engine.IsAvailable);
        if (engine.IsAccelerated)
        {
            Assert.Same(engine, CpuEngine.Choose(null));
            return;
        }

        ArgumentException error = Assert.Throws<ArgumentException>(() => CpuEngine.Choose("ifma"));
        Assert.Contains("needs AVX-512 IFMA and libaccel_ifma.so", error.Message, StringComparison.Ordinal);
        Assert.Contains($"lack {engine.Missing}", error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"without {engine.Missing}", CpuEngine.All[^1].Reason(forced: false), StringComparison.Ordinal);
        Assert.Contains(engine.Missing, Assert.Throws<NotSupportedException>(() => engine.NttColumns).Message, StringComparison.Ordinal);
        NotSupportedException noAdder = Assert.Throws<NotSupportedException>(() => engine.CreatePairAdder<Fq, Bn254G1>());
        Assert.Contains(engine.Missing, noAdder.Message, StringComparison.Ordinal);
    }

    private static string Touch(string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, NativeKernels.FileName);
        File.WriteAllText(path, "not a library");
        return path;
    }

    /// <summary>All pairs of edges in every lane, then random values among edges.</summary>
    private static IEnumerable<(BigInteger[] A, BigInteger[] B)> Operands(BigInteger prime)
    {
        BigInteger[] edges =
        [
            0, 1, 2, prime - 1, prime - 2, prime / 2, (prime / 2) + 1,
            (BigInteger.One << 253) - 1, BigInteger.One << 253, (BigInteger.One << RadixBits) % prime,
            (BigInteger.One << 256) % prime, (BigInteger.One << 208) - 1, BigInteger.One << 208,
            prime - (BigInteger.One << 208), (BigInteger.One << 52) - 1,
            prime >> 208 << 208,
        ];
        foreach (BigInteger edge in edges)
        {
            for (int from = 0; from < edges.Length; from += Lanes)
            {
                yield return (edges[from..(from + Lanes)], [.. Enumerable.Repeat(edge, Lanes)]);
            }
        }

        Random random = new(52);
        byte[] bytes = new byte[40];
        for (int round = 0; round < (TestScale.IsLong ? 125_000 : 2_000); round++)
        {
            yield return (Values(), Values());
        }

        BigInteger[] Values() => [.. Enumerable.Range(0, Lanes).Select(_ => random.Next(8) == 0 ? edges[random.Next(edges.Length)] : Next())];

        BigInteger Next()
        {
            random.NextBytes(bytes);
            return new BigInteger(bytes, isUnsigned: true) % prime;
        }
    }

    /// <summary>Uniform values, and every fourth one whose word, not its value, is an edge.</summary>
    private static Fr[] Elements(Random random, int count)
    {
        BigInteger[] edges = [0, 1, Fr.Modulus - 1, Fr.Modulus - 2, BigInteger.One << 208, (BigInteger.One << 208) - 1, Fr.Modulus >> 208 << 208];
        Fr[] values = Samples.Scalars(random, count);
        for (int i = 0; i < count; i++)
        {
            if (random.Next(4) == 0)
            {
                Pack([edges[random.Next(edges.Length)]]).CopyTo(MemoryMarshal.AsBytes(values.AsSpan(i, 1)));
            }
        }

        return values;
    }

    private static byte[] Pack(BigInteger[] values)
    {
        byte[] bytes = new byte[32 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i].TryWriteBytes(bytes.AsSpan(32 * i, 32), out _, isUnsigned: true);
        }

        return bytes;
    }
}
