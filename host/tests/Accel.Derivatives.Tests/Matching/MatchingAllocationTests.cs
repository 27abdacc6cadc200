using Accel.Derivatives.Market;
using Accel.Derivatives.Matching;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Matching;

public sealed class MatchingAllocationTests
{
    private const int CommandCount = 100_000;

    [Fact]
    public void A_hundred_thousand_commands_allocate_nothing()
    {
        MatchingCommand[] commands = RandomFlow();
        var sink = default(CountingSink);
        Execute(new MatchingEngine(new MatchingOptions()), commands, ref sink);
        AllocationAssert.Nothing(() =>
        {
            var engine = new MatchingEngine(new MatchingOptions());
            sink = default;
            return AllocationAssert.BytesOf(() => Execute(engine, commands, ref sink));
        });
        Assert.True(sink.Fills > 1000 && sink.Cancelled > 1000 && sink.Replaced > 1000,
            $"{sink.Fills} fills, {sink.Cancelled} cancellations, {sink.Replaced} replacements");
    }

    [Fact]
    public void Journaling_allocates_nothing_either()
    {
        MatchingCommand[] commands = RandomFlow();
        using var folder = new TemporaryFolder();
        var sink = default(CountingSink);
        int run = 0;
        AllocationAssert.Nothing(() =>
        {
            using JournaledEngine engine = JournaledEngine.Create(folder[$"{run++}"], new MatchingOptions(), JournalDurability.OperatingSystem);
            return AllocationAssert.BytesOf(() => Execute(engine, commands, ref sink));
        });
    }

    private static void Execute(MatchingEngine engine, ReadOnlySpan<MatchingCommand> commands, ref CountingSink sink)
    {
        foreach (ref readonly MatchingCommand command in commands)
        {
            engine.Execute(in command, ref sink);
        }
    }

    private static void Execute(JournaledEngine engine, Span<MatchingCommand> commands, ref CountingSink sink)
    {
        for (int i = 0; i < commands.Length; i += 100)
        {
            engine.Execute(commands.Slice(i, 100), ref sink);
        }
    }

    private static MatchingCommand[] RandomFlow()
    {
        var random = new Random(20_120_621);
        return [.. Enumerable.Range(0, CommandCount).Select(i =>
        {
            var order = new OrderId((ulong)random.Next(5000));
            var trader = new TraderId(order.Value % 50);
            var price = new PriceTicks(random.Next(9_900, 10_100));
            return random.Next(4) switch
            {
                0 => MatchingCommand.Cancel(order, trader),
                1 => MatchingCommand.Replace(order, trader, price, random.Next(1, 50)),
                _ => MatchingCommand.Submit((OrderType)random.Next(4), order, trader, (BookSide)random.Next(2), price, random.Next(1, 50)),
            };
        })];
    }

    private struct CountingSink : IMatchingSink
    {
        public int Fills;
        public int Cancelled;
        public int Replaced;

        public void OnEvent(in MatchingEvent matchingEvent)
        {
            Fills += matchingEvent.Kind == EventKind.Fill ? 1 : 0;
            Cancelled += matchingEvent.Kind == EventKind.Cancelled ? 1 : 0;
            Replaced += matchingEvent.Kind == EventKind.Replaced ? 1 : 0;
        }
    }
}
