using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>The fields of a leaf that a transition leaves alone.</summary>
internal sealed record LeafWires(Linear KeyX, Linear KeyY, Linear PackedStatus, Linear Indices)
{
    /// <summary>Wires of one leaf.</summary>
    public const int Count = 4;

    public static LeafWires Read(WireReader reader) => new(reader.Next(), reader.Next(), reader.Next(), reader.Next());

    public Linear[] ToArray() => [KeyX, KeyY, PackedStatus, Indices];

    /// <summary>The fields of an account, for assignments.</summary>
    public static Fr[] Of(Account account) => [account.KeyX, account.KeyY, account.PackedStatus, account.Indices];

    /// <summary>The leaf. The perpetual is the constant zero: an account that holds one has another leaf.</summary>
    public Linear Hash(CircuitBuilder builder, in Linear cash, in Linear positionsRoot, in Linear ordersRoot) =>
        PoseidonGadget.Hash(builder, KeyX, KeyY, PackedStatus, cash, Linear.Zero, Indices, positionsRoot, ordersRoot);
}

/// <summary>Roots above leaves whose place is fixed, so that no selection is needed.</summary>
internal static class FixedLeaf
{
    /// <summary>The root above a leaf.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="index">The leaf's index, a constant of the statement.</param>
    /// <param name="leaf">Its value.</param>
    /// <param name="siblings">Three a level in ascending order, lowest level first.</param>
    public static Linear Root(CircuitBuilder builder, int index, in Linear leaf, Linear[] siblings)
    {
        Linear node = leaf;
        for (int level = 0; level < AccountTree.Depth; level++, index >>= 2)
        {
            List<Linear> children = [.. siblings[(MerkleGadget.SiblingsPerLevel * level)..(MerkleGadget.SiblingsPerLevel * (level + 1))]];
            children.Insert(index & 3, node);
            node = PoseidonGadget.Hash(builder, [.. children]);
        }

        return node;
    }
}
