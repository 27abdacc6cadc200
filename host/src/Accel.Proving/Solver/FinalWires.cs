using Accel.Compute;

namespace Accel.Proving.Solver;

/// <summary>Counts the wires that one thread has set and tells the stream of them chunk by chunk, so that the threads meet at a counter once a chunk and not once a wire.</summary>
internal sealed class FinalWires(GrowingScalars stream)
{
    private int _chunk;
    private int _count;

    /// <summary>Wires [first, first + count) are final.</summary>
    public void Add(uint first, int count)
    {
        int wire = (int)first;
        for (int end = wire + count; wire < end;)
        {
            int chunk = wire / stream.ChunkScalars;
            if (chunk != _chunk)
            {
                Flush();
                _chunk = chunk;
            }

            int next = Math.Min(end, (chunk + 1) * stream.ChunkScalars);
            _count += next - wire;
            wire = next;
        }
    }

    /// <summary>Tells of what was not told yet; call it before the thread turns to other work.</summary>
    public void Flush()
    {
        stream.Publish(_chunk, _count);
        _count = 0;
    }
}
