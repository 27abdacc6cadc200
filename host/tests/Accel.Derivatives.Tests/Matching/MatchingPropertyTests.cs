using Accel.Derivatives.Matching;
using Accel.Testing;
using CsCheck;
using Xunit;

namespace Accel.Derivatives.Tests.Matching;

public sealed class MatchingPropertyTests
{
    private const string Seed = "0000KOIPe649";

    [Fact]
    public void The_engine_does_what_the_sorted_list_does() => CommandStreams.Streams(120).Sample(
        stream =>
        {
            var engine = new MatchingEngine(stream.Options);
            var reference = new ReferenceBook(stream.Options);
            var sink = new EventList();
            foreach (MatchingCommand command in stream.Commands)
            {
                engine.Execute(in command, ref sink);
                reference.Execute(command);
                Assert.Equal(reference.Orders(BookSide.Bid), engine.Orders(BookSide.Bid));
                Assert.Equal(reference.Orders(BookSide.Ask), engine.Orders(BookSide.Ask));
                AssertLevelsSumTheirOrders(engine);
            }

            Assert.Equal(reference.Events, sink.Events);
        },
        seed: Seed,
        iter: TestScale.Count(2000));

    [Fact]
    public void The_book_is_never_crossed() => CommandStreams.Streams(200).Sample(
        stream =>
        {
            var engine = new MatchingEngine(stream.Options);
            var sink = new EventList();
            foreach (MatchingCommand command in stream.Commands)
            {
                engine.Execute(in command, ref sink);
                Assert.False(engine.TryGetBest(BookSide.Bid, out BookLevel bid) && engine.TryGetBest(BookSide.Ask, out BookLevel ask)
                    && bid.Price >= ask.Price);
            }
        },
        seed: Seed,
        iter: TestScale.Count(1000));

    [Fact]
    public void Quantity_is_conserved() => CommandStreams.Streams(200).Sample(
        stream =>
        {
            var engine = new MatchingEngine(stream.Options);
            Dictionary<OrderId, long> open = [];
            foreach (MatchingEvent e in CommandStreams.Run(engine, stream.Commands))
            {
                switch (e.Kind)
                {
                    case EventKind.Accepted or EventKind.Replaced:
                        open[e.Order] = e.Quantity;
                        break;
                    case EventKind.Cancelled:
                        Assert.Equal(e.Quantity, open[e.Order]);
                        open[e.Order] = 0;
                        break;
                    case EventKind.Fill:
                        Assert.Equal(e.Remaining, open[e.Order] -= e.Quantity);
                        Assert.Equal(e.MakerRemaining, open[e.Maker] -= e.Quantity);
                        Assert.NotEqual(e.Trader, e.MakerTrader);
                        break;
                }
            }

            var resting = engine.Orders(BookSide.Bid).Concat(engine.Orders(BookSide.Ask)).ToDictionary(o => o.Order, o => o.Remaining);
            Assert.Equal(open.Where(pair => pair.Value != 0).OrderBy(pair => pair.Key.Value), resting.OrderBy(pair => pair.Key.Value));
        },
        seed: Seed,
        iter: TestScale.Count(1000));

    [Fact]
    public void The_name_index_is_a_dictionary() => Gen.Select(Gen.ULong[0, 40], Gen.Bool).Array[0, 300].Sample(
        steps =>
        {
            var index = new OrderIndex(32);
            Dictionary<ulong, int> expected = [];
            foreach ((ulong order, bool add) in steps)
            {
                if (expected.Remove(order))
                {
                    index.Remove(order);
                }
                else if (add && expected.Count < 32)
                {
                    expected.Add(order, (int)order + 7);
                    index.Add(order, (int)order + 7);
                }
            }

            for (ulong order = 0; order <= 40; order++)
            {
                Assert.Equal(expected.GetValueOrDefault(order, -1), index.Find(order));
            }
        },
        seed: Seed,
        iter: TestScale.Count(1000));

    private static void AssertLevelsSumTheirOrders(MatchingEngine engine)
    {
        foreach (BookSide side in Enum.GetValues<BookSide>())
        {
            var expected = engine.Orders(side).GroupBy(o => o.Price).Select(g => new BookLevel(g.Key, g.Sum(o => o.Remaining), g.Count()));
            Assert.Equal(expected, Enumerable.Range(0, engine.LevelCount(side)).Select(depth => engine.LevelAt(side, depth)));
        }
    }
}
