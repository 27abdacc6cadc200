using System.Buffers;
using System.Runtime.CompilerServices;

namespace Accel.Compute.Cpu;

/// <summary>A scalar source cut into chunks; the next one is read while the caller works on the last.</summary>
internal static class ScalarChunks
{
    /// <summary>All scalars in order, at most <paramref name="size"/> at a time; a chunk is valid until the next is asked for.</summary>
    public static async IAsyncEnumerable<(int Offset, ReadOnlyMemory<Fr> Scalars)> ReadAsync(
        IScalarSource source, int size, [EnumeratorCancellation] CancellationToken cancel)
    {
        int total = source.Count;
        if (source.TryGetMemory(out ReadOnlyMemory<Fr> memory))
        {
            for (int offset = 0; offset < total; offset += size)
            {
                yield return (offset, memory[offset..Math.Min(total, offset + size)]);
            }

            yield break;
        }

        // A read that is abandoned may still write, so the buffers go back to the pool only when every read has ended.
        Fr[] current = ArrayPool<Fr>.Shared.Rent(Math.Min(size, total));
        Fr[] next = ArrayPool<Fr>.Shared.Rent(Math.Min(size, Math.Max(0, total - size)));
        Task reading = ReadInto(current, 0);
        for (int offset = 0; offset < total; offset += size)
        {
            await reading;
            reading = ReadInto(next, offset + size);
            yield return (offset, current.AsMemory(0, Math.Min(size, total - offset)));
            (current, next) = (next, current);
        }

        await reading;
        ArrayPool<Fr>.Shared.Return(current);
        ArrayPool<Fr>.Shared.Return(next);

        Task ReadInto(Fr[] buffer, int offset) => offset < total
            ? source.ReadAsync(offset, buffer.AsMemory(0, Math.Min(size, total - offset)), cancel).AsTask()
            : Task.CompletedTask;
    }
}
