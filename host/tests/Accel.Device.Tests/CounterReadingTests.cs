using Xunit;

namespace Accel.Device.Tests;

/// <summary>A card's counters as they are watched.</summary>
public sealed class CounterReadingTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Counters_grow_go_round_and_are_reset()
    {
        ScriptedCard card = new() { [AccelRegisters.Status] = AccelRegisters.StatusNttBusy | AccelRegisters.StatusError };
        (uint CyclesLo, uint CyclesHi, uint Tail)[] states = [(uint.MaxValue - 9, 0, uint.MaxValue), (90, 1, 2), (40, 0, 0)];
        List<CounterReading> readings = [];
        Move();
        await foreach (CounterReading reading in CounterReading.RepeatAsync(card, Interval, states.Length, TimeProvider.System, Cancel))
        {
            readings.Add(reading);
            Move();
        }

        Assert.Equal([null, 100ul, null], readings.Select(reading => Of(reading, "CYCLES").Growth));
        Assert.Equal([null, 3ul, null], readings.Select(reading => Of(reading, "QUEUE_TAIL").Growth));
        Assert.Equal(["NTT_BUSY", "ERROR"], readings[0].Flags);
        Assert.Equal(TimeSpan.Zero, readings[0].Elapsed);
        Assert.All(readings.Skip(1), reading => Assert.True(reading.Elapsed >= Interval));
        Assert.Empty(card.Written);

        void Move()
        {
            if (readings.Count < states.Length)
            {
                (card[AccelRegisters.CyclesLo], card[AccelRegisters.CyclesHi], card[AccelRegisters.QueueTail]) = states[readings.Count];
            }
        }
    }

    [Theory]
    [InlineData(1, 0x8000_0000, 0.0)]
    [InlineData(1, 0x8000_05f8, 95.5)]
    [InlineData(9, 0x8000_ffff, -0.0625)]
    [InlineData(1, 0x0000_05f8, null)]
    [InlineData(0, 0x8000_05f8, null)]
    public async Task The_temperature_is_shown_where_the_card_has_a_sensor(uint minorVersion, uint register, double? celsius)
    {
        ScriptedCard card = new() { [AccelRegisters.Temperature] = register };
        card[AccelRegisters.Version] |= minorVersion;
        await foreach (CounterReading reading in CounterReading.RepeatAsync(card, Interval, count: 1, TimeProvider.System, Cancel))
        {
            Assert.Equal(celsius, reading.Celsius);
        }
    }

    [Fact]
    public async Task Cancelling_between_readings_ends_them_and_leaves_the_card_alone()
    {
        ScriptedCard card = new();
        using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        int seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (CounterReading reading in CounterReading.RepeatAsync(card, TimeSpan.FromHours(1), count: null, TimeProvider.System, source.Token))
            {
                seen++;
                source.CancelAfter(TimeSpan.FromMilliseconds(20));
            }
        });
        Assert.Equal((1, 0, false), (seen, card.Written.Count, card.Disposed));
    }

    [Fact]
    public async Task A_card_of_an_unknown_version_is_not_watched()
    {
        ScriptedCard card = new() { [AccelRegisters.Version] = 9u << AccelRegisters.VersionMajorShift };
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(async () =>
        {
            await foreach (CounterReading reading in CounterReading.RepeatAsync(card, Interval, 1, TimeProvider.System, Cancel))
            {
                Assert.Fail($"it was read: {reading}");
            }
        });
        Assert.Contains("version 9.0", error.Message, StringComparison.Ordinal);
    }

    private static CounterValue Of(CounterReading reading, string name) => reading.Counters.Single(counter => counter.Register.Name == name);
}
