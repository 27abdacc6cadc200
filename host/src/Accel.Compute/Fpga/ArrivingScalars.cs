using Accel.Device;

namespace Accel.Compute.Fpga;

/// <summary>
/// A stream's scalars in device memory, canonical. A chunk crosses the link when it is final, together with neighbours that are; two transfers are under way at a
/// time, each from a buffer of its own, and chunks have their place, so that they may arrive in any order and be sent again. Products follow the log of arrivals.
/// </summary>
internal sealed class ArrivingScalars : IStreamedScalars
{
    private const int TransfersMax = 2;

    private readonly IDeviceTransport _transport;
    private readonly DeviceBuffer _buffer;
    private readonly CancellationTokenSource _stop;
    private readonly byte[][] _bytes;
    private readonly int _runChunksMax;
    private readonly Task _sending;
    private long _bytesSent;

    /// <summary>Begins to send.</summary>
    /// <param name="owner">The backend.</param>
    /// <param name="transport">Its path to the card.</param>
    /// <param name="buffer">Room for all scalars; becomes this object's.</param>
    /// <param name="scalars">The scalars.</param>
    /// <param name="transferScalars">The most that one transfer takes, unless a chunk is larger.</param>
    /// <param name="cancel">Ends the transfers.</param>
    public ArrivingScalars(
        FpgaBackend owner, IDeviceTransport transport, DeviceBuffer buffer, GrowingScalars scalars, int transferScalars, CancellationToken cancel)
    {
        Owner = owner;
        _transport = transport;
        _buffer = buffer;
        Scalars = scalars;
        Arrived = new ChunkLog(scalars.ChunkCount);
        _runChunksMax = Math.Max(1, transferScalars / scalars.ChunkScalars);
        int transferBytes = Math.Min(scalars.Count, _runChunksMax * scalars.ChunkScalars) * ScalarBytes.Length;
        _bytes = [.. Enumerable.Range(0, TransfersMax).Select(_ => new byte[transferBytes])];
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _sending = Task.Run(SendAllAsync, CancellationToken.None);
    }

    public FpgaBackend Owner { get; }

    public GrowingScalars Scalars { get; }

    public DeviceAddress Address => _buffer.Address;

    /// <summary>Chunks in the order in which they arrived.</summary>
    public ChunkLog Arrived { get; }

    /// <inheritdoc />
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <inheritdoc />
    public IScalarSource From(int first) => new StreamedScalars(this, first);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        _buffer.Dispose();
        _stop.Dispose();
    }

    /// <summary>Never throws: who waits for a chunk learns why it does not come.</summary>
    private async Task SendAllAsync()
    {
        Task[] transfers = [.. Enumerable.Repeat(Task.CompletedTask, TransfersMax)];
        int slot = 0;
        try
        {
            for (int known = 0; known < Scalars.ChunkCount;)
            {
                int final = await Scalars.Final.WhenMoreAsync(known, _stop.Token);
                foreach ((int first, int count) in Scalars.Final.Runs(known, final, _runChunksMax))
                {
                    await transfers[slot];
                    transfers[slot] = SendAsync(first, count, _bytes[slot]);
                    slot = (slot + 1) % TransfersMax;
                }

                known = final;
            }

            await Task.WhenAll(transfers);
        }
        catch (Exception exception)
        {
            Arrived.Fail(exception);
        }
        finally
        {
            await Task.WhenAll(transfers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(int firstChunk, int chunks, byte[] buffer)
    {
        int from = firstChunk * Scalars.ChunkScalars;
        ReadOnlyMemory<Fr> values = Scalars.Values[from..Math.Min(Scalars.Count, from + (chunks * Scalars.ChunkScalars))];
        Memory<byte> bytes = buffer.AsMemory(0, values.Length * ScalarBytes.Length);
        ScalarBytes.Write(values.Span, bytes.Span);
        await _transport.WriteAllAsync(_buffer.Address + ((long)from * ScalarBytes.Length), bytes, _stop.Token);
        Interlocked.Add(ref _bytesSent, bytes.Length);
        for (int chunk = firstChunk; chunk < firstChunk + chunks; chunk++)
        {
            Arrived.Add(chunk);
        }
    }
}

/// <summary>The scalars of a stream from one on. The engine reads them where they arrived; anybody else gets the host's.</summary>
internal sealed class StreamedScalars : IScalarSource
{
    public StreamedScalars(ArrivingScalars stream, int first)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, stream.Scalars.Count);
        Stream = stream;
        First = first;
    }

    public ArrivingScalars Stream { get; }

    public int First { get; }

    /// <inheritdoc />
    public int Count => Stream.Scalars.Count - First;

    /// <inheritdoc />
    public ValueTask ReadAsync(int offset, Memory<Fr> destination, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return Stream.Scalars.ReadAsync(First + offset, destination, cancel);
    }

    /// <inheritdoc />
    public bool TryGetMemory(out ReadOnlyMemory<Fr> memory)
    {
        bool isWhole = Stream.Scalars.TryGetMemory(out ReadOnlyMemory<Fr> all);
        memory = isWhole ? all[First..] : default;
        return isWhole;
    }
}
