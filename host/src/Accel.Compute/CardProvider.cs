using Accel.Device;

namespace Accel.Compute;

/// <summary>Cards behind one kind of transport.</summary>
/// <param name="transport">The path to them.</param>
/// <param name="sizes">What a backend is opened with, but for its threads; null for the defaults.</param>
public sealed class CardProvider(ITransportProvider transport, Func<FpgaBackendOptions>? sizes = null) : IBackendProvider
{
    /// <inheritdoc />
    public string Kind => transport.Kind;

    /// <inheritdoc />
    public string Syntax => transport.Syntax;

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<FoundDevice>> FindAsync(CancellationToken cancel) =>
        new([.. transport.Find().Select(found => new FoundDevice(found.Name, found.Description))]);

    /// <inheritdoc />
    public async ValueTask<IComputeBackend> OpenAsync(string? options, int threads, CancellationToken cancel)
    {
        IDeviceTransport path = transport.Open(options ?? string.Empty);
        try
        {
            return await FpgaBackend.OpenAsync(path, (sizes?.Invoke() ?? new FpgaBackendOptions()) with { Threads = threads }, cancel);
        }
        catch
        {
            await path.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask<BackendInfo> DescribeAsync(string? options, CancellationToken cancel)
    {
        await using IDeviceTransport path = transport.Open(options ?? string.Empty);
        return FpgaBackend.Describe(path.Info, await DeviceCapabilities.ReadAsync(path, cancel));
    }
}
