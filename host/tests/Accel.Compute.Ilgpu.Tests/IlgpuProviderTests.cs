using Accel.Device;
using Xunit;

namespace Accel.Compute.Ilgpu.Tests;

public sealed class IlgpuProviderTests
{
    private static readonly IlgpuProvider Provider = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_cpu_accelerator_is_always_found_and_last()
    {
        IReadOnlyList<FoundDevice> found = await Provider.FindAsync(Cancel);
        Assert.Equal("ilgpu:cpu", found[^1].Name);
        Assert.Equal(IlgpuBackend.CudaDevices.Count + 1, found.Count);
    }

    [Fact]
    public async Task Without_options_the_best_that_is_present_opens_and_says_what_it_is()
    {
        await using IComputeBackend backend = await Provider.OpenAsync(null, threads: 2, Cancel);
        Assert.Contains(IlgpuBackend.CudaDevices.Count > 0 ? "sm_" : "for tests, slow", backend.Info.Device, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cuda_device_that_is_absent_is_an_error_and_no_fallback()
    {
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => Provider.OpenAsync("cuda:4711", threads: 2, Cancel).AsTask());
        Assert.Contains("CUDA device 4711", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:x")]
    [InlineData("cuda:-1")]
    [InlineData("cpu:1")]
    public async Task Other_options_are_refused_by_name(string options)
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => Provider.OpenAsync(options, threads: 2, Cancel).AsTask());
        Assert.Contains($"'{options}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(Provider.Syntax, error.Message, StringComparison.Ordinal);
    }
}
