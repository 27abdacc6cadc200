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
        MarketAssignment.Set(assignment, result.Batch.Snapshot, result.Batch.Parameters);
        SetAccounts(assignment, result);
        LeafRange.Assign(assignment, result.RangePath);
        ClearingWires.Assign(assignment, result.ClearingBefore, result.ClearingPath);
        return assignment;
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
        assignment.Set(SettlementCircuit.IdsName, [.. accounts.SelectMany(a => MarketAssignment.Padded(a?.Positions ?? [], positions, p => p.InstrumentId))]);
        assignment.Set(SettlementCircuit.QuantitiesName, [.. accounts.SelectMany(a => MarketAssignment.Padded(a?.Positions ?? [], positions, p => p.Quantity.Value))]);

        void SetEach(string name, Func<Account, Fr> field) => assignment.Set(name, [.. accounts.Select(a => a is null ? Fr.Zero : field(a))]);
    }
}
