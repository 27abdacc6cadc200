namespace Accel.Compute.Tests;

/// <summary>Scalars that can only be read, as those of a device or a file, never had as memory.</summary>
internal sealed class ChunkedScalarSource(Fr[] scalars) : IScalarSource
{
    public int Count => scalars.Length;

    public ValueTask ReadAsync(int offset, Memory<Fr> destination, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        scalars.AsMemory(offset, destination.Length).CopyTo(destination);
        return ValueTask.CompletedTask;
    }

    public bool TryGetMemory(out ReadOnlyMemory<Fr> memory)
    {
        memory = default;
        return false;
    }
}
