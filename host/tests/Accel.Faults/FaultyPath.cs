using Accel.Device.Link;

namespace Accel.Faults;

/// <summary>One direction of a path: blocks of bytes on their way, with the faults of a seed.</summary>
internal sealed class FaultyPath(VirtualClock clock, Random random)
{
    private readonly PriorityQueue<byte[], (long At, long Number)> _blocks = new();
    private long _number;
    private long _stalledUntil;
    private byte[]? _heldBack;

    /// <summary>Faults that have changed what arrived, or when.</summary>
    public int Made { get; private set; }

    /// <summary>When the next block arrives.</summary>
    public long? NextAt => _blocks.TryPeek(out _, out (long At, long Number) next) ? next.At : null;

    /// <summary>Bytes on their way.</summary>
    public long Bytes { get; private set; }

    public void Empty()
    {
        Bytes = 0;
        _blocks.Clear();
        _heldBack = null;
        _stalledUntil = 0;
    }

    /// <summary>Holds up this block and all that follow.</summary>
    public void Stall(TimeSpan time)
    {
        Made++;
        _stalledUntil = clock.GetTimestamp() + time.Ticks;
    }

    public void Send(ReadOnlySpan<byte> bytes, PathFault fault)
    {
        byte[] block = bytes.ToArray();
        int at = random.Next(block.Length);
        TimeSpan delay = TimeSpan.FromMicroseconds(200);
        Made += fault is PathFault.None or PathFault.Reorder ? 0 : 1;
        switch (fault)
        {
            case PathFault.Flip:
                block[at] ^= (byte)(1 << random.Next(8));
                break;
            case PathFault.Drop:
                int dropped = Math.Min(block.Length - at, random.Next(2) == 0 ? 1 : random.Next(1, 600));
                block = [.. block[..at], .. block[(at + dropped)..]];
                break;
            case PathFault.Duplicate:
                int doubled = Math.Min(block.Length - at, random.Next(2) == 0 ? block.Length : random.Next(1, 600));
                block = [.. block[..(at + doubled)], .. block[at..]];
                break;
            case PathFault.Garbage:
                byte[] noise = new byte[random.Next(1, 300)];
                random.NextBytes(noise);
                if (noise.Length > FrameHeader.Sync.Length && random.Next(2) == 0)
                {
                    FrameHeader.Sync.CopyTo(noise.AsSpan(random.Next(noise.Length - FrameHeader.Sync.Length)));
                }

                block = [.. block[..at], .. noise, .. block[at..]];
                break;
            case PathFault.Delay:
                delay = TimeSpan.FromMilliseconds(random.Next(1, 5000));
                break;
            case PathFault.Reorder when _heldBack is null:
                _heldBack = block;
                return;
            default:
                break;
        }

        Put(block, delay);
        if (_heldBack is { } late)
        {
            Made++;
            _heldBack = null;
            Put(late, delay);
        }
    }

    /// <summary>Takes what has arrived, in pieces of any length.</summary>
    public void Deliver(SpanAction take)
    {
        while (_blocks.TryPeek(out byte[]? block, out (long At, long Number) next) && next.At <= clock.GetTimestamp())
        {
            _blocks.Dequeue();
            Bytes -= block.Length;
            for (int at = 0; at < block.Length;)
            {
                int piece = random.Next(4) == 0 ? Math.Min(block.Length - at, random.Next(1, 40)) : block.Length - at;
                take(block.AsSpan(at, piece));
                at += piece;
            }
        }
    }

    public delegate void SpanAction(ReadOnlySpan<byte> bytes);

    private void Put(byte[] block, TimeSpan delay)
    {
        Bytes += block.Length;
        _blocks.Enqueue(block, (Math.Max(clock.GetTimestamp() + delay.Ticks, _stalledUntil), _number++));
    }
}
