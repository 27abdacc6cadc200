using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>The open interest of every opened instrument moves by what long positions changed by, and stays below the limit; an expired instrument leaves the list.</summary>
internal static class OpenInterestUpdate
{
    public const string QuantitiesName = "open interest";
    public const string LeafName = "open interest leaf";
    public const string PathName = "open interest path";

    /// <summary>What stays, cash, positions root.</summary>
    private const int Fields = LeafWires.Count + 2;

    private const int QuantityBits = 32;

    /// <summary>The root after.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="venue">Holds the limit.</param>
    /// <param name="risk">The opened instruments.</param>
    /// <param name="longChanges">Per opened instrument, what all long positions together changed by.</param>
    /// <param name="root">The root before.</param>
    public static Linear Define(CircuitBuilder builder, VenueParameterWires venue, RiskMatrixWires risk, Linear[] longChanges, in Linear root)
    {
        using ScopeHandle scope = builder.Scope("open interest");
        Linear[] before = builder.SecretInputs(QuantitiesName, longChanges.Length);
        Linear[] fields = builder.SecretInputs(LeafName, Fields);
        Linear[] path = builder.SecretInputs(PathName, MerkleGadget.SiblingsPerLevel * AccountTree.Depth);
        var after = new Linear[before.Length];
        for (int i = 0; i < after.Length; i++)
        {
            Integer live = builder.ToUnsigned(builder.Multiply(risk.Rows[i].IsLive, before[i] + longChanges[i]), QuantityBits);
            builder.AssertLessOrEqual(live, venue.OpenInterestMax);
            after[i] = builder.ToWire(live);
        }

        builder.AssertEqual(FixedLeaf.Root(builder, ExchangeState.OpenInterestLeaf, Leaf(builder, risk, fields, before), path), root, "the open interest is in the root");
        return FixedLeaf.Root(builder, ExchangeState.OpenInterestLeaf, Leaf(builder, risk, fields, after), path);
    }

    public static void Assign(Assignment assignment, OpenedAccount openInterest, RiskMatrix risk, IReadOnlyList<int> rows, int count)
    {
        Account account = openInterest.Before;
        assignment.Set(QuantitiesName, RiskMatrixAssignment.Dense(risk, rows, count, account.OpenInterest!));
        assignment.Set(LeafName, [.. LeafWires.Of(account), FieldIntegers.FromInt128(account.Cash.Value), PositionBlocks.Root(account.Positions)]);
        assignment.Set(PathName, [.. openInterest.Path.Siblings]);
    }

    private static Linear Leaf(CircuitBuilder builder, RiskMatrixWires risk, Linear[] fields, Linear[] quantities)
    {
        int blocks = (quantities.Length + PositionBlocks.BlockSize - 1) / PositionBlocks.BlockSize;
        Linear list = PositionList.OpenInterestRoot(builder, [.. risk.Rows.Select(row => row.Id)], quantities, blocks);
        return LeafWires.Read(new WireReader(fields)).Hash(builder, fields[LeafWires.Count], fields[LeafWires.Count + 1], list);
    }
}
