using Accel.Derivatives.Market;
using Accel.Derivatives.State;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>The clearing account receives or pays what a batch's accounts pay or receive; its cash alone changes.</summary>
internal static class ClearingUpdate
{
    public const string LeafName = "clearing leaf";
    public const string PathName = "clearing path";

    /// <summary>Key x and y, packed status, cash, perpetual, indices, positions root, orders root.</summary>
    private const int Fields = 8;

    private const int CashField = 3;

    /// <summary>The root after the clearing account has received an amount.</summary>
    public static Linear Define(CircuitBuilder builder, in Linear received, in Linear root)
    {
        using ScopeHandle scope = builder.Scope("clearing");
        Linear[] leaf = builder.SecretInputs(LeafName, Fields);
        Linear[] path = builder.SecretInputs(PathName, MerkleGadget.SiblingsPerLevel * AccountTree.Depth);
        builder.ToSigned(leaf[CashField], CashAmount.MagnitudeBits);
        Linear[] after = [.. leaf];
        after[CashField] = leaf[CashField] + received;
        builder.ToSigned(after[CashField], CashAmount.MagnitudeBits);
        builder.AssertEqual(FixedLeaf.Root(builder, ExchangeState.ClearingLeaf, PoseidonGadget.Hash(builder, leaf), path), root, "the clearing account is in the root");
        return FixedLeaf.Root(builder, ExchangeState.ClearingLeaf, PoseidonGadget.Hash(builder, after), path);
    }

    public static void Assign(Assignment assignment, OpenedAccount clearing)
    {
        Account account = clearing.Before;
        assignment.Set(
            LeafName,
            [
                account.KeyX, account.KeyY, account.PackedStatus, FieldIntegers.FromInt128(account.Cash.Value), account.Perpetual, account.Indices,
                PositionBlocks.Root(account.Positions), account.OrdersRoot,
            ]);
        assignment.Set(PathName, [.. clearing.Path.Siblings]);
    }
}
