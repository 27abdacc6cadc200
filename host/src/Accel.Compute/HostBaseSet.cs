namespace Accel.Compute;

/// <summary>G2 bases of a device's backend, which stay with the host's processor.</summary>
internal sealed class HostBaseSet(IComputeBackend owner, IBaseSet<G2Affine> inner) : IOwnedBaseSet<G2Affine>
{
    /// <inheritdoc />
    public int Count => inner.Count;

    /// <inheritdoc />
    public IComputeBackend Owner => owner;

    internal IBaseSet<G2Affine> Inner => inner;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
