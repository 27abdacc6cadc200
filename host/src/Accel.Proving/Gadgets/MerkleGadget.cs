using Accel.Proving.Frontend;

namespace Accel.Proving.Gadgets;

/// <summary>
/// 4-ary Merkle trees with nodes Poseidon(c₀, c₁, c₂, c₃). A level of a path costs <see cref="LevelConstraintCount"/>.
/// Siblings come in pair order: first the child beside the node, then the other pair from left to right; two swaps then place all four children.
/// </summary>
public static class MerkleGadget
{
    /// <summary>Siblings of one level.</summary>
    public const int SiblingsPerLevel = 3;

    /// <summary>Constraints of one level of a path: three swaps and a node.</summary>
    public static int LevelConstraintCount => 3 + PoseidonGadget.ConstraintCount(4);

    /// <summary>The root above a node.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="node">A leaf, or the root of a subtree.</param>
    /// <param name="index">Two bits a level, lowest level and least significant bit first.</param>
    /// <param name="siblings">Three a level in pair order, lowest level first.</param>
    /// <exception cref="ArgumentException">The numbers of bits and siblings do not belong together.</exception>
    public static Linear Root(CircuitBuilder builder, in Linear node, ReadOnlySpan<Bit> index, ReadOnlySpan<Linear> siblings)
    {
        CheckLengths(index.Length, siblings.Length);
        Linear current = node;
        for (int level = 0; level < index.Length / 2; level++)
        {
            current = Level(builder, current, index.Slice(2 * level, 2), siblings.Slice(SiblingsPerLevel * level, SiblingsPerLevel));
        }

        return current;
    }

    /// <summary>The roots before and after one node changes: the same siblings and index serve both.</summary>
    /// <exception cref="ArgumentException">The numbers of bits and siblings do not belong together.</exception>
    public static (Linear OldRoot, Linear NewRoot) Update(CircuitBuilder builder, in Linear oldNode, in Linear newNode, ReadOnlySpan<Bit> index, ReadOnlySpan<Linear> siblings) =>
        (Root(builder, oldNode, index, siblings), Root(builder, newNode, index, siblings));

    /// <summary>The root of a whole subtree. (n − 1)/3 nodes for n leaves.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="leaves">4ᵏ leaves from left to right; one leaf is its own root.</param>
    /// <exception cref="ArgumentException">The number of leaves is no power of four.</exception>
    public static Linear SubtreeRoot(CircuitBuilder builder, ReadOnlySpan<Linear> leaves)
    {
        if (!int.IsPow2(leaves.Length) || int.Log2(leaves.Length) % 2 != 0)
        {
            throw new ArgumentException($"{leaves.Length} leaves are no power of four", nameof(leaves));
        }

        Linear[] nodes = leaves.ToArray();
        while (nodes.Length > 1)
        {
            Linear[] parents = new Linear[nodes.Length / 4];
            for (int i = 0; i < parents.Length; i++)
            {
                parents[i] = PoseidonGadget.Hash(builder, nodes.AsSpan(4 * i, 4));
            }

            nodes = parents;
        }

        return nodes[0];
    }

    /// <summary>Reorders the three other children of a level from ascending order to pair order, for assignments.</summary>
    /// <param name="ascending">The siblings from left to right.</param>
    /// <param name="child">Position of the node among the four children, 0 to 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">The position is not 0 to 3.</exception>
    public static Fr[] ToPairOrder(ReadOnlySpan<Fr> ascending, int child) => child switch
    {
        0 or 1 => [ascending[0], ascending[1], ascending[2]],
        2 or 3 => [ascending[2], ascending[0], ascending[1]],
        _ => throw new ArgumentOutOfRangeException(nameof(child), child, "a node has four children"),
    };

    private static Linear Level(CircuitBuilder builder, in Linear node, ReadOnlySpan<Bit> child, ReadOnlySpan<Linear> siblings) =>
        builder.Call(new MerkleLevelTemplate(), [node, child[0], child[1], .. siblings])[0];

    private static void CheckLengths(int indexBits, int siblings)
    {
        if (indexBits % 2 != 0 || siblings * 2 != indexBits * SiblingsPerLevel)
        {
            throw new ArgumentException($"a path of {siblings} siblings needs {siblings / SiblingsPerLevel * 2} index bits, not {indexBits}");
        }
    }
}

/// <summary>Inputs: node, two bits of its position, three siblings in pair order. The caller holds the bits to 0 or 1.</summary>
internal sealed class MerkleLevelTemplate : ITemplate
{
    public string Key => "MerkleLevel";

    public int InputCount => 6;

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        Bit low = new(inputs[1]);
        Bit high = new(inputs[2]);
        Linear left = builder.Select(low, inputs[3], inputs[0]);
        Linear right = inputs[0] + inputs[3] - left;
        Linear first = builder.Select(high, inputs[4], left);
        Linear second = builder.Select(high, inputs[5], right);
        return [PoseidonGadget.Hash(builder, first, second, left + inputs[4] - first, right + inputs[5] - second)];
    }
}
