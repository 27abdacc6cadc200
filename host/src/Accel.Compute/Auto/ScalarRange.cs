namespace Accel.Compute.Auto;

/// <summary>
/// A part of a scalar source. It can be revoked, so that a device which goes on after its time reads nothing that belongs to the caller again;
/// for the same reason it shows no memory, only copies.
/// </summary>
internal sealed class ScalarRange(IScalarSource source, int first, int count) : IScalarSource
{
    private volatile bool _isRevoked;

    public int Count => count;

    public void Revoke() => _isRevoked = true;

    public ValueTask ReadAsync(int offset, Memory<Fr> destination, CancellationToken cancel)
    {
        if (_isRevoked)
        {
            throw new OperationCanceledException("the scalars were taken back from a device that did not end in time");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, count - offset, nameof(destination));
        return source.ReadAsync(first + offset, destination, cancel);
    }

    public bool TryGetMemory(out ReadOnlyMemory<Fr> memory)
    {
        memory = default;
        return false;
    }
}
