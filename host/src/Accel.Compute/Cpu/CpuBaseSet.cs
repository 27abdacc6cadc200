namespace Accel.Compute.Cpu;

/// <summary>Bases in the caller's own memory: a CPU has nothing to transfer.</summary>
internal sealed class CpuBaseSet<TPoint>(CpuBackend owner, ReadOnlyMemory<TPoint> points) : IOwnedBaseSet<TPoint>
    where TPoint : struct
{
    private ReadOnlyMemory<TPoint>? _points = points;

    /// <inheritdoc />
    public int Count { get; } = points.Length;

    /// <inheritdoc />
    public IComputeBackend Owner => owner;

    /// <exception cref="ObjectDisposedException">The set was disposed.</exception>
    internal ReadOnlyMemory<TPoint> Points => _points ?? throw new ObjectDisposedException(nameof(IBaseSet<>), "the bases were disposed before this product");

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _points = null;
        return ValueTask.CompletedTask;
    }
}
