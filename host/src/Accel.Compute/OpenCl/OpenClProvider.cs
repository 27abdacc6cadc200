using Accel.Device;
using Accel.Device.OpenCl;

namespace Accel.Compute.OpenCl;

/// <summary>The OpenCL devices of this machine that compile kernels.</summary>
public sealed class OpenClProvider : IBackendProvider
{
    /// <inheritdoc />
    public string Kind => OpenClBackend.Kind;

    /// <inheritdoc />
    public string Syntax => "opencl[:PLATFORM/DEVICE]";

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<FoundDevice>> FindAsync(CancellationToken cancel) =>
        new([.. OpenClDevice.Find().Where(device => device.HasCompiler).Select(device => new FoundDevice($"{Kind}:{device.PlatformIndex}/{device.DeviceIndex}", $"{device.Name}, {device.PlatformName}"))]);

    /// <inheritdoc />
    /// <exception cref="DeviceException">There is no such device.</exception>
    public async ValueTask<IComputeBackend> OpenAsync(string? options, int threads, CancellationToken cancel) =>
        await OpenClBackend.OpenAsync(OpenClDevice.Select(options ?? string.Empty), new OpenClOptions { Threads = threads }, cancel);
}
