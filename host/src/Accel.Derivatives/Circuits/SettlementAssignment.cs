using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits;

/// <summary>The inputs of a <see cref="SettlementCircuit"/> for a settled batch.</summary>
public static class SettlementAssignment
{
    /// <summary>Sets every input.</summary>
    /// <param name="circuit">The compiled circuit, of the batch's shape.</param>
    /// <param name="face">The circuit's face.</param>
    /// <param name="result">The settled batch.</param>
    /// <exception cref="ArgumentException">The circuit has another shape.</exception>
    public static Assignment Of(CompiledCircuit circuit, PublicFace face, SettlementResult result)
    {
        var assignment = new Assignment(circuit);
        PublicFields.Assign(assignment, face, result.PublicInputs.ToFields());
        assignment.Set(ParameterWires.ScalarsName, [.. result.Batch.Parameters.Scalars().Select(s => (Fr)s)]);
        assignment.Set(ParameterWires.ShocksName, [.. result.Batch.Parameters.SpotShocks.Select(s => (Fr)s)]);
        SetSnapshot(assignment, result.Batch);
        SetAccounts(assignment, result);
        LeafRange.Assign(assignment, result.RangePath);
        ClearingWires.Assign(assignment, result.ClearingBefore, result.ClearingPath);
        return assignment;
    }

    private static void SetSnapshot(Assignment assignment, SettlementBatch batch)
    {
        OracleSnapshot snapshot = batch.Snapshot.Snapshot;
        BatchShape shape = batch.Shape;
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
        OracleGadget.Assign(assignment, batch.Snapshot.OracleKey, batch.Snapshot.Signature);
    }

    private static void SetAccounts(Assignment assignment, SettlementResult result)
    {
        Account?[] accounts = [.. result.Accounts.Select(a => a.Before)];
        int positions = result.Batch.Shape.Positions;
        assignment.Set(SettlementCircuit.EmptyName, [.. accounts.Select(a => a is null ? Fr.One : Fr.Zero)]);
        SetEach(SettlementCircuit.KeyXName, a => a.KeyX);
        SetEach(SettlementCircuit.KeyYName, a => a.KeyY);
        SetEach(SettlementCircuit.NonceName, a => a.Nonce);
        SetEach(SettlementCircuit.StatusName, a => (int)a.Status);
        SetEach(SettlementCircuit.FlaggedAtName, a => a.FlaggedAt);
        SetEach(SettlementCircuit.CashName, a => FieldIntegers.FromInt128(a.Cash.Value));
        SetEach(SettlementCircuit.IndicesName, a => a.Indices);
        SetEach(SettlementCircuit.OrdersName, a => a.OrdersRoot);
        assignment.Set(SettlementCircuit.IdsName, [.. accounts.SelectMany(a => Padded(a?.Positions ?? [], positions, p => p.InstrumentId))]);
        assignment.Set(SettlementCircuit.QuantitiesName, [.. accounts.SelectMany(a => Padded(a?.Positions ?? [], positions, p => p.Quantity.Value))]);

        void SetEach(string name, Func<Account, Fr> field) => assignment.Set(name, [.. accounts.Select(a => a is null ? Fr.Zero : field(a))]);
    }

    private static Fr[] Padded<T>(IReadOnlyList<T> items, int count, Func<T, Fr> field)
    {
        var padded = new Fr[count];
        for (int i = 0; i < items.Count; i++)
        {
            padded[i] = field(items[i]);
        }

        return padded;
    }
}
