using Accel.Derivatives.Market;
using Accel.Derivatives.Matching;
using CsCheck;

namespace Accel.Derivatives.Tests.Matching;

/// <summary>Keeps what the engine reports.</summary>
internal sealed class EventList : IMatchingSink
{
    public List<MatchingEvent> Events { get; } = [];

    public void OnEvent(in MatchingEvent matchingEvent) => Events.Add(matchingEvent);
}

/// <summary>Random commands over few prices, traders and names, so that they meet; some are out of bounds.</summary>
internal static class CommandStreams
{
    private static readonly Gen<OrderId> Order = Gen.ULong[1, 30].Select(value => new OrderId(value * 0x1_0000_0001));
    private static readonly Gen<TraderId> Trader = Gen.ULong[1, 4].Select(value => new TraderId(value));

    private static readonly Gen<long> Price = Gen.Frequency(
        (30, Gen.Long[95, 105]),
        (2, Gen.OneOf(1L, (1L << PriceTicks.Bits) - 1, 1L << 20)),
        (1, Gen.OneOf(0L, -1L, 1L << PriceTicks.Bits)));

    private static readonly Gen<long> Quantity = Gen.Frequency((30, Gen.Long[1, 20]), (1, Gen.OneOf(0L, -5L, 1000L, 1001L)));

    private static readonly Gen<MatchingCommand> Command = Gen.Frequency(
        (10, Gen.Select(Gen.Enum<OrderType>(), Order, Trader, Gen.Enum<BookSide>(), Price, Quantity, (type, order, trader, side, price, quantity) =>
            MatchingCommand.Submit(type, order, trader, side, new PriceTicks(type == OrderType.Market && price > 90 ? 0 : price), quantity))),
        (2, Gen.Select(Order, Trader, MatchingCommand.Cancel)),
        (4, Gen.Select(Order, Trader, Price, Quantity, (order, trader, price, quantity) =>
                MatchingCommand.Replace(order, trader, new PriceTicks(price), quantity))));

    private static readonly Gen<MatchingOptions> Options = Gen.Select(Gen.Enum<SelfTradePolicy>(), Gen.OneOf(6, 100), Gen.OneOf(3, 100),
        (policy, orders, levels) =>
        new MatchingOptions { OrdersMax = orders, LevelsMax = levels, QuantityMax = 1000, SelfTrade = policy });

    public static Gen<(MatchingOptions Options, MatchingCommand[] Commands)> Streams(int lengthMax) =>
        Gen.Select(Options, Command.Array[0, lengthMax]);

    public static List<MatchingEvent> Run(MatchingEngine engine, IEnumerable<MatchingCommand> commands)
    {
        var sink = new EventList();
        foreach (MatchingCommand command in commands)
        {
            engine.Execute(in command, ref sink);
        }

        return sink.Events;
    }
}
