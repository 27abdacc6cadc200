using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;

namespace Accel.Derivatives.Settlement;

/// <summary>
/// What a market-risk proof commits to and other statements open: every instrument of a snapshot under every scenario, with Greeks, and what
/// margin needs beside them. <c>Root = Poseidon(header, tree)</c>; the tree is 4-ary of height <see cref="Height"/> over the instruments' rows in
/// the snapshot's order, whatever the size of the circuit that proved them, and an absent row is zero.
/// </summary>
public sealed class RiskMatrix
{
    /// <summary>Levels of the tree.</summary>
    public const int Height = 4;

    /// <summary>Most instruments: 4⁴.</summary>
    public const int RowsMax = 1 << (2 * Height);

    /// <summary>Elements of a row: id, live code, pay-off, 23 scenario prices, four Greeks; two calls of the sponge's permutation.</summary>
    public const int RowElements = 30;

    /// <summary>Expiry slots of the header.</summary>
    public const int ExpiriesMax = 1 << BatchShape.ExpirySlotBits;

    /// <summary>Elements of the header: underlying, time, maintenance and initial factor, three discounts for each of eight expiry slots.</summary>
    public const int HeaderElements = 4 + (3 * ExpiriesMax);

    // Hashed when it is asked for: margin needs the prices only.
    private readonly Lazy<Fr[][]> _levels;
    private readonly Lazy<Fr> _root;
    private readonly Dictionary<Fr, int> _indexById;

    private RiskMatrix(OracleSnapshot snapshot, MarginParameters parameters, MarketRisk market)
    {
        Underlying = snapshot.Underlying;
        Time = snapshot.Time;
        MaintenanceFactor = parameters.MaintenanceFactor;
        InitialFactor = parameters.InitialFactor;
        Terms = market.Terms;
        Instruments = market.Instruments;
        _indexById = market.Instruments.Select((instrument, index) => (instrument.Id, index)).ToDictionary(pair => pair.Id, pair => pair.index);
        _levels = new Lazy<Fr[][]>(() => TreeOver([.. market.Instruments.Select(instrument => FieldSponge.Hash(Row(instrument)))]));
        _root = new Lazy<Fr>(() => Poseidon.Hash(FieldSponge.Hash(Header()), TreeRoot));
    }

    /// <summary>Ticker of the underlying.</summary>
    public string Underlying { get; }

    /// <summary>Unix second of the snapshot.</summary>
    public long Time { get; }

    /// <summary>Share of the worst loss that maintenance asks for, in millionths.</summary>
    public long MaintenanceFactor { get; }

    /// <summary>Share of the worst loss that initial margin asks for, in millionths.</summary>
    public long InitialFactor { get; }

    /// <summary>Per expiry slot its discounts; null once expired.</summary>
    public IReadOnlyList<TermFactors?> Terms { get; }

    /// <summary>The instruments in the snapshot's order.</summary>
    public IReadOnlyList<InstrumentRisk> Instruments { get; }

    /// <summary>The commitment.</summary>
    public Fr Root => _root.Value;

    /// <summary>Root of the rows' tree.</summary>
    public Fr TreeRoot => _levels.Value[Height][0];

    /// <summary>Prices a snapshot.</summary>
    /// <exception cref="SettlementException">The snapshot has more than 256 instruments or eight expiries.</exception>
    public static RiskMatrix Compute(OracleSnapshot snapshot, MarginParameters parameters)
    {
        if (snapshot.Instruments.Count > RowsMax || snapshot.Expiries.Count > ExpiriesMax)
        {
            throw new SettlementException(
                $"a snapshot of {snapshot.Instruments.Count} instruments and {snapshot.Expiries.Count} expiries exceeds the {RowsMax} and {ExpiriesMax} that a risk matrix holds");
        }

        return new RiskMatrix(snapshot, parameters, MarketRisk.Compute(snapshot, parameters));
    }

    /// <summary>Index of an instrument's row, or −1.</summary>
    public int IndexOf(Fr id) => _indexById.TryGetValue(id, out int index) ? index : -1;

    /// <summary>The elements of a row: <c>id, live ? slot + 1 : 0, pay-off, prices…, Greeks…</c>.</summary>
    public static Fr[] Row(InstrumentRisk risk) =>
    [
        risk.Id,
        risk.HasExpired ? Fr.Zero : risk.ExpirySlot + 1,
        risk.PayoffTicks,
        .. risk.ScenarioTicks.Select(ticks => (Fr)ticks),
        .. risk.Greeks.Select(greek => (Fr)greek),
    ];

    /// <summary>The elements of the header; zeros for expiries that are absent or past.</summary>
    public Fr[] Header()
    {
        var header = new Fr[HeaderElements];
        header[0] = Instrument.UnderlyingId(Underlying);
        header[1] = Time;
        header[2] = MaintenanceFactor;
        header[3] = InitialFactor;
        for (int slot = 0; slot < Terms.Count; slot++)
        {
            if (Terms[slot] is { } factors)
            {
                header[4 + (3 * slot)] = factors.Discount;
                header[5 + (3 * slot)] = factors.GainDiscount;
                header[6 + (3 * slot)] = factors.LossDiscount;
            }
        }

        return header;
    }

    /// <summary>Siblings of a row, three a level in ascending order, lowest level first.</summary>
    public IReadOnlyList<Fr> Path(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, RowsMax);
        var siblings = new List<Fr>(3 * Height);
        for (int level = 0, index = row; level < Height; level++, index >>= 2)
        {
            for (int child = 0; child < 4; child++)
            {
                if (child != (index & 3))
                {
                    siblings.Add(_levels.Value[level][(index & ~3) + child]);
                }
            }
        }

        return siblings;
    }

    private static Fr[][] TreeOver(Fr[] rows)
    {
        var levels = new Fr[Height + 1][];
        levels[0] = new Fr[RowsMax];
        rows.CopyTo(levels[0], 0);
        for (int level = 1; level <= Height; level++)
        {
            levels[level] = [.. levels[level - 1].Chunk(4).Select(children => Poseidon.Hash(children))];
        }

        return levels;
    }
}
