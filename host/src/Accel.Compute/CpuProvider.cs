namespace Accel.Compute;

/// <summary>The processor of this machine.</summary>
public sealed class CpuProvider : IBackendProvider
{
    /// <inheritdoc />
    public string Kind => CpuBackend.Kind;

    /// <inheritdoc />
    public string Syntax => "cpu";

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<FoundDevice>> FindAsync(CancellationToken cancel) => new([new FoundDevice(Kind, "this machine's processor")]);

    /// <inheritdoc />
    public ValueTask<IComputeBackend> OpenAsync(string? options, int threads, CancellationToken cancel) => options is null
        ? new(new CpuBackend(threads))
        : throw new ArgumentException($"the cpu backend has no options, but '{options}' was given", nameof(options));
}
