using Xunit;

namespace Accel.Device.Tests;

/// <summary>A card that is in order passes; each fault below the engines fails its step, and the report says where.</summary>
public sealed class CardSelfTestTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_in_order_passes()
    {
        SelfTestReport report = await RunAsync(new ScriptedCard());
        Assert.True(report.Passed, string.Join('\n', report.Steps));
        Assert.Equal(["identity", "registers", "memory: data lines", "memory: address lines", "memory: the engine's checksum"], report.Steps.Select(step => step.Name));
        Assert.All(report.Steps, step => Assert.Equal(SelfTestOutcome.Passed, step.Outcome));
    }

    [Fact]
    public async Task A_register_bit_that_is_stuck_is_named()
    {
        SelfTestReport report = await RunAsync(new BentPath(new ScriptedCard()) { Register = (offset, value) => offset == AccelRegisters.CompletionBaseHi ? value | 0x100 : value });
        SelfTestStep failed = Assert.Single(report.Steps, step => !step.Passed);
        Assert.Equal("registers", failed.Name);
        Assert.Contains("COMPLETION_BASE_HI", failed.Detail, StringComparison.Ordinal);
        Assert.Contains("0x00000100", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registers_that_are_one_are_told_apart()
    {
        ScriptedCard card = new();
        SelfTestReport report = await RunAsync(new BentPath(card) { Register = (offset, value) => offset == AccelRegisters.QueueBaseHi ? card[AccelRegisters.CompletionBaseHi] : value });
        Assert.Equal("registers", Assert.Single(report.Steps, step => !step.Passed).Name);
    }

    [Fact]
    public async Task A_data_line_that_is_stuck_is_found()
    {
        SelfTestReport report = await RunAsync(new BentPath(new ScriptedCard()) { Beat = beat => beat[17] &= 0xfb });
        Assert.Contains(report.Steps, step => step is { Name: "memory: data lines", Outcome: SelfTestOutcome.Failed } && step.Detail.Contains("byte ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(19)]
    public async Task An_address_line_that_is_stuck_is_found_and_names_the_two_places(int line)
    {
        SelfTestReport report = await RunAsync(new BentPath(new ScriptedCard()) { Place = address => new DeviceAddress(address.Bytes & ~(1ul << line)) });
        SelfTestStep failed = report.Steps.Single(step => step.Name == "memory: address lines");
        Assert.Equal(SelfTestOutcome.Failed, failed.Outcome);
        Assert.Contains($"0x{1ul << line:x}", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_reads_other_bytes_than_the_host_wrote_is_found()
    {
        SelfTestReport report = await RunAsync(new ScriptedCard { Bend = completion => completion with { ScalarChecksum = completion.ScalarChecksum ^ 1 } });
        SelfTestStep failed = Assert.Single(report.Steps, step => !step.Passed);
        Assert.Equal("memory: the engine's checksum", failed.Name);
    }

    [Fact]
    public async Task Without_an_MSM_engine_there_is_no_checksum_and_that_is_no_failure()
    {
        SelfTestReport report = await RunAsync(new ScriptedCard { [AccelRegisters.Capabilities] = AccelRegisters.CapabilitiesNtt });
        Assert.Equal(SelfTestOutcome.Unsupported, report.Steps[^1].Outcome);
        Assert.True(report.Passed);
    }

    [Fact]
    public async Task A_card_of_an_unknown_version_fails_at_once_and_is_not_written_to()
    {
        ScriptedCard card = new() { [AccelRegisters.Version] = 9u << AccelRegisters.VersionMajorShift };
        SelfTestReport report = await RunAsync(card);
        Assert.Equal([SelfTestOutcome.Failed, SelfTestOutcome.NotRun, SelfTestOutcome.NotRun, SelfTestOutcome.NotRun, SelfTestOutcome.NotRun], report.Steps.Select(step => step.Outcome));
        Assert.Contains("version 9.0", report.Steps[0].Detail, StringComparison.Ordinal);
        Assert.Empty(card.Written);
    }

    [Fact]
    public async Task A_reset_that_never_ends_is_a_failure_within_its_deadline()
    {
        SelfTestReport report = await RunAsync(new ScriptedCard { SoftResetHangs = true });
        Assert.Contains("a soft reset has not ended", report.Steps.Single(step => step.Name == "registers").Detail, StringComparison.Ordinal);
    }

    private static async Task<SelfTestReport> RunAsync(IDeviceTransport transport)
    {
        SelfTestSequence sequence = new(finished: null, Cancel);
        await CardSelfTest.RunAsync(transport, sequence, Cancel);
        return sequence.Report;
    }

    /// <summary>A path to a card on which some things come out wrong.</summary>
    private sealed class BentPath(ScriptedCard card) : IDeviceTransport
    {
        public delegate void BeatBend(Span<byte> beat);

        public Func<RegisterOffset, uint, uint> Register { get; init; } = (_, value) => value;

        public BeatBend Beat { get; init; } = _ => { };

        public Func<DeviceAddress, DeviceAddress> Place { get; init; } = address => address;

        public TransportInfo Info { get; } = new("bent", "bent path", DeviceAddress.AlignmentBytes);

        public async ValueTask<uint> ReadRegisterAsync(RegisterOffset offset, CancellationToken cancel) => Register(offset, await card.ReadRegisterAsync(offset, cancel));

        public ValueTask WriteRegisterAsync(RegisterOffset offset, uint value, CancellationToken cancel) => card.WriteRegisterAsync(offset, value, cancel);

        public ValueTask WriteAsync(DeviceAddress address, ReadOnlyMemory<byte> chunk, CancellationToken cancel) => card.WriteAsync(Place(address), chunk, cancel);

        public async ValueTask ReadAsync(DeviceAddress address, Memory<byte> chunk, CancellationToken cancel)
        {
            await card.ReadAsync(Place(address), chunk, cancel);
            Beat(chunk.Span);
        }

        public ValueTask<ulong> WaitAsync(RegisterOffset register, uint seen, ulong cyclesMax, CancellationToken cancel) => card.WaitAsync(register, seen, cyclesMax, cancel);

        public ValueTask ResetAsync(CancellationToken cancel) => card.ResetAsync(cancel);

        public ValueTask DisposeAsync() => card.DisposeAsync();
    }
}
