namespace Accel.Compute.Auto;

/// <summary>Bases in the caller's memory, resident on those devices that were chosen for them.</summary>
/// <param name="owner">The backend that loaded them.</param>
/// <param name="points">The bases; they must stay unchanged until the set is disposed.</param>
/// <param name="load">Makes bases resident on a device.</param>
internal sealed class AutoBaseSet<TPoint>(
    AutoBackend owner, ReadOnlyMemory<TPoint> points, Func<IComputeBackend, ReadOnlyMemory<TPoint>, CancellationToken, ValueTask<IBaseSet<TPoint>>> load) : IOwnedBaseSet<TPoint>
    where TPoint : struct
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(DeviceSlot Slot, int Generation, int Offset, int Count), Task<IBaseSet<TPoint>>> _resident = [];
    private bool _disposed;

    public IComputeBackend Owner => owner;

    public int Count => points.Length;

    public bool IsResident(DeviceSlot slot)
    {
        lock (_lock)
        {
            return _resident.ContainsKey((slot, slot.Generation, 0, points.Length));
        }
    }

    public void RequireUsable() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <summary>The bases on a device; all of them, or those of one part of a product.</summary>
    public async ValueTask<IBaseSet<TPoint>> OnAsync(DeviceSlot slot, int offset, int count, CancellationToken cancel)
    {
        (DeviceSlot Slot, int Generation, int Offset, int Count) key = (slot, slot.Generation, offset, count);
        Task<IBaseSet<TPoint>>? loading;
        lock (_lock)
        {
            RequireUsable();
            if (!_resident.TryGetValue(key, out loading))
            {
                loading = load(slot.Backend, points.Slice(offset, count), cancel).AsTask();
                _resident.Add(key, loading);
            }
        }

        try
        {
            return await loading.WaitAsync(cancel);
        }
        catch when (loading.IsCompleted && !loading.IsCompletedSuccessfully)
        {
            lock (_lock)
            {
                _resident.Remove(key);
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<(DeviceSlot Slot, Task<IBaseSet<TPoint>> Set)> all;
        lock (_lock)
        {
            _disposed = true;
            all = [.. _resident.Select(entry => (entry.Key.Slot, entry.Value))];
            _resident.Clear();
        }

        foreach ((DeviceSlot slot, Task<IBaseSet<TPoint>> set) in all)
        {
            if (slot.Health == DeviceHealth.Ready && set.IsCompletedSuccessfully)
            {
                await (await set).DisposeAsync();
            }
        }
    }
}
