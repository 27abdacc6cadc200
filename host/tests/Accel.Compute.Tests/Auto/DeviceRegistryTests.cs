using Accel.Compute.Auto;
using Accel.Device;
using Accel.Testing;
using Xunit;

namespace Accel.Compute.Tests.Auto;

public class DeviceRegistryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_comes_with_its_limits_its_speed_and_what_speaks_against_it()
    {
        using TemporaryFolder folder = new();
        BackendInfo info = (await new BackendCatalog([new CpuProvider()]).DescribeAsync("cpu", Cancel)) with { Kind = "fake", Device = "a device" };
        BackendCatalog catalog = new([new FakeProvider(
            ("fake:measured", info), ("fake:other", info with { Device = "another device" }), ("fake:burnt", info), ("fake:gone", null))]);
        DeviceCalibration measured = new("fake:measured", "a device", DateTimeOffset.UnixEpoch, [new OperationTime(ComputeOperation.Ntt, 1024, 2)]);
        Calibration calibration = Calibration.Empty.With(measured).With(measured with { Name = "fake:other" });
        QuarantineFolder quarantines = new(folder["quarantine"]);
        quarantines.Put(new Quarantine("fake:burnt", "it burns", DateTimeOffset.UnixEpoch, 1, DateTimeOffset.MaxValue));
        IReadOnlyList<RegisteredDevice> devices = await new DeviceRegistry(catalog, calibration, quarantines).SurveyAsync(Cancel);
        Assert.Equal(
            [
                ("fake:measured", DeviceAvailability.Ready, true, true), ("fake:other", DeviceAvailability.Ready, true, false),
                ("fake:burnt", DeviceAvailability.Quarantined, true, false), ("fake:gone", DeviceAvailability.Unavailable, false, false),
            ],
            devices.Select(device => (device.Name, device.Availability, device.Info is not null, device.Measured is not null)));
        Assert.Equal([null, null, "since 1970-01-01 00:00:00Z: it burns", "it does not answer"], devices.Select(device => device.Reason));
    }

    /// <summary>A card that works for somebody else must not notice that it was listed.</summary>
    [Fact]
    public async Task A_card_is_only_read()
    {
        Assert.SkipUnless(SimTransport.IsBuilt(), SimulatedCard.NotBuilt);
        BackendCatalog catalog = new([new CardProvider(new ReadOnlyProvider())]);
        RegisteredDevice card = Assert.Single(await new DeviceRegistry(catalog, Calibration.Empty, new QuarantineFolder("none")).SurveyAsync(Cancel));
        Assert.Null(card.Reason);
        Assert.Equal($"{DeviceCapabilities.MajorVersion}.{AccelRegisters.VersionMinorValue}", card.Info?.RegisterVersion);

        // What it says unopened is what it says opened.
        await using IComputeBackend opened = await new CardProvider(new SimTransportProvider()).OpenAsync(null, threads: 1, Cancel);
        Assert.Equivalent(opened.Info, card.Info, strict: true);
    }

    private sealed class FakeProvider(params (string Name, BackendInfo? Info)[] devices) : IBackendProvider
    {
        public string Kind => "fake";

        public string Syntax => "fake:NAME";

        public ValueTask<IReadOnlyList<FoundDevice>> FindAsync(CancellationToken cancel) => new([.. devices.Select(device => new FoundDevice(device.Name, "as found"))]);

        public ValueTask<IComputeBackend> OpenAsync(string? options, int threads, CancellationToken cancel) => throw new NotSupportedException("nothing is opened");

        public ValueTask<BackendInfo> DescribeAsync(string? options, CancellationToken cancel) =>
            new(devices.Single(device => device.Name == $"fake:{options}").Info ?? throw new DeviceException("it does not answer"));
    }

    /// <summary>The simulated card, which may be read.</summary>
    private sealed class ReadOnlyProvider : ITransportProvider
    {
        private readonly SimTransportProvider _inner = new();

        public string Kind => _inner.Kind;

        public string Syntax => _inner.Syntax;

        public IReadOnlyList<FoundTransport> Find() => _inner.Find();

        public IDeviceTransport Open(string options) => new ReadOnlyCard(_inner.Open(options));
    }

    private sealed class ReadOnlyCard(IDeviceTransport inner) : IDeviceTransport
    {
        public TransportInfo Info => inner.Info;

        public ValueTask<uint> ReadRegisterAsync(RegisterOffset offset, CancellationToken cancel) => inner.ReadRegisterAsync(offset, cancel);

        public ValueTask WriteRegisterAsync(RegisterOffset offset, uint value, CancellationToken cancel) => throw new InvalidOperationException($"{offset} was written");

        public ValueTask WriteAsync(DeviceAddress address, ReadOnlyMemory<byte> chunk, CancellationToken cancel) => throw new InvalidOperationException("memory was written");

        public ValueTask ReadAsync(DeviceAddress address, Memory<byte> chunk, CancellationToken cancel) => inner.ReadAsync(address, chunk, cancel);

        public ValueTask<ulong> WaitAsync(RegisterOffset register, uint seen, ulong cyclesMax, CancellationToken cancel) => inner.WaitAsync(register, seen, cyclesMax, cancel);

        public ValueTask ResetAsync(CancellationToken cancel) => throw new InvalidOperationException("the card was reset");

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
