using System.Runtime.CompilerServices;

namespace Accel.Device;

/// <summary>The counters and the state of a card at about one moment. Reading them changes nothing.</summary>
/// <param name="Timestamp">The host's clock, as <see cref="TimeProvider.GetTimestamp"/> gives it.</param>
/// <param name="Elapsed">Time on the host's clock since the reading before; zero for the first.</param>
/// <param name="Status">The register STATUS.</param>
/// <param name="Celsius">What its sensor shows, in degrees Celsius; null when there is none.</param>
/// <param name="Counters">Every counter, in the order of the registers.</param>
public sealed record CounterReading(long Timestamp, TimeSpan Elapsed, uint Status, double? Celsius, IReadOnlyList<CounterValue> Counters)
{
    private static readonly RegisterDescription[] All = [.. RegisterMap.Registers.Where(register => register.IsCounter)];

    /// <summary>Names of the flags of STATUS that are set.</summary>
    public IReadOnlyList<string> Flags { get; } =
    [
        .. RegisterMap.Registers.Single(register => register.Offset == AccelRegisters.Status).Fields.Where(field => field.ValueIn(Status) != 0).Select(field => field.Name),
    ];

    /// <summary>Reads a card's counters again and again.</summary>
    /// <param name="transport">The path; it stays the caller's, and only reads go over it.</param>
    /// <param name="interval">Time between two readings.</param>
    /// <param name="count">How many; null for no end.</param>
    /// <param name="clock">The host's clock.</param>
    /// <param name="cancel">Ends the readings with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="DeviceException">It is no card that this program knows, or an access was refused or got lost.</exception>
    public static async IAsyncEnumerable<CounterReading> RepeatAsync(
        IDeviceTransport transport, TimeSpan interval, int? count, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        CardIdentity card = await CardIdentity.ReadAsync(transport, cancel);
        if (card.Refusal is { } refusal)
        {
            throw new DeviceException(refusal);
        }

        CounterReading? before = null;
        for (int number = 0; count is null || number < count; number++)
        {
            if (before is not null)
            {
                await Task.Delay(interval, clock, cancel);
            }

            before = await ReadAsync(transport, card.MinorVersion, before, clock, cancel);
            yield return before;
        }
    }

    private static async Task<CounterReading> ReadAsync(
        IDeviceTransport transport, int minorVersion, CounterReading? before, TimeProvider clock, CancellationToken cancel)
    {
        double? celsius = await CardTemperature.ReadAsync(transport, minorVersion, cancel);
        uint status = await transport.ReadRegisterAsync(AccelRegisters.Status, cancel);
        List<CounterValue> counters = [];
        foreach (RegisterDescription register in All)
        {
            ulong value = await register.ReadAsync(transport, cancel);
            counters.Add(new CounterValue(register, value, before is null ? null : Growth(register, before.Counters[counters.Count].Value, value)));
        }

        long now = clock.GetTimestamp();
        return new CounterReading(now, before is null ? TimeSpan.Zero : clock.GetElapsedTime(before.Timestamp, now), status, celsius, counters);
    }

    /// <summary>A counter of 64 bits that shrank was reset; one of 32 bits goes round, unless it went back to 0.</summary>
    private static ulong? Growth(RegisterDescription register, ulong before, ulong now) =>
        now >= before ? now - before : register.Bits == 64 || now == 0 ? null : (uint)(now - before);
}

/// <summary>One counter.</summary>
/// <param name="Register">The register.</param>
/// <param name="Value">Its value.</param>
/// <param name="Growth">By how much it grew since the reading before; null for the first, and after a reset.</param>
public sealed record CounterValue(RegisterDescription Register, ulong Value, ulong? Growth);
