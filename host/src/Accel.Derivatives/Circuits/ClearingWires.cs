using System.Numerics;
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

    /// <summary>Fields of the leaf as the input lists them: key x and y, packed status, cash, perpetual, indices, positions root, orders root.</summary>
    private const int LeafFields = 8;

    private const int CashField = 3;

    /// <summary>Opens the account in one root, takes what was paid, and holds the other root to the result. Returns its word of the difference.</summary>
    public static Linear Pay(CircuitBuilder builder, in Linear paid, in Linear rootBefore, in Linear rootAfter)
    {
        using ScopeHandle scope = builder.Scope("clearing");
        Linear[] leaf = builder.SecretInputs(LeafName, LeafFields);
        Linear[] siblings = builder.SecretInputs(PathName, MerkleGadget.SiblingsPerLevel * AccountTree.Depth);
        builder.ToSigned(leaf[CashField], CashAmount.MagnitudeBits);
        Linear[] changed = [.. leaf];
        changed[CashField] = leaf[CashField] - paid;
        Integer cash = builder.ToSigned(changed[CashField], CashAmount.MagnitudeBits);
        builder.AssertEqual(FirstLeafRoot(builder, PoseidonGadget.Hash(builder, leaf), siblings), rootBefore, "root between");
        builder.AssertEqual(FirstLeafRoot(builder, PoseidonGadget.Hash(builder, changed), siblings), rootAfter, "new root");
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

    /// <summary>Leaf 0 is the first child on every level, so no selection is needed.</summary>
    private static Linear FirstLeafRoot(CircuitBuilder builder, in Linear leaf, Linear[] siblings)
    {
        Linear node = leaf;
        for (int level = 0; level < AccountTree.Depth; level++)
        {
            int first = MerkleGadget.SiblingsPerLevel * level;
            node = PoseidonGadget.Hash(builder, node, siblings[first], siblings[first + 1], siblings[first + 2]);
        }

        return node;
    }
}
