namespace Accel.Compute;

/// <summary>Scalars that lie in host memory.</summary>
/// <param name="scalars">n scalars; they must not change while the source is in use.</param>
public sealed class MemoryScalarSource(ReadOnlyMemory<Fr> scalars) : IScalarSource
{
    /// <inheritdoc />
    public int Count => scalars.Length;

    /// <inheritdoc />
    public ValueTask ReadAsync(int offset, Memory<Fr> destination, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (offset < 0 || offset > scalars.Length - destination.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, $"scalars [{offset}, {(long)offset + destination.Length}) were asked of a source that has {scalars.Length}");
        }

        scalars.Slice(offset, destination.Length).CopyTo(destination);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public bool TryGetMemory(out ReadOnlyMemory<Fr> memory)
    {
        memory = scalars;
        return true;
    }
}
