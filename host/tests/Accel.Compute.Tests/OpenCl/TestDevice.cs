using Accel.Compute.OpenCl;
using Accel.Device.OpenCl;
using Xunit;

namespace Accel.Compute.Tests;

/// <summary>Opens a processor through OpenCL, or skips the test on a machine without a driver; `make setup` installs one, so CI never skips.</summary>
internal static class TestDevice
{
    // One for all tests of a run, so that the kernels are compiled once; no test looks into it.
    private static readonly Lazy<string> Cache = new(() =>
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("accel-test-opencl-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return folder.FullName;
    });

    public static OpenClDevice Find()
    {
        OpenClDevice? device = OpenClDevice.Find().FirstOrDefault(device => device is { IsProcessor: true, HasCompiler: true });
        Assert.SkipWhen(
            device is null && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")), "there is no OpenCL driver for this processor: `make setup` installs pocl-opencl-icd");
        return device ?? throw new InvalidOperationException("there is no OpenCL driver for this processor, which CI must have: `make setup` installs pocl-opencl-icd");
    }

    public static async ValueTask<OpenClBackend> OpenAsync(OpenClOptions? options = null) =>
        await OpenClBackend.OpenAsync(Find(), (options ?? new OpenClOptions { Threads = 2 }) with { CacheFolder = Cache.Value }, TestContext.Current.CancellationToken);
}
