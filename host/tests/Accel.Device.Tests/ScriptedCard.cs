using System.Buffers.Binary;
using Accel.Device.Link;

namespace Accel.Device.Tests;

/// <summary>A card in a few lines: registers, memory, and completions that a test may bend. Time passes only in waits.</summary>
internal sealed class ScriptedCard : IDeviceTransport
{
    private const int MemoryLog2 = 20;
    private readonly Lock _lock = new();
    private readonly byte[] _memory = new byte[1 << MemoryLog2];
    private readonly Dictionary<uint, uint> _registers = new()
    {
        [AccelRegisters.Id.Bytes] = AccelRegisters.IdValue,
        [AccelRegisters.Version.Bytes] = AccelRegisters.VersionMajorValue << AccelRegisters.VersionMajorShift,
        [AccelRegisters.Capabilities.Bytes] = AccelRegisters.CapabilitiesMsm | AccelRegisters.CapabilitiesPointwise,
        [AccelRegisters.CurveId.Bytes] = 1,
        [AccelRegisters.Widths.Bytes] = 254 | (253u << AccelRegisters.WidthsScalarShift),
        [AccelRegisters.Montgomery.Bytes] = 256 | (260u << AccelRegisters.MontgomeryScalarRBitsShift),
        [AccelRegisters.MsmLimits.Bytes] = 17 | (2u << 8) | (13u << 16),
        [AccelRegisters.MsmAdderLatency.Bytes] = 77,
        [AccelRegisters.NttLimits.Bytes] = 4 | (12u << 8) | (28u << 16),
        [AccelRegisters.MemoryLog2.Bytes] = MemoryLog2,
        [AccelRegisters.RingLog2Max.Bytes] = 16,
    };

    private readonly List<(DeviceCompletion Completion, ulong At)> _due = [];
    private ulong _now;
    private uint _fetched;
    private uint _sequence;

    public TransportInfo Info { get; } = new("scripted", "test card", 4096);

    /// <summary>Cycles from a doorbell to its completion.</summary>
    public ulong Delay { get; set; } = 100;

    /// <summary>What becomes of a completion before it is written; null loses it without a trace.</summary>
    public Func<DeviceCompletion, DeviceCompletion?> Bend { get; set; } = completion => completion;

    /// <summary>Where in the queue of due completions a new one goes; by default at the end.</summary>
    public Func<int, int> Place { get; set; } = count => count;

    /// <summary>Fails the next write to memory.</summary>
    public bool FailNextWrite { get; set; }

    /// <summary>Before this has ended, no time passes: what a test submits until then is in the queue together.</summary>
    public Task TimeStarts { get; set; } = Task.CompletedTask;

    /// <summary>Soft resets never end.</summary>
    public bool SoftResetHangs { get; set; }

    public int HardResets { get; private set; }

    public int InFlightSeen { get; private set; }

    public List<(ushort Tag, byte[] Descriptor)> Fetched { get; } = [];

    public bool Disposed { get; private set; }

    public uint this[RegisterOffset offset]
    {
        get => _registers.GetValueOrDefault(offset.Bytes);
        set => _registers[offset.Bytes] = value;
    }

    /// <summary>Registers that were written, in order.</summary>
    public List<RegisterOffset> Written { get; } = [];

    /// <summary>Called before a register is read.</summary>
    public Action<RegisterOffset> BeforeRead { get; set; } = _ => { };

    public ValueTask<uint> ReadRegisterAsync(RegisterOffset offset, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (_lock)
        {
            BeforeRead(offset);
            return ValueTask.FromResult(this[offset]);
        }
    }

    public ValueTask WriteRegisterAsync(RegisterOffset offset, uint value, CancellationToken cancel)
    {
        lock (_lock)
        {
            this[offset] = value;
            Written.Add(offset);
            if (offset == AccelRegisters.QueueTail)
            {
                Fetch();
            }
            else if (offset == AccelRegisters.Control && (value & AccelRegisters.ControlSoftReset) != 0)
            {
                Restart();
                foreach (RegisterDescription register in RegisterMap.Registers.Where(register => register is { Access: RegisterAccess.ReadWrite, Reset: not null }))
                {
                    this[register.Offset] = register.Reset!.Value;
                }

                this[AccelRegisters.Status] = SoftResetHangs ? AccelRegisters.StatusResetting : 0;
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(DeviceAddress address, ReadOnlyMemory<byte> chunk, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (FailNextWrite)
            {
                FailNextWrite = false;
                throw new DeviceException("the test card refused a write");
            }

            Xunit.Assert.Equal((0, 0ul), (chunk.Length % 64, address.Bytes % 64));
            chunk.CopyTo(_memory.AsMemory((int)address.Bytes));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ReadAsync(DeviceAddress address, Memory<byte> chunk, CancellationToken cancel)
    {
        lock (_lock)
        {
            Xunit.Assert.Equal((0, 0ul), (chunk.Length % 64, address.Bytes % 64));
            _memory.AsMemory((int)address.Bytes, chunk.Length).CopyTo(chunk);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask<ulong> WaitAsync(RegisterOffset register, uint seen, ulong cyclesMax, CancellationToken cancel)
    {
        await TimeStarts.WaitAsync(cancel);
        lock (_lock)
        {
            ulong waited = 0;
            while (this[register] == seen && waited < cyclesMax)
            {
                // Steps of time keep the test fast whatever the deadline is.
                ulong step = Math.Min(cyclesMax - waited, _due.Count > 0 && _due[0].At > _now ? _due[0].At - _now : 10);
                waited += step;
                _now += step;
                Deliver();
            }

            return waited;
        }
    }

    public ValueTask ResetAsync(CancellationToken cancel)
    {
        lock (_lock)
        {
            HardResets++;
            this[AccelRegisters.Status] = 0;
            Restart();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }

    private void Restart()
    {
        _due.Clear();
        _fetched = _sequence = 0;
        this[AccelRegisters.CompletionTail] = this[AccelRegisters.QueueTail] = this[AccelRegisters.QueueHead] = this[AccelRegisters.CompletionHead] = 0;
    }

    private void Fetch()
    {
        uint mask = (1u << (int)this[AccelRegisters.QueueLog2]) - 1;
        for (; _fetched != this[AccelRegisters.QueueTail]; _fetched++)
        {
            byte[] descriptor = _memory.AsSpan((int)(this[AccelRegisters.QueueBaseLo] + ((_fetched & mask) * 64)), 64).ToArray();
            ushort tag = BinaryPrimitives.ReadUInt16LittleEndian(descriptor.AsSpan(2));
            Fetched.Add((tag, descriptor));
            DeviceCompletion completion = new() { Tag = tag, Opcode = (DeviceOpcode)descriptor[DescriptorLayout.Opcode], Cycles = Delay };
            _due.Insert(Place(_due.Count), (completion.Opcode == DeviceOpcode.Msm ? WithChecksums(completion, descriptor) : completion, _now + Delay));
            InFlightSeen = Math.Max(InFlightSeen, _due.Count);
        }

        this[AccelRegisters.QueueHead] = _fetched;
    }

    private DeviceCompletion WithChecksums(DeviceCompletion completion, byte[] descriptor)
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(descriptor.AsSpan(DescriptorLayout.Count));
        int scalars = (int)BinaryPrimitives.ReadUInt64LittleEndian(descriptor.AsSpan(DescriptorLayout.Source0));
        int bases = (int)BinaryPrimitives.ReadUInt64LittleEndian(descriptor.AsSpan(DescriptorLayout.Source1));
        return completion with
        {
            ScalarChecksum = Crc32C.Of(_memory.AsSpan(scalars, 32 * count)),
            BaseChecksum = Crc32C.Of(_memory.AsSpan(bases, 64 * count)),
        };
    }

    private void Deliver()
    {
        uint mask = (1u << (int)this[AccelRegisters.CompletionLog2]) - 1;
        while (_due.Count > 0 && _due[0].At <= _now)
        {
            DeviceCompletion? bent = Bend(_due[0].Completion with { Sequence = _sequence });
            _due.RemoveAt(0);
            if (bent is { } completion)
            {
                Span<byte> slot = _memory.AsSpan((int)(this[AccelRegisters.CompletionBaseLo] + ((this[AccelRegisters.CompletionTail] & mask) * 64)), 64);
                BinaryPrimitives.WriteUInt16LittleEndian(slot, completion.Tag);
                slot[2] = completion.Status;
                slot[3] = (byte)completion.Opcode;
                BinaryPrimitives.WriteUInt32LittleEndian(slot[4..], completion.Sequence);
                BinaryPrimitives.WriteUInt64LittleEndian(slot[8..], completion.Cycles);
                BinaryPrimitives.WriteUInt32LittleEndian(slot[CompletionLayout.ScalarCrc..], completion.ScalarChecksum);
                BinaryPrimitives.WriteUInt32LittleEndian(slot[CompletionLayout.BaseCrc..], completion.BaseChecksum);
                _sequence++;
                this[AccelRegisters.CompletionTail]++;
            }
        }
    }
}
