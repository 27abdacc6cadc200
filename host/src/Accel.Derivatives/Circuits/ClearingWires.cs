using System.Numerics;
using Accel.Derivatives.Circuits.Trading;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits;

/// <summary>The clearing account as the other side of a batch: its cash alone changes, by what the batch's accounts received.</summary>
internal static class ClearingWires
{
    public const string LeafName = "clearing leaf";
    public const string PathName = "clearing path";

    /// <summary>
    /// Fields of the leaf as the input lists them: key x and y, packed status, cash, perpetual, indices, positions root, orders root.
    /// </summary>
    private const int LeafFields = 8;

    private const int CashField = 3;

    /// <summary>
    /// Opens the account in one root, takes what was paid, and holds the other root to the result. Returns its word of the difference.
    /// </summary>
    public static Linear Pay(CircuitBuilder builder, in Linear paid, in Linear rootBefore, in Linear rootAfter)
    {
        using ScopeHandle scope = builder.Scope("clearing");
        Linear[] leaf = builder.SecretInputs(LeafName, LeafFields);
        Linear[] siblings = builder.SecretInputs(PathName, MerkleGadget.SiblingsPerLevel * AccountTree.Depth);
        builder.ToSigned(leaf[CashField], CashAmount.MagnitudeBits);
        Linear[] changed = [.. leaf];
        changed[CashField] = leaf[CashField] - paid;
        Integer cash = builder.ToSigned(changed[CashField], CashAmount.MagnitudeBits);
        builder.AssertEqual(Root(builder, leaf, siblings), rootBefore, "root between");
        builder.AssertEqual(Root(builder, changed, siblings), rootAfter, "new root");
        return WordPacker.PackHighestFirst((cash + (BigInteger.One << CashAmount.MagnitudeBits), SettlementDiff.CashBits));
    }

    public static void Assign(Assignment assignment, Account clearing, SubtreePath path)
    {
        assignment.Set(LeafName,
        [
            clearing.KeyX, clearing.KeyY, clearing.PackedStatus, FieldIntegers.FromInt128(clearing.Cash.Value), clearing.Perpetual, clearing.Indices,
            PositionBlocks.Root(clearing.Positions), clearing.OrdersRoot,
        ]);
        assignment.Set(PathName, [.. path.Siblings]);
    }

    private static Linear Root(CircuitBuilder builder, Linear[] leaf, Linear[] siblings) =>
        FixedLeaf.Root(builder, ExchangeState.ClearingLeaf, PoseidonGadget.Hash(builder, leaf), siblings);
}
