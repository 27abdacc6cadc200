using System.Runtime.InteropServices;

namespace Accel.Device;

/// <summary>
/// The Verilated card: registers through AXI4-Lite cycles, chunks through the core's AXI4 port. The simulation only advances inside a call,
/// as far as the call needs. One call at a time has it; the others wait.
/// </summary>
public sealed class SimTransport : IDeviceTransport
{
    /// <summary>The name that selects this transport.</summary>
    public const string Kind = "sim";

    private readonly SimLibrary _library;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private nint _handle;

    /// <summary>Powers up a simulated card.</summary>
    /// <param name="options">
    /// <c>key=value,…</c>: <c>library</c> names the build (empty for the full core); the rest is <c>accel_sim_create</c>'s: latency, stalls, seed, errors, flips, temperature, trace.
    /// </param>
    /// <exception cref="DeviceException">The library is not built.</exception>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    public SimTransport(string options = "")
    {
        string[] parts = options.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        const string LibraryKey = "library=";
        _library = SimLibrary.Load(parts.LastOrDefault(part => part.StartsWith(LibraryKey, StringComparison.Ordinal))?[LibraryKey.Length..] ?? string.Empty);
        _handle = _library.Create(string.Join(',', parts.Where(part => !part.StartsWith(LibraryKey, StringComparison.Ordinal))));
        Info = new TransportInfo(Kind, _library.Path, 1 << 20);
    }

    /// <inheritdoc />
    public TransportInfo Info { get; }

    /// <summary>Whether a build of the simulated card is there.</summary>
    /// <param name="variant">Empty for the full core, else the build's name.</param>
    public static bool IsBuilt(string variant = "") => SimLibrary.Find(variant) is not null;

    /// <inheritdoc />
    public ValueTask<uint> ReadRegisterAsync(RegisterOffset offset, CancellationToken cancel) => TakeTurnAsync(() =>
    {
        Check(_library.ReadRegister(_handle, offset.Bytes, out uint value), $"reading register {offset}");
        return value;
    }, cancel);

    /// <inheritdoc />
    public async ValueTask WriteRegisterAsync(RegisterOffset offset, uint value, CancellationToken cancel) => await TakeTurnAsync(() =>
    {
        Check(_library.WriteRegister(_handle, offset.Bytes, value), $"writing register {offset}");
        return 0;
    }, cancel);

    /// <inheritdoc />
    public async ValueTask WriteAsync(DeviceAddress address, ReadOnlyMemory<byte> chunk, CancellationToken cancel) => await TakeTurnAsync(() =>
    {
        Info.RequireChunk(address, chunk.Length);
        Check(_library.WriteMemory(_handle, address.Bytes, chunk.Span), $"writing {chunk.Length} bytes to {address}");
        return 0;
    }, cancel);

    /// <inheritdoc />
    public async ValueTask ReadAsync(DeviceAddress address, Memory<byte> chunk, CancellationToken cancel) => await TakeTurnAsync(() =>
    {
        Info.RequireChunk(address, chunk.Length);
        Check(_library.ReadMemory(_handle, address.Bytes, chunk.Span), $"reading {chunk.Length} bytes from {address}");
        return 0;
    }, cancel);

    /// <inheritdoc />
    public ValueTask<ulong> WaitAsync(RegisterOffset register, uint seen, ulong cyclesMax, CancellationToken cancel) => TakeTurnAsync(() =>
    {
        Check(_library.Run(_handle, register.Bytes, seen, cyclesMax, out ulong cycles), $"waiting on register {register}");
        return cycles;
    }, cancel);

    /// <inheritdoc />
    public async ValueTask ResetAsync(CancellationToken cancel) => await TakeTurnAsync(() =>
    {
        _library.Reset(_handle);
        return 0;
    }, cancel);

    /// <summary>Makes the memory fail once.</summary>
    /// <param name="fault">How.</param>
    /// <param name="after">On which burst of that direction from now, from 1; 0 withdraws the fault.</param>
    /// <param name="first">First address that counts.</param>
    /// <param name="last">Last address that counts.</param>
    /// <param name="cancel">Cancels the wait for a turn.</param>
    public async ValueTask InjectAsync(SimFault fault, ulong after, DeviceAddress first, DeviceAddress last, CancellationToken cancel)
    {
        string kind = fault switch
        {
            SimFault.ReadError => "read-error",
            SimFault.WriteError => "write-error",
            SimFault.Flip => "flip",
            SimFault.Lost => "lost",
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "there is no such fault"),
        };
        await TakeTurnAsync(() =>
        {
            Check(_library.Inject(_handle, kind, after, first.Bytes, last.Bytes), $"injecting {kind}");
            return 0;
        }, cancel);
    }

    /// <summary>Sets what the board's sensor shows.</summary>
    /// <param name="celsius">Degrees Celsius; null when there is no sensor.</param>
    /// <param name="cancel">Cancels the wait for a turn.</param>
    public async ValueTask SetTemperatureAsync(double? celsius, CancellationToken cancel) => await TakeTurnAsync(() =>
    {
        _library.SetTemperature(_handle, celsius is { } degrees ? (short)Math.Round(degrees * CardTemperature.Steps) : null);
        return 0;
    }, cancel);

    /// <summary>What the simulation has done so far.</summary>
    public ValueTask<SimStatistics> ReadStatisticsAsync(CancellationToken cancel) => TakeTurnAsync(() => _library.GetStatistics(_handle), cancel);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        if (_handle != 0)
        {
            _library.Destroy(_handle);
            _handle = 0;
        }

        _turn.Release();
    }

    private static void Check(int status, string what)
    {
        if (status != 0)
        {
            string why = status switch
            {
                1 => "the bus answered with an error",
                2 => "the bus did not answer",
                3 => "address and length must be multiples of 64 inside the memory",
                _ => $"the library returned {status}",
            };
            throw new DeviceException($"simulated card: {what} failed: {why}");
        }
    }

    private async ValueTask<T> TakeTurnAsync<T>(Func<T> work, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return work();
        }
        finally
        {
            _turn.Release();
        }
    }
}

/// <summary>How simulated memory can fail.</summary>
public enum SimFault
{
    /// <summary>A read burst is answered with an error.</summary>
    ReadError,

    /// <summary>A write burst is answered with an error.</summary>
    WriteError,

    /// <summary>One bit of a read beat is wrong, and nothing says so.</summary>
    Flip,

    /// <summary>A read burst is never answered.</summary>
    Lost,
}

/// <summary>Counters of a simulation.</summary>
/// <param name="Cycles">Clock cycles since power-up.</param>
/// <param name="BusyCycles">Cycles in which some engine held a command.</param>
/// <param name="Nanoseconds">Time that the waits took.</param>
/// <param name="RunCycles">Cycles that the waits ran.</param>
/// <param name="ReadBeats">Beats read from the memory.</param>
/// <param name="WriteBeats">Beats written to the memory.</param>
/// <param name="ErrorsInjected">Bursts that were answered with an error, lost or flipped.</param>
/// <param name="MemoryBytesUsed">Bytes of touched pages.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct SimStatistics(
    ulong Cycles, ulong BusyCycles, ulong Nanoseconds, ulong RunCycles, ulong ReadBeats, ulong WriteBeats, ulong ErrorsInjected, ulong MemoryBytesUsed);
