namespace Accel.Device;

/// <summary>Hands out ranges of device memory: first fit over a sorted list of free ranges. Safe to call from several threads.</summary>
public sealed class DeviceMemory
{
    /// <summary>Ranges begin on multiples of this, so that no burst of one buffer shares a 4 KiB page with another's.</summary>
    public const int GranuleBytes = 4096;

    private readonly Lock _lock = new();
    private readonly SortedList<ulong, ulong> _free = [];

    /// <summary>Manages [0, size).</summary>
    /// <param name="sizeBytes">Bytes of device memory; a multiple of <see cref="GranuleBytes"/>.</param>
    public DeviceMemory(long sizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sizeBytes, GranuleBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(sizeBytes % GranuleBytes, 0);
        SizeBytes = sizeBytes;
        _free.Add(0, (ulong)sizeBytes);
    }

    /// <summary>Bytes of device memory.</summary>
    public long SizeBytes { get; }

    /// <summary>Bytes in free ranges.</summary>
    public long FreeBytes
    {
        get
        {
            lock (_lock)
            {
                return _free.Values.Sum(length => (long)length);
            }
        }
    }

    /// <summary>A range of at least <paramref name="bytes"/> bytes; dispose to give it back. An empty range takes one granule, so that its address is its own.</summary>
    /// <exception cref="DeviceMemoryException">No free range is large enough.</exception>
    public DeviceBuffer Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_lock)
        {
            // A request too large to be rounded up without overflow can't fit anyway.
            if (bytes <= SizeBytes)
            {
                ulong length = (ulong)Math.Max(1, (bytes + GranuleBytes - 1) / GranuleBytes) * GranuleBytes;
                for (int i = 0; i < _free.Count; i++)
                {
                    if (_free.Values[i] >= length)
                    {
                        return Take(i, length, bytes);
                    }
                }
            }

            throw new DeviceMemoryException(bytes, _free.Values.Select(length => (long)length).DefaultIfEmpty(0).Max(), SizeBytes);
        }
    }

    internal void Release(ulong start, ulong length)
    {
        lock (_lock)
        {
            int next = 0;
            while (next < _free.Count && _free.Keys[next] < start)
            {
                next++;
            }

            if (next < _free.Count && start + length == _free.Keys[next])
            {
                length += _free.Values[next];
                _free.RemoveAt(next);
            }

            if (next > 0 && _free.Keys[next - 1] + _free.Values[next - 1] == start)
            {
                _free[_free.Keys[next - 1]] += length;
            }
            else
            {
                _free.Add(start, length);
            }
        }
    }

    private DeviceBuffer Take(int index, ulong length, long bytes)
    {
        (ulong start, ulong available) = (_free.Keys[index], _free.Values[index]);
        _free.RemoveAt(index);
        if (available > length)
        {
            _free.Add(start + length, available - length);
        }

        return new DeviceBuffer(this, new DeviceAddress(start), bytes, length);
    }
}

/// <summary>A range of device memory; dispose to give it back. Nothing may still read or write it then.</summary>
public sealed class DeviceBuffer : IDisposable
{
    private readonly DeviceMemory _memory;
    private readonly ulong _reserved;
    private int _released;

    internal DeviceBuffer(DeviceMemory memory, DeviceAddress address, long lengthBytes, ulong reserved)
    {
        _memory = memory;
        _reserved = reserved;
        Address = address;
        LengthBytes = lengthBytes;
    }

    /// <summary>Where it begins.</summary>
    public DeviceAddress Address { get; }

    /// <summary>Bytes that were asked for.</summary>
    public long LengthBytes { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            _memory.Release(Address.Bytes, _reserved);
        }
    }
}
