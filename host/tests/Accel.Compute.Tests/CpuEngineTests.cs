using Accel.Compute.Cpu;
using Accel.Compute.Tests.Native;
using Xunit;

namespace Accel.Compute.Tests;

/// <summary>The choice of an engine, and that all engines agree.</summary>
public class CpuEngineTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void The_default_is_the_first_that_the_processor_accelerates() =>
        Assert.Same(CpuEngine.All.First(engine => engine.IsAccelerated), CpuEngine.Choose(null));

    [Fact]
    public void An_engine_can_be_forced_by_name() => Assert.Equal("scalar", CpuEngine.Choose("scalar").Name);

    [Fact]
    public void An_unknown_engine_is_answered_with_those_that_exist()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => CpuEngine.Choose("neon"));
        Assert.Contains("ACCEL_CPU is 'neon'; there is: ifma, avx512, avx2, scalar", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_engine_that_the_processor_lacks_is_refused_and_not_replaced()
    {
        CpuEngine? missing = CpuEngine.All.FirstOrDefault(engine => !engine.IsAccelerated);
        Assert.SkipWhen(missing is null, "this processor accelerates every engine");
        ArgumentException error = Assert.Throws<ArgumentException>(() => CpuEngine.Choose(missing!.Name));
        Assert.Contains($"needs {missing!.Needs}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_engines_give_the_same_transforms_at_every_size_to_2_to_the_12()
    {
        for (int log2 = 0; log2 <= 12; log2++)
        {
            Random random = new(log2);
            Fr[] values = Samples.Scalars(random, 1 << log2);
            NttPlan[] plans =
            [
                new(log2, NttDirection.Forward),
                new(log2, NttDirection.Inverse),
                new(log2, NttDirection.Forward, Samples.Scalar(random)),
                new(log2, NttDirection.Inverse, Samples.Scalar(random)),
            ];
            foreach (NttPlan plan in plans)
            {
                List<Fr[]> results = [];
                foreach (CpuEngine engine in PortableKernels.AllEngines())
                {
                    Fr[] copy = [.. values];
                    await new CpuBackend(2, engine).NttAsync(plan, copy, Cancel);
                    results.Add(copy);
                }

                Assert.All(results, result => Assert.Equal(results[^1], result));
            }
        }
    }

    [Fact]
    public async Task All_engines_give_the_same_products_at_every_power_to_2_to_the_12()
    {
        (G1Affine[] points, _) = Samples.Points<Fq, Bn254G1>(new Random(5), 1 << 12);
        for (int log2 = 0; log2 <= 12; log2++)
        {
            Fr[] scalars = Samples.Scalars(new Random(log2), 1 << log2);
            List<G1Affine> results = [];
            foreach (CpuEngine engine in PortableKernels.AllEngines())
            {
                CpuBackend backend = new(2, engine);
                results.Add((await backend.MsmAsync(await backend.LoadBasesAsync(points, Cancel), new MemoryScalarSource(scalars), Cancel)).ToAffine());
            }

            Assert.Single(results.Distinct());
        }
    }

    [Fact]
    public async Task Bases_that_are_all_alike_or_opposite_are_added_right()
    {
        Random random = new(77);
        G1Affine point = G1.Generator.Multiply(12345).ToAffine();
        G1Affine[] points = [.. Enumerable.Range(0, 3000).Select(i => random.Next(2) == 0 ? point : -point)];
        Fr[] scalars = [.. Enumerable.Range(0, 3000).Select(_ => (Fr)random.Next(3))];
        Fr sum = Fr.Zero;
        for (int i = 0; i < points.Length; i++)
        {
            sum += points[i] == point ? scalars[i] : -scalars[i];
        }

        foreach (CpuEngine engine in PortableKernels.AllEngines())
        {
            CpuBackend backend = new(2, engine);
            G1 product = await backend.MsmAsync(await backend.LoadBasesAsync(points, Cancel), new MemoryScalarSource(scalars), Cancel);
            Assert.True(G1.FromAffine(point) * sum == product, engine.Name);
        }
    }
}

/// <summary>The contract in portable arithmetic.</summary>
public class ScalarCpuBackendTests : ComputeBackendContract
{
    protected override ValueTask<IComputeBackend> CreateBackendAsync() => ValueTask.FromResult<IComputeBackend>(new CpuBackend(2, new ScalarEngine()));
}

/// <summary>The contract on four lanes, in software where the processor has none.</summary>
public class FourLaneCpuBackendTests : ComputeBackendContract
{
    protected override ValueTask<IComputeBackend> CreateBackendAsync() =>
        ValueTask.FromResult<IComputeBackend>(new CpuBackend(2, CpuEngine.All.Single(engine => engine.Name == "avx2")));
}

/// <summary>The contract on eight lanes, in software where the processor has none.</summary>
public class EightLaneCpuBackendTests : ComputeBackendContract
{
    protected override ValueTask<IComputeBackend> CreateBackendAsync() =>
        ValueTask.FromResult<IComputeBackend>(new CpuBackend(2, CpuEngine.All.Single(engine => engine.Name == "avx512")));
}

/// <summary>The contract on the native kernels' portable build.</summary>
public class NativeCpuBackendTests : ComputeBackendContract
{
    protected override ValueTask<IComputeBackend> CreateBackendAsync() => ValueTask.FromResult<IComputeBackend>(new CpuBackend(2, PortableKernels.Engine()));
}
