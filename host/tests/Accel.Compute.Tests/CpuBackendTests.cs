using Xunit;

namespace Accel.Compute.Tests;

/// <summary>The contract on the CPU, with one thread, two and more than there are cores.</summary>
public class CpuBackendTests : ComputeBackendContract
{
    [Fact]
    public async Task Results_do_not_depend_on_the_number_of_threads()
    {
        Random random = new(11);
        (G1Affine[] points, _) = Samples.Points<Fq, Bn254G1>(random, 3000);
        Fr[] scalars = Samples.WitnessScalars(random, 3000);
        Fr[] values = Samples.Scalars(random, 1 << 13);
        List<G1Affine> products = [];
        List<Fr[]> transforms = [];
        foreach (int threads in (int[])[1, 2, 7])
        {
            await using CpuBackend backend = new(threads);
            products.Add((await Msm(backend, points, new MemoryScalarSource(scalars))).ToAffine());
            Fr[] copy = [.. values];
            await backend.NttAsync(new NttPlan(13, NttDirection.Forward), copy, Cancel);
            transforms.Add(copy);
        }

        Assert.Single(products.Distinct());
        Assert.All(transforms, transform => Assert.Equal(transforms[0], transform));
    }

    [Fact]
    public async Task The_default_uses_every_processor()
    {
        await using CpuBackend backend = new();
        Assert.Contains($"{Environment.ProcessorCount} thread", backend.Info.Device, StringComparison.Ordinal);
        Assert.Equal(CpuBackend.Kind, backend.Info.Kind);
    }

    [Fact]
    public void No_threads_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new CpuBackend(0));

    protected override ValueTask<IComputeBackend> CreateBackendAsync() => ValueTask.FromResult<IComputeBackend>(new CpuBackend(threads: 3));
}
