using Accel.Device;

namespace Accel.Compute;

/// <summary>Cards behind one kind of transport.</summary>
/// <param name="transport">The path to them.</param>
public sealed class CardProvider(ITransportProvider transport) : IBackendProvider
{
    /// <inheritdoc />
    public string Kind => transport.Kind;

    /// <inheritdoc />
    public string Syntax => transport.Syntax;

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<FoundDevice>> FindAsync(CancellationToken cancel) =>
        new([.. transport.Find().Select(found => new FoundDevice(found.Name, found.Description))]);

    /// <inheritdoc />
    public async ValueTask<IComputeBackend> OpenAsync(string? options, int threads, CancellationToken cancel) =>
        await FpgaBackend.OpenAsync(transport.Open(options ?? string.Empty), new FpgaBackendOptions { Threads = threads }, cancel);
}
