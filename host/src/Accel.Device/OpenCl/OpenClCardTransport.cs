using System.Collections.Concurrent;

namespace Accel.Device.OpenCl;

/// <summary>
/// A card whose shell speaks OpenCL: its program is a binary with two kernels, <c>accel_register</c> for registers, waits and resets, and <c>accel_copy</c>
/// between a buffer and the card's memory (host/docs/opencl.md). Each call is a chain of commands in one out-of-order queue that only its own events
/// order, so that the calls of several threads overlap. A device that does not answer in time is a <see cref="DeviceException"/>.
/// </summary>
public sealed class OpenClCardTransport : IDeviceTransport
{
    /// <summary>The name that selects this transport.</summary>
    public const string Kind = "opencl";

    private const int ChunkBytes = 1 << 20;
    private const int ResultBytes = 16;

    private readonly OpenClContext _context;
    private readonly OpenClProgram _program;
    private readonly OpenClQueue _queue;
    private readonly TimeSpan _deadline;
    private readonly Lock _lock = new();
    private readonly ConcurrentBag<Slot> _idle = [];
    private int _busy;
    private bool _disposed;

    /// <summary>Programs a card.</summary>
    /// <param name="device">The device.</param>
    /// <param name="binary">Path of the card's program.</param>
    /// <param name="deadline">How long a single access may take; null for ten minutes, which a simulation may need.</param>
    /// <exception cref="DeviceException">There is no such file, or the device does not take it.</exception>
    public OpenClCardTransport(OpenClDevice device, string binary, TimeSpan? deadline = null)
    {
        _deadline = deadline ?? TimeSpan.FromMinutes(10);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(binary);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new DeviceException($"{binary}: the card's program can't be read: {refused.Message}", refused);
        }

        _context = new OpenClContext(device);
        try
        {
            _program = _context.Load(bytes, string.Empty);
            _queue = _context.CreateQueue(isOutOfOrder: true);
            _idle.Add(new Slot(_context, _program));
        }
        catch
        {
            _context.Dispose();
            throw;
        }

        Info = new TransportInfo(Kind, $"{device}#{binary}", ChunkBytes);
    }

    /// <summary>What <c>accel_register</c> is to do.</summary>
    private enum Opcode : uint
    {
        Read = 0,
        Write = 1,
        Wait = 2,
        Reset = 3,
    }

    /// <summary>Where <c>accel_copy</c> is to copy.</summary>
    private enum Direction : uint
    {
        ToCard = 0,
        FromCard = 1,
    }

    /// <inheritdoc />
    public TransportInfo Info { get; }

    /// <inheritdoc />
    public async ValueTask<uint> ReadRegisterAsync(RegisterOffset offset, CancellationToken cancel) =>
        (await RegisterAsync(Opcode.Read, offset, 0, 0, $"reading register {offset}", cancel)).Value;

    /// <inheritdoc />
    public async ValueTask WriteRegisterAsync(RegisterOffset offset, uint value, CancellationToken cancel) =>
        await RegisterAsync(Opcode.Write, offset, value, 0, $"writing register {offset}", cancel);

    /// <inheritdoc />
    public async ValueTask<ulong> WaitAsync(RegisterOffset register, uint seen, ulong cyclesMax, CancellationToken cancel) =>
        (await RegisterAsync(Opcode.Wait, register, seen, cyclesMax, $"waiting on register {register}", cancel)).Cycles;

    /// <inheritdoc />
    public async ValueTask ResetAsync(CancellationToken cancel) => await RegisterAsync(Opcode.Reset, default, 0, 0, "resetting", cancel);

    /// <inheritdoc />
    public async ValueTask WriteAsync(DeviceAddress address, ReadOnlyMemory<byte> chunk, CancellationToken cancel)
    {
        Info.RequireChunk(address, chunk.Length);
        await UseAsync(slot => slot.Write(_queue, (uint)Direction.ToCard, address, chunk.Span), static _ => { }, $"writing {chunk.Length} bytes to {address}", cancel);
    }

    /// <inheritdoc />
    public async ValueTask ReadAsync(DeviceAddress address, Memory<byte> chunk, CancellationToken cancel)
    {
        Info.RequireChunk(address, chunk.Length);
        await UseAsync(
            slot => slot.Read(_queue, (uint)Direction.FromCard, address, chunk.Length),
            slot => slot.Chunk.AsSpan(0, chunk.Length).CopyTo(chunk.Span),
            $"reading {chunk.Length} bytes from {address}",
            cancel);
    }

    /// <inheritdoc />
    /// <remarks>What is under way ends first; the last of it frees the device.</remarks>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _disposed = true;
                FreeIfUnused();
            }
        }

        return ValueTask.CompletedTask;
    }

    private Task<Results> RegisterAsync(Opcode opcode, RegisterOffset offset, uint value, ulong cycles, string what, CancellationToken cancel) =>
        UseAsync(slot => slot.Register(_queue, (uint)opcode, offset, value, cycles), static _ => { }, what, cancel);

    /// <summary>Enqueues a chain of commands with a slot of its own and waits for its end. Whoever cancels leaves the slot to what still uses it.</summary>
    private async Task<Results> UseAsync(Func<Slot, OpenClEvent> enqueue, Action<Slot> collect, string what, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Slot slot;
        OpenClEvent done;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            slot = _idle.TryTake(out Slot? idle) ? idle : new Slot(_context, _program);
            try
            {
                done = enqueue(slot);
                _queue.Flush();
            }
            catch
            {
                slot.Dispose();
                throw;
            }

            _busy++;
        }

        Task<Results> ending = Task.Run(
            () =>
            {
                try
                {
                    done.Wait();
                    return slot.Results;
                }
                catch
                {
                    slot.IsBroken = true;
                    throw;
                }
            },
            CancellationToken.None);
        Results results;
        try
        {
            results = await ending.WaitAsync(_deadline, cancel);
        }
        catch (Exception left) when (left is TimeoutException or OperationCanceledException)
        {
            _ = ending.ContinueWith(_ => Return(slot, done), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (left is TimeoutException)
            {
                throw new DeviceException($"{Info.Path}: {what} did not end within {_deadline.TotalSeconds:N0} s");
            }

            throw;
        }
        catch
        {
            Return(slot, done);
            throw;
        }

        collect(slot);
        Return(slot, done);
        return results.Status switch
        {
            0 => results,
            1 => throw new DeviceException($"{Info.Path}: {what} failed: the bus answered with an error"),
            2 => throw new DeviceException($"{Info.Path}: {what} failed: the bus did not answer"),
            3 => throw new DeviceException($"{Info.Path}: {what} failed: address and length must be multiples of {DeviceAddress.AlignmentBytes} inside the memory"),
            _ => throw new DeviceException($"{Info.Path}: {what} failed: the card's program returned {results.Status}"),
        };
    }

    private void Return(Slot slot, OpenClEvent done)
    {
        lock (_lock)
        {
            done.Dispose();
            if (slot.IsBroken)
            {
                slot.Dispose();
            }
            else
            {
                slot.Clear();
                _idle.Add(slot);
            }

            _busy--;
            FreeIfUnused();
        }
    }

    private void FreeIfUnused()
    {
        if (!_disposed || _busy > 0)
        {
            return;
        }

        foreach (Slot slot in _idle)
        {
            slot.Dispose();
        }

        _queue.Dispose();
        _program.Dispose();
        _context.Dispose();
    }

    /// <summary>What the kernels store: status, a register's value, the cycles that a wait took.</summary>
    private readonly record struct Results(uint Status, uint Value, ulong Cycles);

    /// <summary>What one call at a time uses: kernels with their arguments, a chunk's buffer, the results.</summary>
    private sealed unsafe class Slot : IDisposable
    {
        private readonly OpenClKernel _register;
        private readonly OpenClKernel _copy;
        private readonly OpenClBuffer _chunk;
        private readonly OpenClBuffer _out;
        private readonly List<OpenClEvent> _events = [];

        // Pinned: commands that are under way hold their addresses.
        private readonly uint[] _results = GC.AllocateArray<uint>(ResultBytes / sizeof(uint), pinned: true);

        public Slot(OpenClContext context, OpenClProgram program)
        {
            _register = program.CreateKernel("accel_register");
            _copy = program.CreateKernel("accel_copy");
            _chunk = context.Allocate(ChunkBytes);
            _out = context.Allocate(ResultBytes);
        }

        public byte[] Chunk { get; } = GC.AllocateArray<byte>(ChunkBytes, pinned: true);

        public bool IsBroken { get; set; }

        public Results Results => new(_results[0], _results[1], _results[2] | ((ulong)_results[3] << 32));

        public OpenClEvent Register(OpenClQueue queue, uint opcode, RegisterOffset offset, uint value, ulong cycles)
        {
            _register.Set(opcode, offset.Bytes, value, cycles, _out);
            return ReadResults(queue, Keep(queue.Run(_register, (1, 1), 1)));
        }

        public OpenClEvent Write(OpenClQueue queue, uint direction, DeviceAddress address, ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(Chunk);
            _copy.Set(direction, address.Bytes, (ulong)bytes.Length, _chunk, _out);
            fixed (byte* first = Chunk)
            {
                return ReadResults(queue, Keep(queue.Run(_copy, (1, 1), 1, Keep(queue.Write(_chunk, 0, first, bytes.Length)))));
            }
        }

        public OpenClEvent Read(OpenClQueue queue, uint direction, DeviceAddress address, int bytes)
        {
            _copy.Set(direction, address.Bytes, (ulong)bytes, _chunk, _out);
            OpenClEvent copied = Keep(queue.Run(_copy, (1, 1), 1));
            fixed (byte* first = Chunk)
            {
                return ReadResults(queue, Keep(queue.Read(_chunk, 0, first, bytes, copied)));
            }
        }

        /// <summary>Forgets the events of a call that has ended.</summary>
        public void Clear()
        {
            foreach (OpenClEvent done in _events)
            {
                done.Dispose();
            }

            _events.Clear();
        }

        public void Dispose()
        {
            Clear();
            _register.Dispose();
            _copy.Dispose();
            _chunk.Dispose();
            _out.Dispose();
        }

        private OpenClEvent ReadResults(OpenClQueue queue, OpenClEvent after)
        {
            fixed (uint* first = _results)
            {
                return queue.Read(_out, 0, first, ResultBytes, after);
            }
        }

        private OpenClEvent Keep(OpenClEvent done)
        {
            _events.Add(done);
            return done;
        }
    }
}
