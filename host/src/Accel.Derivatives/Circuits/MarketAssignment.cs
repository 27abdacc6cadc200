using Accel.Derivatives.Margin;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits;

/// <summary>The inputs that every statement on a signed market shares.</summary>
internal static class MarketAssignment
{
    /// <summary>Sets the parameters, the snapshot, the oracle's key and its signature.</summary>
    public static void Set(Assignment assignment, SignedSnapshot signed, MarginParameters parameters)
    {
        assignment.Set(ParameterWires.ScalarsName, [.. parameters.Scalars().Select(s => (Fr)s)]);
        assignment.Set(ParameterWires.ShocksName, [.. parameters.SpotShocks.Select(s => (Fr)s)]);
        OracleSnapshot snapshot = signed.Snapshot;
        BatchShape shape = signed.Shape;
        assignment.Set(SnapshotWires.UnderlyingName, Market.Instrument.UnderlyingId(snapshot.Underlying));
        assignment.Set(SnapshotWires.SpotName, snapshot.Spot.Value);
        assignment.Set(SnapshotWires.ExpiriesName, Padded(snapshot.Expiries, shape.Expiries, e => e.Expiry));
        assignment.Set(SnapshotWires.ForwardsName, Padded(snapshot.Expiries, shape.Expiries, e => e.Forward.Value));
        assignment.Set(SnapshotWires.SettlementsName, Padded(snapshot.Expiries, shape.Expiries, e => e.Settlement.Value));
        assignment.Set(SnapshotWires.RatesName, Padded(snapshot.Expiries, shape.Expiries, e => e.RateMillionths + OracleExpiry.RateBias));
        assignment.Set(SnapshotWires.SlotsName, Padded(snapshot.Instruments, shape.Instruments, i => snapshot.SlotOf(i.Instrument.Expiry)));
        assignment.Set(SnapshotWires.StrikesName, Padded(snapshot.Instruments, shape.Instruments, i => i.Instrument.Strike.Value));
        assignment.Set(SnapshotWires.PutsName, Padded(snapshot.Instruments, shape.Instruments, i => (int)i.Instrument.Kind));
        assignment.Set(SnapshotWires.VolatilitiesName, Padded(snapshot.Instruments, shape.Instruments, i => i.VolatilityMillionths));
        OracleGadget.Assign(assignment, signed.OracleKey, signed.Signature);
    }

    /// <summary>A field of each item, then zeros.</summary>
    public static Fr[] Padded<T>(IReadOnlyList<T> items, int count, Func<T, Fr> field)
    {
        var padded = new Fr[count];
        for (int i = 0; i < items.Count; i++)
        {
            padded[i] = field(items[i]);
        }

        return padded;
    }
}
