using Accel.Compute.OpenCl;
using Accel.Device.OpenCl;
using Xunit;

namespace Accel.Compute.Tests;

/// <summary>The contract on OpenCL, on the processor's driver.</summary>
public class OpenClBackendTests : ComputeBackendContract
{
    [Fact]
    public async Task Info_says_what_stays_on_the_host()
    {
        await using OpenClBackend backend = await TestDevice.OpenAsync();
        Assert.Equal(OpenClBackend.Kind, backend.Info.Kind);
        Assert.Contains(backend.Info.OnHost, part => part.Contains("G2", StringComparison.Ordinal));
        Assert.Contains("64-bit limbs", backend.Info.Device, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public async Task Limbs_of_each_width_agree_with_the_processor(int limbBits)
    {
        await using OpenClBackend backend = await TestDevice.OpenAsync(new OpenClOptions { Threads = 2, LimbBits = limbBits });
        Assert.Contains($"{limbBits}-bit limbs", backend.Info.Device, StringComparison.Ordinal);
        await CheckAgainstProcessorAsync(backend, 2000);
    }

    [Fact]
    public async Task Work_groups_of_measured_sizes_agree_with_the_processor_and_are_measured_once()
    {
        OpenClOptions options = new() { Threads = 2, Measure = true };
        await using OpenClBackend first = await TestDevice.OpenAsync(options);
        await CheckAgainstProcessorAsync(first, 300);
        await using OpenClBackend second = await TestDevice.OpenAsync(options);
        Assert.Equal(first.Info.Device, second.Info.Device);

        // Sizes other than a processor's own are legal too.
        second.Sizes = second.Sizes with { MsmGroup = 16, NttGroup = 64 };
        await CheckAgainstProcessorAsync(second, 300);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(16)]
    public async Task Windows_of_every_kind_and_several_chunks_agree_with_the_processor(int windowBits)
    {
        await using OpenClBackend backend = await TestDevice.OpenAsync(new OpenClOptions { Threads = 2, WindowBits = windowBits, ChunkScalars = 700 });
        await CheckAgainstProcessorAsync(backend, 2000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_bucket_that_nearly_all_points_share_is_summed_in_groups_of_segments(bool areOpposite)
    {
        const int Count = 20_000;
        await using OpenClBackend backend = await TestDevice.OpenAsync();
        Random random = new(Count);
        (G1Affine[] few, Fr[] fewLogarithms) = Samples.Points<Fq, Bn254G1>(random, 50);
        int[] which = [.. Enumerable.Range(0, Count).Select(_ => random.Next(few.Length))];
        Fr[] scalars = [.. which.Select((_, i) => i % 500 == 0 ? Samples.Scalar(random) : areOpposite && i % 2 == 0 ? -Fr.One : Fr.One)];
        G1 product = await Msm(backend, [.. which.Select(i => few[i])], new MemoryScalarSource(scalars));
        Assert.Equal(Samples.ByLogarithms<Fq, Bn254G1>(scalars, [.. which.Select(i => fewLogarithms[i])]), product);
    }

    [Fact]
    public async Task Sizes_beyond_the_devices_memory_are_refused()
    {
        await using OpenClBackend backend = await TestDevice.OpenAsync();
        Assert.SkipWhen(backend.Info.NttLog2SizeMax >= 27, "this device has memory for every size that an array can hold");
        NotSupportedException error = await Assert.ThrowsAsync<NotSupportedException>(
            () => backend.NttAsync(new NttPlan(backend.Info.NttLog2SizeMax + 1, NttDirection.Forward), new Fr[1 << (backend.Info.NttLog2SizeMax + 1)], Cancel).AsTask());
        Assert.Contains($"2^{backend.Info.NttLog2SizeMax}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(48)]
    [InlineData(0)]
    public async Task Limbs_of_no_width_are_refused(int limbBits) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TestDevice.OpenAsync(new OpenClOptions { LimbBits = limbBits }).AsTask());

    [Fact]
    public async Task A_device_is_found_and_opened_by_index_and_by_parts_of_its_names()
    {
        OpenClDevice device = TestDevice.Find();
        OpenClProvider provider = new();
        Assert.Contains(await provider.FindAsync(Cancel), found => found.Name == $"opencl:{device.PlatformIndex}/{device.DeviceIndex}");
        string byName = $"{device.PlatformName[..8].ToLowerInvariant()}/{device.Name[..5].ToUpperInvariant()}";
        foreach (string selector in new[] { $"{device.PlatformIndex}/{device.DeviceIndex}", byName })
        {
            Assert.Equal(device.Name, OpenClDevice.Select(selector).Name);
        }
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_answered_with_those_that_are()
    {
        OpenClDevice device = TestDevice.Find();
        Device.DeviceException error = await Assert.ThrowsAsync<Device.DeviceException>(() => new OpenClProvider().OpenAsync("abacus/0", 1, Cancel).AsTask());
        Assert.Contains("'abacus/0'", error.Message, StringComparison.Ordinal);
        Assert.Contains(device.Name, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => new OpenClProvider().OpenAsync("0/0/0", 1, Cancel).AsTask());
    }

    [Fact]
    public void Kernels_that_do_not_compile_are_answered_with_the_compilers_log()
    {
        using OpenClContext context = new(TestDevice.Find());
        OpenClException error = Assert.Throws<OpenClException>(() => context.Compile("__kernel void broken(void) { no_such_function(); }", OpenClKernels.Options));
        Assert.Contains("no_such_function", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_without_so_much_memory_says_so()
    {
        OpenClDevice device = TestDevice.Find();
        using OpenClContext context = new(device);
        OpenClException error = Assert.Throws<OpenClException>(() => context.Allocate(2 * device.MemoryBytes));
        Assert.Contains("allocating", error.Message, StringComparison.Ordinal);
        Assert.Contains(device.Name, error.Message, StringComparison.Ordinal);
    }

    protected override async ValueTask<IComputeBackend> CreateBackendAsync() => await TestDevice.OpenAsync();

    private static async Task CheckAgainstProcessorAsync(OpenClBackend backend, int count)
    {
        Random random = new(count);
        await using CpuBackend processor = new(2);
        (G1Affine[] points, _) = Samples.Points<Fq, Bn254G1>(random, count);
        foreach (Fr[] scalars in new[] { Samples.Scalars(random, count), Samples.WitnessScalars(random, count) })
        {
            MemoryScalarSource source = new(scalars);
            Assert.Equal(await Msm(processor, points, source), await Msm(backend, points, source));
        }

        foreach (int log2 in (int[])[9, 10, 13])
        {
            foreach (NttPlan plan in new[] { new NttPlan(log2, NttDirection.Forward, 7), new NttPlan(log2, NttDirection.Inverse, 7), new NttPlan(log2, NttDirection.Inverse) })
            {
                Fr[] expected = Samples.Scalars(random, 1 << log2);
                Fr[] actual = [.. expected];
                await processor.NttAsync(plan, expected, Cancel);
                await backend.NttAsync(plan, actual, Cancel);
                Assert.Equal(expected, actual);
            }
        }
    }
}
