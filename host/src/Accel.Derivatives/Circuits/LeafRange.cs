using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits;

/// <summary>An aligned range of leaves before and after a batch.</summary>
internal static class LeafRange
{
    public const string PathName = "range path";

    /// <summary>Bits of the range's index: the first leaf is a multiple of the range's size below the tree's.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="firstLeaf">First leaf of the range.</param>
    /// <param name="height">The range spans 4^height leaves.</param>
    public static Bit[] Index(CircuitBuilder builder, in Linear firstLeaf, int height)
    {
        Fr inverseSize = ((Fr)(1 << (2 * height))).Inverse();
        return builder.ToBits(firstLeaf * inverseSize, 2 * (AccountTree.Depth - height));
    }

    /// <summary>The root after the range changed. One path serves before and after, so nothing outside the range can change.</summary>
    public static Linear Update(CircuitBuilder builder, Bit[] index, Linear[] oldLeaves, Linear[] newLeaves, in Linear oldRoot)
    {
        using ScopeHandle scope = builder.Scope("range");
        Linear[] siblings = builder.SecretInputs(PathName, MerkleGadget.SiblingsPerLevel * index.Length / 2);
        Linear before = MerkleGadget.SubtreeRoot(builder, oldLeaves);
        Linear after = MerkleGadget.SubtreeRoot(builder, newLeaves);
        (Linear root, Linear between) = MerkleGadget.Update(builder, before, after, index, siblings);
        builder.AssertEqual(root, oldRoot, "old root");
        return between;
    }

    public static void Assign(Assignment assignment, SubtreePath path) => assignment.Set(PathName, InPairOrder(path));

    /// <summary>A path's siblings as the gadgets take them.</summary>
    public static Fr[] InPairOrder(SubtreePath path) => InPairOrder(path.Siblings, path.FirstLeaf >> (2 * path.Height));

    /// <summary>The siblings above a node of some index, three a level in ascending order, as the gadgets take them.</summary>
    public static Fr[] InPairOrder(IEnumerable<Fr> siblings, int index)
    {
        var ordered = new List<Fr>();
        foreach (Fr[] level in siblings.Chunk(MerkleGadget.SiblingsPerLevel))
        {
            ordered.AddRange(MerkleGadget.ToPairOrder(level, index & 3));
            index >>= 2;
        }

        return [.. ordered];
    }
}
