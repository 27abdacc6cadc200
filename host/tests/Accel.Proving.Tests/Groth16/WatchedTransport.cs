using Accel.Device;

namespace Accel.Proving.Tests.Groth16;

/// <summary>A simulated card that tells when a certain value crosses the link towards it, and can fail there.</summary>
/// <param name="inner">The card.</param>
/// <param name="value">What to watch for.</param>
internal sealed class WatchedTransport(IDeviceTransport inner, Fr value) : IDeviceTransport
{
    private readonly byte[] _pattern = Canonical(value);

    /// <summary>Set when the value has arrived.</summary>
    public ManualResetEventSlim Seen { get; } = new();

    /// <summary>Refuse the transfer with the value instead.</summary>
    public bool Fails { get; set; }

    public TransportInfo Info => inner.Info;

    public ValueTask<uint> ReadRegisterAsync(RegisterOffset offset, CancellationToken cancel) => inner.ReadRegisterAsync(offset, cancel);

    public ValueTask WriteRegisterAsync(RegisterOffset offset, uint value, CancellationToken cancel) => inner.WriteRegisterAsync(offset, value, cancel);

    public async ValueTask WriteAsync(DeviceAddress address, ReadOnlyMemory<byte> chunk, CancellationToken cancel)
    {
        bool found = chunk.Span.IndexOf(_pattern) >= 0;
        if (found && Fails)
        {
            throw new DeviceException("watched card: the link broke");
        }

        await inner.WriteAsync(address, chunk, cancel);
        if (found)
        {
            Seen.Set();
        }
    }

    public ValueTask ReadAsync(DeviceAddress address, Memory<byte> chunk, CancellationToken cancel) => inner.ReadAsync(address, chunk, cancel);

    public ValueTask<ulong> WaitAsync(RegisterOffset register, uint seen, ulong cyclesMax, CancellationToken cancel) => inner.WaitAsync(register, seen, cyclesMax, cancel);

    public ValueTask ResetAsync(CancellationToken cancel) => inner.ResetAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        Seen.Dispose();
    }

    private static byte[] Canonical(Fr value)
    {
        byte[] bytes = new byte[32];
        value.WriteCanonical(bytes);
        return bytes;
    }
}
