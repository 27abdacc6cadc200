using System.Buffers.Binary;
using System.Diagnostics;

namespace Accel.Device.Pcie;

/// <summary>
/// A card on PCIe behind Xilinx's XDMA and its driver's character devices: registers are loads and stores of the mapped user BAR, chunks are calls on
/// the DMA channels, as many at once as there are channels. Or what stands in for all of that: <c>accel-sim serve --xdma</c>.
/// </summary>
public sealed class XdmaTransport : IDeviceTransport, ILinkMeter
{
    /// <summary>The name that selects this transport.</summary>
    public const string Kind = "pcie";

    /// <summary>The largest single transfer.</summary>
    public const int ChunkBytesMax = 1 << 20;

    private const uint AllOnes = uint.MaxValue;
    private const uint SelfClearing = AccelRegisters.ControlSoftReset | AccelRegisters.ControlClearError;
    private const ulong ResetCyclesMax = 1_000_000;

    /// <summary>Layout of the stand-in's counters, behind the registers.</summary>
    private const int ActivityBytes = 64;
    private const uint ActivityMagic = 0x4b4e4c41;
    private const uint ActivityVersion = 1;

    private static readonly TimeSpan SpinFor = TimeSpan.FromMicroseconds(20);
    private static readonly TimeSpan YieldFor = TimeSpan.FromMicroseconds(200);
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(1);

    /// <summary>A card's clock never rests; one that does is no longer there.</summary>
    private static readonly TimeSpan StandstillMax = TimeSpan.FromSeconds(5);

    private readonly XdmaPaths _paths;
    private readonly RegisterWindow _registers;
    private readonly DmaQueue _toCard;
    private readonly DmaQueue _fromCard;
    private int _isDisposed;

    /// <summary>Opens a card.</summary>
    /// <param name="options"><c>N[,user=PATH,h2c=PATH,c2h=PATH]</c>; empty for card 0; or the folder of a stand-in.</param>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    /// <exception cref="DeviceException">A file can't be opened or mapped; the message says what would help.</exception>
    public XdmaTransport(string options = "")
        : this(XdmaPaths.Parse(options, XdmaTransportProvider.Devices))
    {
    }

    internal XdmaTransport(XdmaPaths paths)
    {
        _paths = paths;
        Info = new TransportInfo(Kind, paths.User, ChunkBytesMax);
        List<IDisposable> opened = [];
        try
        {
            _registers = Keep(new RegisterWindow(paths.User, paths.IsStandIn ? 2 * RegisterWindow.Bytes : RegisterWindow.Bytes));
            _toCard = Keep(new DmaQueue("h2c", [.. paths.ToCard.Select(path => Keep(OpenChannel(path)))]));
            _fromCard = Keep(new DmaQueue("c2h", [.. paths.FromCard.Select(path => Keep(OpenChannel(path)))]));
        }
        catch
        {
            // Backwards: a queue gives up its channels, which takes being done twice.
            opened.Reverse();
            opened.ForEach(one => one.Dispose());
            throw;
        }

        T Keep<T>(T one)
            where T : IDisposable
        {
            opened.Add(one);
            return one;
        }

        IDmaChannel OpenChannel(string path) => paths.IsStandIn ? new StandInChannel(path) : new XdmaChannel(path);
    }

    /// <inheritdoc />
    public TransportInfo Info { get; }

    /// <inheritdoc />
    public ValueTask<uint> ReadRegisterAsync(RegisterOffset offset, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return new(Load(offset));
    }

    /// <inheritdoc />
    public async ValueTask WriteRegisterAsync(RegisterOffset offset, uint value, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        _registers.Write(offset, value);
        if (offset == AccelRegisters.Control && (value & SelfClearing) != 0)
        {
            // Stores are posted: this one has reached the card when what it clears reads as 0, and only then is STATUS that of after it.
            await PollAsync(() => (Load(AccelRegisters.Control) & SelfClearing) == 0, ulong.MaxValue, cancel);
        }
    }

    /// <inheritdoc />
    public async ValueTask WriteAsync(DeviceAddress address, ReadOnlyMemory<byte> chunk, CancellationToken cancel)
    {
        RequireChunk(address, chunk.Length, cancel);
        if (!chunk.IsEmpty)
        {
            await _toCard.SubmitAsync(new DmaTransfer(address, chunk, default, cancel));
        }
    }

    /// <inheritdoc />
    public async ValueTask ReadAsync(DeviceAddress address, Memory<byte> chunk, CancellationToken cancel)
    {
        RequireChunk(address, chunk.Length, cancel);
        if (!chunk.IsEmpty)
        {
            await _fromCard.SubmitAsync(new DmaTransfer(address, default, chunk, cancel));
        }
    }

    /// <inheritdoc />
    public ValueTask<ulong> WaitAsync(RegisterOffset register, uint seen, ulong cyclesMax, CancellationToken cancel) =>
        PollAsync(() => Load(register) != seen, cyclesMax, cancel);

    /// <inheritdoc />
    /// <remarks>XDMA has no reset line to the core: this is the reset of the control register, and the end of it.</remarks>
    public async ValueTask ResetAsync(CancellationToken cancel)
    {
        await WriteRegisterAsync(AccelRegisters.Control, AccelRegisters.ControlSoftReset, cancel);
        await PollAsync(() => !IsResetting(), ResetCyclesMax, cancel);
        if (IsResetting())
        {
            throw new DeviceException(
                $"{Info.Path}: the core did not end its reset in {ResetCyclesMax:N0} cycles: an access to its memory hangs; reset the card by /sys/bus/pci/devices/…/reset, or load its bitstream again");
        }

        bool IsResetting() => (Load(AccelRegisters.Status) & AccelRegisters.StatusResetting) != 0;
    }

    /// <inheritdoc />
    /// <remarks>Only the stand-in counts.</remarks>
    public LinkActivity? ReadActivity()
    {
        if (!_paths.IsStandIn)
        {
            return null;
        }

        Span<byte> page = stackalloc byte[ActivityBytes];
        _registers.Copy(RegisterWindow.Bytes, page);
        if (BinaryPrimitives.ReadUInt32LittleEndian(page) != ActivityMagic || BinaryPrimitives.ReadUInt32LittleEndian(page[4..]) != ActivityVersion)
        {
            throw new DeviceException($"{Info.Path}: at byte {RegisterWindow.Bytes} are no counters of version {ActivityVersion}: use the accel-sim of this build, or has it ended?");
        }

        return new LinkActivity(
            BinaryPrimitives.ReadUInt64LittleEndian(page[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(page[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(page[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(page[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(page[40..]),
            BinaryPrimitives.ReadUInt64LittleEndian(page[48..]),
            BinaryPrimitives.ReadDoubleLittleEndian(page[56..]));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            // Threads are waited for, that may be in a driver's call.
            await Task.Run(() =>
            {
                _toCard.Dispose();
                _fromCard.Dispose();
            });
            _registers.Dispose();
        }
    }

    private void RequireChunk(DeviceAddress address, int bytes, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Info.RequireChunk(address, bytes);
    }

    /// <summary>A load; a bus without a card answers all ones, and the identity tells whether that is what was read.</summary>
    private uint Load(RegisterOffset offset)
    {
        uint value = _registers.Read(offset);
        return value != AllOnes || _registers.Read(AccelRegisters.Id) != AllOnes
            ? value
            : throw new DeviceException($"{Info.Path}: the registers read as all ones: the card is gone from the bus, or its bitstream is being loaded");
    }

    /// <summary>Polls, at first for an answer within microseconds, later without burning a processor.</summary>
    private async ValueTask<ulong> PollAsync(Func<bool> isDone, ulong cyclesMax, CancellationToken cancel)
    {
        ulong waited = 0;
        ulong last = ReadCycles();
        long started = Stopwatch.GetTimestamp();
        long moved = started;
        for (SpinWait spin = default; !isDone() && waited < cyclesMax;)
        {
            cancel.ThrowIfCancellationRequested();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed < SpinFor)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
            else if (elapsed < YieldFor)
            {
                await Task.Yield();
            }
            else
            {
                await Task.Delay(Nap, cancel);
            }

            ulong now = ReadCycles();
            if (now != last)
            {
                // A reset begins the count anew.
                waited += now > last ? now - last : now;
                (last, moved) = (now, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(moved) > StandstillMax)
            {
                throw new DeviceException(
                    $"{Info.Path}: the card's clock has stood at {now:N0} cycles for {StandstillMax.TotalSeconds:N0} s: the card, or what simulates it, is gone");
            }
        }

        return waited;
    }

    private ulong ReadCycles() => _registers.ReadWide(AccelRegisters.CyclesLo, AccelRegisters.CyclesHi);
}
