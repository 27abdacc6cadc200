using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Matching;
using Accel.Derivatives.Matching.OrderFlow;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading.Simulation;

/// <summary>
/// A simulation: what trade batches would be, had recorded order flow been a venue's. The record's orders are dealt to members with development
/// keys and its instrument becomes one option of a market snapshot; the fills are the matching engine's, on the record's commands. A member
/// signs an order when it first fills, because only then is a slot needed for it.
/// </summary>
public sealed class SimulatedVenue
{
    private readonly SimulationOptions _options;
    private readonly SimulatedMember[] _members;

    private SimulatedVenue(OracleSnapshot snapshot, SimulationOptions options)
    {
        _options = options;
        _members = [.. Enumerable.Range(0, options.Members).Select(index => new SimulatedMember(options.Seed, index))];
        Snapshot = snapshot;
        Risk = RiskMatrix.Compute(snapshot, MarginParameters.Published);
        Genesis = ExchangeState.Empty.With(
        [
            new(ExchangeState.ClearingLeaf, SimulatedMember.AccountOf(Book.DevelopmentKey("accel simulated clearing"), default)),
            new(ExchangeState.OpenInterestLeaf, new Account { KeyX = 0, KeyY = 0, OpenInterest = [] }),
            .. _members.Select(member => KeyValuePair.Create(member.Leaf, SimulatedMember.AccountOf(member.Key, options.Cash))),
        ]);
    }

    /// <summary>What the oracle says of the option.</summary>
    public OracleSnapshot Snapshot { get; }

    /// <summary>The option that the record's instrument becomes.</summary>
    public Instrument Instrument => Snapshot.Instruments[0].Instrument;

    /// <summary>Its prices under every scenario.</summary>
    public RiskMatrix Risk { get; }

    /// <summary>The state before the first batch.</summary>
    public ExchangeState Genesis { get; }

    /// <summary>A venue of one option.</summary>
    /// <param name="market">Where its price comes from.</param>
    /// <param name="instrument">The option; by default the call nearest the forward of the first expiry that is live.</param>
    /// <param name="options">The members and the batches.</param>
    /// <exception cref="ArgumentException">An option is outside its range, or the instrument has expired or is worth nothing.</exception>
    /// <exception cref="MarketFormatException">The market does not quote the instrument, or has none that is live.</exception>
    public static SimulatedVenue Open(MarketSnapshot market, Instrument? instrument, SimulationOptions options)
    {
        options.Validate();
        Instrument chosen = instrument ?? NearestTheMoney(market);
        var venue = new SimulatedVenue(SnapshotBuilder.Build(market, [chosen]), options);
        return venue.Mark.Value > 0
            ? venue
            : throw new ArgumentException($"{chosen} has expired or is worth nothing at {market.Source}: choose another");
    }

    /// <summary>Books the fills of recorded flow, batch by batch.</summary>
    /// <exception cref="ArgumentException">The record has no fill.</exception>
    public SimulatedTrading Trade(ReplayReport record)
    {
        ArgumentNullException.ThrowIfNull(record);
        PriceTicks reference = FirstFill(record) ?? throw new ArgumentException("the record has no fill, so there is nothing to book");
        return new SimulatedTrading(this, _options, _members, record, new FlowMapping(reference, Mark, record.UnitsPerContract));
    }

    private PriceTicks Mark => new(Risk.Instruments[0].ScenarioTicks[ScenarioGrid.MarkIndex]);

    private static Instrument NearestTheMoney(MarketSnapshot market)
    {
        long expiry = market.Expiries.FirstOrDefault(time => time > market.Time);
        PriceTicks forward = expiry > 0
            ? market.Expiry(expiry).Forward
            : throw new MarketFormatException($"{market.Source}: every option has expired");
        return market.Quotes.Select(quote => quote.Instrument).Where(listed => listed.Expiry == expiry && listed.Kind == OptionKind.Call)
            .MinBy(listed => Math.Abs(listed.Strike.Value - forward.Value))
            ?? throw new MarketFormatException($"{market.Source}: the first live expiry has no call");
    }

    private static PriceTicks? FirstFill(ReplayReport record)
    {
        var engine = new MatchingEngine(record.Options);
        var sink = new EventList();
        foreach (MatchingCommand command in record.Commands)
        {
            engine.Execute(in command, ref sink);
            int fill = sink.Events.FindIndex(matchingEvent => matchingEvent.Kind == EventKind.Fill);
            if (fill >= 0)
            {
                return sink.Events[fill].Price;
            }

            sink.Events.Clear();
        }

        return null;
    }
}

/// <summary>Keeps the events of a command.</summary>
internal sealed class EventList : IMatchingSink
{
    public List<MatchingEvent> Events { get; } = [];

    public void OnEvent(in MatchingEvent matchingEvent) => Events.Add(matchingEvent);
}
