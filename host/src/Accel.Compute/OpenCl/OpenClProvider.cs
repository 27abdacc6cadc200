using Accel.Device;
using Accel.Device.OpenCl;

namespace Accel.Compute.OpenCl;

/// <summary>
/// OpenCL: devices that compile kernels compute by <see cref="OpenClBackend"/>; a card that is given its program after <c>#</c> is an
/// <see cref="FpgaBackend"/>. Cards are not found by themselves: which program suits one only its operator knows.
/// </summary>
/// <param name="cacheFolder">Folder of compiled kernels; null for the user's own.</param>
/// <param name="card">What a card is opened with, but for its threads; null for the defaults.</param>
public sealed class OpenClProvider(Func<string>? cacheFolder = null, Func<FpgaBackendOptions>? card = null) : IBackendProvider
{
    /// <inheritdoc />
    public string Kind => OpenClBackend.Kind;

    /// <inheritdoc />
    public string Syntax => "opencl[:PLATFORM/DEVICE[#BINARY]]";

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<FoundDevice>> FindAsync(CancellationToken cancel) =>
        new([.. OpenClDevice.Find().Where(device => device.HasCompiler).Select(device => new FoundDevice($"{Kind}:{device.PlatformIndex}/{device.DeviceIndex}", $"{device.Name}, {device.PlatformName}"))]);

    /// <inheritdoc />
    /// <exception cref="DeviceException">There is no such device.</exception>
    public async ValueTask<IComputeBackend> OpenAsync(string? options, int threads, CancellationToken cancel)
    {
        string selector = options ?? string.Empty;
        int mark = selector.IndexOf('#', StringComparison.Ordinal);
        if (mark < 0)
        {
            OpenClOptions kernels = new() { Threads = threads };
            kernels = cacheFolder is null ? kernels : kernels with { CacheFolder = cacheFolder() };
            return await OpenClBackend.OpenAsync(OpenClDevice.Select(selector), kernels, cancel);
        }

        if (mark == selector.Length - 1)
        {
            throw new ArgumentException($"'{selector}' names no program: the path of the card's binary comes after #", nameof(options));
        }

        OpenClCardTransport transport = new(OpenClDevice.Select(selector[..mark]), selector[(mark + 1)..]);
        try
        {
            return await FpgaBackend.OpenAsync(transport, (card?.Invoke() ?? new FpgaBackendOptions()) with { Threads = threads }, cancel);
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }
}
