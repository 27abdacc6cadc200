using System.Runtime.CompilerServices;
using Accel.Compute.Cpu;
using Accel.Device;

namespace Accel.Compute.Fpga;

/// <summary>A part of a product's scalars.</summary>
/// <param name="Offset">The first one's number in the product.</param>
/// <param name="Values">Their values.</param>
/// <param name="Resident">Where they lie in device memory already; null when they have to be sent.</param>
internal readonly record struct ScalarPiece(int Offset, ReadOnlyMemory<Fr> Values, DeviceAddress? Resident);

/// <summary>Cuts a product's scalars into the parts that the engine is given one after the other; their order does not matter to a sum.</summary>
internal static class ScalarPieces
{
    private const int ScalarsPerBeat = DeviceAddress.AlignmentBytes / ScalarBytes.Length;

    /// <summary>Scalars in order, at most <paramref name="size"/> at a time; a piece is valid until the next is asked for.</summary>
    public static async IAsyncEnumerable<ScalarPiece> InOrderAsync(
        IScalarSource scalars, DeviceAddress? resident, int size, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach ((int offset, ReadOnlyMemory<Fr> values) in ScalarChunks.ReadAsync(scalars, size, cancel))
        {
            yield return new ScalarPiece(offset, values, resident is { } address ? address + ((long)offset * ScalarBytes.Length) : null);
        }
    }

    /// <summary>Scalars of a stream as they arrive in device memory; those that have arrived together, at most <paramref name="size"/> at a time.</summary>
    public static async IAsyncEnumerable<ScalarPiece> AsTheyArriveAsync(StreamedScalars scalars, int size, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArrivingScalars stream = scalars.Stream;
        GrowingScalars all = stream.Scalars;
        int aligned = Math.Min(all.Count, (scalars.First + ScalarsPerBeat - 1) / ScalarsPerBeat * ScalarsPerBeat);
        if (scalars.First < aligned)
        {
            // The engine reads whole beats: what begins inside one is sent apart.
            Fr[] head = new Fr[aligned - scalars.First];
            await scalars.ReadAsync(0, head, cancel);
            yield return new ScalarPiece(0, head, null);
        }

        for (int known = 0; aligned < all.Count && known < all.ChunkCount;)
        {
            int arrived = await stream.Arrived.WhenMoreAsync(known, cancel);
            foreach ((int first, int count) in stream.Arrived.Runs(known, arrived, Math.Max(1, size / all.ChunkScalars)))
            {
                int from = Math.Max(aligned, first * all.ChunkScalars);
                int to = Math.Min(all.Count, (first + count) * all.ChunkScalars);
                if (from < to)
                {
                    yield return new ScalarPiece(from - scalars.First, all.Values[from..to], stream.Address + ((long)from * ScalarBytes.Length));
                }
            }

            known = arrived;
        }
    }
}
