using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Pricing;

namespace Accel.Derivatives.Settlement;

/// <summary>Every instrument of a snapshot priced under every scenario, once for all accounts.</summary>
public sealed class MarketRisk
{
    private readonly Dictionary<Fr, InstrumentRisk> _byId;

    private MarketRisk(IReadOnlyList<TermFactors?> terms, IReadOnlyList<InstrumentRisk> instruments)
    {
        Terms = terms;
        Instruments = instruments;
        _byId = instruments.ToDictionary(i => i.Id);
    }

    /// <summary>Per expiry slot its factors; null once expired.</summary>
    public IReadOnlyList<TermFactors?> Terms { get; }

    /// <summary>The instruments in the snapshot's order.</summary>
    public IReadOnlyList<InstrumentRisk> Instruments { get; }

    /// <summary>The instrument of an id, or null when the snapshot has none.</summary>
    public InstrumentRisk? Find(Fr id) => _byId.GetValueOrDefault(id);

    /// <summary>Prices a snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="parameters">Valid parameters.</param>
    public static MarketRisk Compute(OracleSnapshot snapshot, MarginParameters parameters)
    {
        TermFactors?[] terms =
        [
            .. snapshot.Expiries.Select(e => snapshot.HasExpired(e.Expiry) ? null : TermFactors.Of(parameters, e.Expiry - snapshot.Time, e.RateMillionths)),
        ];
        ScenarioGrid grid = parameters.ToGrid();
        return new MarketRisk(terms, [.. snapshot.Instruments.Select(i => Price(snapshot, i, grid))]);
    }

    private static InstrumentRisk Price(OracleSnapshot snapshot, OracleInstrument marked, ScenarioGrid grid)
    {
        Instrument instrument = marked.Instrument;
        int slot = snapshot.SlotOf(instrument.Expiry);
        OracleExpiry expiry = snapshot.Expiries[slot];
        if (snapshot.HasExpired(expiry.Expiry))
        {
            return new InstrumentRisk(
                instrument.Id, slot, true, instrument.Payoff(expiry.Settlement), new long[ScenarioGrid.ScenarioCount], new long[InstrumentRisk.GreekCount]);
        }

        var quote = new OptionQuote(
            instrument.Kind == OptionKind.Call,
            (ulong)instrument.Strike.Value,
            (ulong)expiry.Forward.Value,
            (uint)marked.VolatilityMillionths,
            (ulong)(expiry.Expiry - snapshot.Time));
        RiskRow row = FixedPointPricer.Price(quote, grid);
        return new InstrumentRisk(
            instrument.Id, slot, false, 0, row.ScenarioTicks, [row.DeltaBillionths, row.GammaBillionths, row.VegaTicks, row.ThetaTicks]);
    }
}
