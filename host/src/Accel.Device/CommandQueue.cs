using System.Diagnostics.CodeAnalysis;

namespace Accel.Device;

/// <summary>
/// Commands in flight on one device: two rings in device memory, a tag for each command, a deadline for each wait. Submitting and awaiting
/// may happen on any thread. After a timeout or a broken rule of the rings every pending command fails, and nothing is accepted until <see cref="ResetAsync"/>.
/// </summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "A queue is what it is: the device's.")]
public sealed class CommandQueue : IAsyncDisposable
{
    private readonly IDeviceTransport _transport;
    private readonly CommandQueueOptions _options;
    private readonly DeviceBuffer _commandRing;
    private readonly DeviceBuffer _completionRing;
    private readonly SemaphoreSlim _slots;
    private readonly SemaphoreSlim _submitting = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Dictionary<ushort, Pending> _pending = [];
    private readonly CancellationTokenSource _closing = new();

    private ulong _waitedCycles;
    private ulong _lastDeadline;
    private uint _commandTail;
    private uint _completionHead;
    private ushort _nextTag;
    private Task _pump = Task.CompletedTask;
    private DeviceException? _fault;
    private bool _disposed;

    private CommandQueue(IDeviceTransport transport, DeviceCapabilities capabilities, CommandQueueOptions options)
    {
        _transport = transport;
        _options = options;
        Capabilities = capabilities;
        Memory = new DeviceMemory(capabilities.MemoryBytes);
        int depth = Math.Min(1 << options.RingLog2, 1 << capabilities.RingLog2Max);
        RingLog2 = int.Log2(depth);
        _commandRing = Memory.Allocate((long)depth * DeviceCommand.LengthBytes);
        _completionRing = Memory.Allocate((long)depth * DeviceCompletion.LengthBytes);

        // One entry stays free, so that a full ring differs from an empty one whatever the device compares.
        InFlightMax = Math.Min(options.InFlightMax, depth - 1);
        _slots = new SemaphoreSlim(InFlightMax, InFlightMax);
    }

    /// <summary>What the device can do.</summary>
    public DeviceCapabilities Capabilities { get; }

    /// <summary>Device memory; the rings are already taken from it.</summary>
    public DeviceMemory Memory { get; }

    /// <summary>The path to the device, for transfers.</summary>
    public IDeviceTransport Transport => _transport;

    /// <summary>Commands that may be in flight at once.</summary>
    public int InFlightMax { get; }

    /// <summary>The rings have 2 to this power entries.</summary>
    public int RingLog2 { get; }

    /// <summary>Whether the queue waits for <see cref="ResetAsync"/>.</summary>
    public bool IsFaulted => Volatile.Read(ref _fault) is not null;

    /// <summary>Identifies the device, resets it and sets up its rings.</summary>
    /// <param name="transport">The path; the queue disposes it with itself.</param>
    /// <param name="options">Sizes; null for the defaults.</param>
    /// <param name="cancel">Cancels the set-up.</param>
    /// <exception cref="DeviceException">The device is not one that this program knows.</exception>
    public static async Task<CommandQueue> OpenAsync(IDeviceTransport transport, CommandQueueOptions? options, CancellationToken cancel)
    {
        DeviceCapabilities capabilities = await DeviceCapabilities.ReadAsync(transport, cancel);
        CommandQueue queue = new(transport, capabilities, options ?? new CommandQueueOptions());
        await queue.InitialiseAsync(cancel);
        return queue;
    }

    /// <summary>Submits a command, as soon as there is a free slot, and returns the promise of its completion.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cyclesMax">Its own time, in device cycles; what is in the queue before it counts on top.</param>
    /// <param name="cancel">Cancels the wait for a slot; a submitted command runs to its end.</param>
    /// <returns>
    /// The completion, or <see cref="DeviceCommandException"/> when the device reports an error, <see cref="DeviceTimeoutException"/> when it reports
    /// nothing in time, <see cref="DeviceProtocolException"/> when the rings are broken.
    /// </returns>
    public async Task<Task<DeviceCompletion>> SubmitAsync(DeviceCommand command, ulong cyclesMax, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfZero(cyclesMax);
        await _slots.WaitAsync(cancel);
        Pending? pending = null;
        try
        {
            await _submitting.WaitAsync(cancel);
            try
            {
                pending = Register(command);
                await WriteDescriptorAsync(pending);
                Arm(pending, cyclesMax);
            }
            finally
            {
                _submitting.Release();
            }
        }
        catch (Exception exception)
        {
            if (pending is null)
            {
                _slots.Release();
            }
            else
            {
                // Half a submission leaves the ring's state unknown.
                Fail(exception as DeviceException ?? new DeviceException($"{command} could not be submitted", exception));
            }

            throw;
        }

        EnsurePump();
        return pending.Task;
    }

    /// <summary>Submits a command and awaits its completion.</summary>
    /// <inheritdoc cref="SubmitAsync" path="/param" />
    public async Task<DeviceCompletion> ExecuteAsync(DeviceCommand command, ulong cyclesMax, CancellationToken cancel) =>
        await await SubmitAsync(command, cyclesMax, cancel);

    /// <summary>Resets the device and its rings. Pending commands fail; memory keeps its contents.</summary>
    public async Task ResetAsync(CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _submitting.WaitAsync(cancel);
        try
        {
            Fail(new DeviceException("the device was reset"));
            await _pump;
            await InitialiseAsync(cancel);
        }
        finally
        {
            _submitting.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _closing.CancelAsync();
        await _submitting.WaitAsync(CancellationToken.None);
        Fail(new DeviceException("the device was closed"));
        await _pump;
        await _transport.DisposeAsync();
        _closing.Dispose();
        _slots.Dispose();
        _submitting.Dispose();
    }

    private async Task InitialiseAsync(CancellationToken cancel)
    {
        await ResetDeviceAsync(cancel);
        await WriteAddressAsync(AccelRegisters.QueueBaseLo, AccelRegisters.QueueBaseHi, _commandRing.Address, cancel);
        await _transport.WriteRegisterAsync(AccelRegisters.QueueLog2, (uint)RingLog2, cancel);
        await WriteAddressAsync(AccelRegisters.CompletionBaseLo, AccelRegisters.CompletionBaseHi, _completionRing.Address, cancel);
        await _transport.WriteRegisterAsync(AccelRegisters.CompletionLog2, (uint)RingLog2, cancel);
        await _transport.WriteRegisterAsync(AccelRegisters.Control, AccelRegisters.ControlEnable, cancel);
        lock (_lock)
        {
            _commandTail = 0;
            _completionHead = 0;
            _waitedCycles = 0;
            _lastDeadline = 0;
            _fault = null;
        }
    }

    /// <summary>A soft reset, which lets memory accesses end in good order; the reset line where they do not.</summary>
    private async Task ResetDeviceAsync(CancellationToken cancel)
    {
        await _transport.WriteRegisterAsync(AccelRegisters.Control, AccelRegisters.ControlSoftReset, cancel);
        uint status = await _transport.ReadRegisterAsync(AccelRegisters.Status, cancel);
        for (ulong waited = 0; (status & AccelRegisters.StatusResetting) != 0 && waited < _options.ResetCyclesMax;)
        {
            waited += await _transport.WaitAsync(AccelRegisters.Status, status, _options.ResetCyclesMax - waited, cancel);
            status = await _transport.ReadRegisterAsync(AccelRegisters.Status, cancel);
        }

        if ((status & AccelRegisters.StatusResetting) != 0 || !await MemoryAnswersAsync(cancel))
        {
            await _transport.ResetAsync(cancel);
        }
    }

    /// <summary>Whether the host's own path to device memory works: a soft reset does not wait for accesses that the host began.</summary>
    private async Task<bool> MemoryAnswersAsync(CancellationToken cancel)
    {
        try
        {
            await _transport.ReadAsync(_completionRing.Address, new byte[DeviceCompletion.LengthBytes], cancel);
            return true;
        }
        catch (DeviceException)
        {
            return false;
        }
    }

    private async ValueTask WriteAddressAsync(RegisterOffset low, RegisterOffset high, DeviceAddress address, CancellationToken cancel)
    {
        await _transport.WriteRegisterAsync(low, (uint)address.Bytes, cancel);
        await _transport.WriteRegisterAsync(high, (uint)(address.Bytes >> 32), cancel);
    }

    private Pending Register(DeviceCommand command)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_fault is not null)
            {
                throw new DeviceException($"the device must be reset after: {_fault.Message}", _fault);
            }

            while (_pending.ContainsKey(_nextTag))
            {
                _nextTag++;
            }

            Pending pending = new(command, _nextTag++);
            _pending.Add(pending.Tag, pending);
            return pending;
        }
    }

    /// <summary>Starts a command's time, now that its doorbell has rung: cycles that others wait for before that are not its own.</summary>
    private void Arm(Pending pending, ulong cyclesMax)
    {
        lock (_lock)
        {
            // Commands ahead in the queue may take their whole time before this one starts.
            bool alone = _pending.Values.All(other => other.Deadline is null);
            _lastDeadline = (alone ? _waitedCycles : Math.Max(_waitedCycles, _lastDeadline)) + cyclesMax;
            pending.SubmittedAt = _waitedCycles;
            pending.Deadline = _lastDeadline;
        }
    }

    private async Task WriteDescriptorAsync(Pending pending)
    {
        byte[] descriptor = new byte[DeviceCommand.LengthBytes];
        pending.Command.Encode(pending.Tag, descriptor);
        uint slot = _commandTail & ((1u << RingLog2) - 1);
        await _transport.WriteAsync(_commandRing.Address + (slot * DeviceCommand.LengthBytes), descriptor, _closing.Token);
        _commandTail++;
        await _transport.WriteRegisterAsync(AccelRegisters.QueueTail, _commandTail, _closing.Token);
    }

    private void EnsurePump()
    {
        lock (_lock)
        {
            if (_pump.IsCompleted && _pending.Count > 0)
            {
                _pump = Task.Factory.StartNew(PumpAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _options.Scheduler).Unwrap();
            }
        }
    }

    /// <summary>Waits for completions as long as a command is in the device's queue.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever ends the pump must reach every caller that waits for it.")]
    private async Task PumpAsync()
    {
        try
        {
            while (NextDeadline() is { } deadline)
            {
                ulong slice = Math.Clamp(deadline - _waitedCycles, 1, _options.WaitCyclesMax);
                _waitedCycles += await _transport.WaitAsync(AccelRegisters.CompletionTail, _completionHead, slice, _closing.Token);
                await DrainAsync();
                await RequireHealthAsync();
            }
        }
        catch (Exception exception)
        {
            Fail(exception as DeviceException ?? new DeviceException($"waiting for the device failed: {exception.Message}", exception));
        }
    }

    private ulong? NextDeadline()
    {
        lock (_lock)
        {
            if (_fault is null && _pending.Values.Min(pending => pending.Deadline) is { } deadline)
            {
                return deadline;
            }

            // Under the same lock as the test in EnsurePump, so that a command registered from now on starts another pump.
            _pump = Task.CompletedTask;
            return null;
        }
    }

    private async Task DrainAsync()
    {
        uint tail = await _transport.ReadRegisterAsync(AccelRegisters.CompletionTail, _closing.Token);
        if (tail - _completionHead > 1u << RingLog2)
        {
            throw new DeviceProtocolException($"the completion ring's tail is {tail} when its head is {_completionHead} and it has {1 << RingLog2} entries");
        }

        byte[] bytes = new byte[DeviceCompletion.LengthBytes];
        for (; _completionHead != tail; _completionHead++)
        {
            uint slot = _completionHead & ((1u << RingLog2) - 1);
            await _transport.ReadAsync(_completionRing.Address + (slot * DeviceCompletion.LengthBytes), bytes, _closing.Token);
            Settle(DeviceCompletion.Decode(bytes));
        }

        await _transport.WriteRegisterAsync(AccelRegisters.CompletionHead, _completionHead, _closing.Token);
    }

    private void Settle(DeviceCompletion completion)
    {
        if (completion.Sequence != _completionHead)
        {
            throw new DeviceProtocolException($"completion {_completionHead} carries sequence number {completion.Sequence}: one was lost or overwritten");
        }

        Pending? pending;
        lock (_lock)
        {
            if (!_pending.Remove(completion.Tag, out pending))
            {
                throw new DeviceProtocolException($"completion {completion.Sequence} has tag {completion.Tag}, which no pending command has");
            }
        }

        _slots.Release();
        if (completion.IsOk && completion.Opcode != pending.Command.Opcode)
        {
            pending.Fail(new DeviceProtocolException($"{pending.Command} with tag {pending.Tag} was completed as {completion.Opcode}"));
        }
        else if (completion.IsOk)
        {
            pending.Complete(completion);
        }
        else
        {
            pending.Fail(new DeviceCommandException(pending.Command, completion));
        }
    }

    /// <summary>Ends the wait for completions that can't come any more.</summary>
    private async Task RequireHealthAsync()
    {
        if ((await _transport.ReadRegisterAsync(AccelRegisters.Status, _closing.Token) & AccelRegisters.StatusFault) != 0)
        {
            throw new DeviceProtocolException($"the device stopped on a fault of its rings: {await DescribeAsync()}");
        }

        Pending? late;
        lock (_lock)
        {
            late = _pending.Values.Where(pending => pending.Deadline <= _waitedCycles).MinBy(pending => pending.Deadline);
        }

        if (late is not null)
        {
            string registers = await DescribeAsync();
            throw new DeviceTimeoutException(late.Command, late.Tag, _waitedCycles - late.SubmittedAt, registers);
        }
    }

    private async Task<string> DescribeAsync()
    {
        uint status = await _transport.ReadRegisterAsync(AccelRegisters.Status, _closing.Token);
        uint error = await _transport.ReadRegisterAsync(AccelRegisters.Error, _closing.Token);
        uint head = await _transport.ReadRegisterAsync(AccelRegisters.QueueHead, _closing.Token);
        uint tail = await _transport.ReadRegisterAsync(AccelRegisters.CompletionTail, _closing.Token);
        return $"status 0x{status:x8}, error 0x{error:x8}, queue head {head} of tail {_commandTail}, completion tail {tail} of head {_completionHead}";
    }

    /// <summary>Stops taking commands and fails all that are pending.</summary>
    private void Fail(DeviceException cause)
    {
        Pending[] failed;
        lock (_lock)
        {
            _fault ??= cause;
            failed = [.. _pending.Values];
            _pending.Clear();
        }

        foreach (Pending pending in failed)
        {
            _slots.Release();
            pending.Fail(cause);
        }
    }

    private sealed class Pending(DeviceCommand command, ushort tag)
    {
        private readonly TaskCompletionSource<DeviceCompletion> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DeviceCommand Command => command;

        public ushort Tag => tag;

        public ulong SubmittedAt { get; set; }

        /// <summary>Null until the doorbell has rung.</summary>
        public ulong? Deadline { get; set; }

        public Task<DeviceCompletion> Task => _source.Task;

        public void Complete(DeviceCompletion completion) => _source.TrySetResult(completion);

        public void Fail(DeviceException cause)
        {
            _source.TrySetException(cause);

            // A caller that was cancelled may never look; the queue itself remembers the cause.
            _ = _source.Task.Exception;
        }
    }
}

/// <summary>Sizes of a command queue.</summary>
public sealed record CommandQueueOptions
{
    /// <summary>The rings have 2 to this power entries, or what the device allows if that is less.</summary>
    public int RingLog2 { get; init; } = 6;

    /// <summary>Commands in flight at once.</summary>
    public int InFlightMax { get; init; } = 32;

    /// <summary>Device cycles that a soft reset may take before the reset line is pulled.</summary>
    public ulong ResetCyclesMax { get; init; } = 100_000;

    /// <summary>Device cycles of one wait, so that a cancelled or closing program need not sit through a whole deadline.</summary>
    public ulong WaitCyclesMax { get; init; } = 20_000;

    /// <summary>Where completions are waited for; a run that is to repeat exactly has a thread of its own.</summary>
    internal TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;
}
