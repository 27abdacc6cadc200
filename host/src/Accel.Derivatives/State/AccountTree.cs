namespace Accel.Derivatives.State;

/// <summary>Siblings on the way from an aligned subtree to the root, three a level, lowest level first.</summary>
/// <param name="FirstLeaf">Index of the subtree's first leaf.</param>
/// <param name="Height">Height of the subtree: it spans 4^height leaves.</param>
/// <param name="Siblings">For each level the three other children in ascending order.</param>
public sealed record SubtreePath(int FirstLeaf, int Height, IReadOnlyList<Fr> Siblings)
{
    /// <summary>The root that the path gives to a subtree root.</summary>
    public Fr Root(Fr subtreeRoot)
    {
        Fr node = subtreeRoot;
        int index = FirstLeaf >> (2 * Height);
        for (int level = Height; level < AccountTree.Depth; level++, index >>= 2)
        {
            var children = new List<Fr>(Siblings.Skip(3 * (level - Height)).Take(3));
            children.Insert(index & 3, node);
            node = Poseidon.Hash([.. children]);
        }

        return node;
    }
}

/// <summary>One node of the tree.</summary>
/// <param name="Level">0 for leaves, <see cref="AccountTree.Depth"/> for the root.</param>
/// <param name="Index">Index within the level.</param>
/// <param name="Hash">The node's value; that of an empty subtree says that nothing is below.</param>
public readonly record struct TreeNode(int Level, int Index, Fr Hash);

/// <summary>
/// A sparse 4-ary Poseidon tree of depth 12 over leaf hashes; an absent leaf is zero. Immutable: <c>With</c> shares every untouched node with the
/// tree that it starts from, so that a batch costs what it touches, and can be tried and dropped.
/// </summary>
public sealed class AccountTree
{
    /// <summary>Levels between a leaf and the root.</summary>
    public const int Depth = 12;

    /// <summary>Children of a node.</summary>
    public const int Arity = 4;

    /// <summary>Number of leaves: 4¹².</summary>
    public const int Capacity = 1 << (2 * Depth);

    // Fewer leaves than this are hashed faster than threads are found for them.
    private const int ParallelLeavesMin = 16;

    private static readonly Fr[] EmptyNodes = BuildEmptyNodes();

    private readonly Subtree? _root;

    /// <summary>An empty tree.</summary>
    public AccountTree()
        : this(null)
    {
    }

    private AccountTree(Subtree? root) => _root = root;

    /// <summary>The hash of four children.</summary>
    internal delegate Fr ChildrenHash(in Fr first, in Fr second, in Fr third, in Fr fourth);

    /// <summary>The root.</summary>
    public Fr Root => Node(Depth, 0);

    /// <summary>The node of a level (0 for leaves) and index.</summary>
    public Fr Node(int level, int index)
    {
        Subtree? node = _root;
        for (int above = Depth - 1; above >= level && node is not null; above--)
        {
            node = node[(index >> (2 * (above - level))) & 3];
        }

        return node is null ? EmptyNodes[level] : node.Hash;
    }

    /// <summary>The root of an empty subtree that spans 4^height leaves.</summary>
    public static Fr EmptyNode(int height) => EmptyNodes[height];

    /// <summary>A tree in which some leaves are replaced. Each inner node above them is hashed once, on all processors.</summary>
    /// <param name="leaves">Index and new hash of each; zero empties a leaf, and of equal indices the last counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is not below 4¹².</exception>
    public AccountTree With(IEnumerable<KeyValuePair<int, Fr>> leaves) => With(leaves, HashChildren);

    /// <summary>The same, and by what the nodes are hashed.</summary>
    internal AccountTree With(IEnumerable<KeyValuePair<int, Fr>> leaves, ChildrenHash hash)
    {
        KeyValuePair<int, Fr>[] sorted = SortedByIndex(leaves);
        return sorted.Length == 0 ? this : new AccountTree(Replace(_root, Depth, sorted, hash));
    }

    /// <summary>
    /// The nodes above and of some leaves, as they are in this tree: what a store writes after a batch. Ascending by level, then index.
    /// </summary>
    /// <param name="leaves">Indices in any order.</param>
    public IReadOnlyList<TreeNode> NodesAbove(IEnumerable<int> leaves)
    {
        var nodes = new List<TreeNode>();
        int[] indices = [.. leaves.Distinct().Order()];
        for (int level = 0; level <= Depth; level++)
        {
            nodes.AddRange(indices.Select(index => new TreeNode(level, index, Node(level, index))));
            indices = [.. indices.Select(index => index >> 2).Distinct()];
        }

        return nodes;
    }

    /// <summary>The path of an aligned subtree.</summary>
    /// <param name="firstLeaf">A multiple of 4^height.</param>
    /// <param name="height">0 for a single leaf, up to 12.</param>
    /// <exception cref="ArgumentException">The subtree is not aligned or not inside the tree.</exception>
    public SubtreePath Path(int firstLeaf, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Depth);
        if (firstLeaf < 0 || firstLeaf >= Capacity || (firstLeaf & ((1 << (2 * height)) - 1)) != 0)
        {
            throw new ArgumentException($"leaf {firstLeaf} does not start an aligned subtree of 4^{height} leaves among {Capacity}", nameof(firstLeaf));
        }

        var siblings = new List<Fr>(3 * (Depth - height));
        int index = firstLeaf >> (2 * height);
        for (int level = height; level < Depth; level++, index >>= 2)
        {
            for (int child = 0; child < Arity; child++)
            {
                if (child != (index & 3))
                {
                    siblings.Add(Node(level, (index & ~3) + child));
                }
            }
        }

        return new SubtreePath(firstLeaf, height, siblings);
    }

    /// <summary>A proof of several leaves at once: nodes that paths share, or that follow from the leaves, are not in it.</summary>
    /// <param name="leaves">At least one index, in any order.</param>
    /// <exception cref="ArgumentException">There is no index, or one is not below 4¹².</exception>
    public MultiLeafProof Prove(IEnumerable<int> leaves)
    {
        int[] indices = [.. leaves.Distinct().Order()];
        return new MultiLeafProof(indices, [.. MultiLeafProof.SiblingsOf(indices).Select(place => Node(place.Level, place.Index))]);
    }

    internal static Fr HashChildren(in Fr first, in Fr second, in Fr third, in Fr fourth) => Poseidon.Hash(first, second, third, fourth);

    internal static void RequireLeaf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Capacity);
    }

    private static KeyValuePair<int, Fr>[] SortedByIndex(IEnumerable<KeyValuePair<int, Fr>> leaves)
    {
        var last = new SortedDictionary<int, Fr>();
        foreach ((int index, Fr leaf) in leaves)
        {
            RequireLeaf(index);
            last[index] = leaf;
        }

        return [.. last];
    }

    /// <summary>A subtree of which some leaves are replaced; null when none is left.</summary>
    private static Subtree? Replace(Subtree? old, int level, ReadOnlyMemory<KeyValuePair<int, Fr>> leaves, ChildrenHash hash)
    {
        if (level == 0)
        {
            Fr leaf = leaves.Span[0].Value;
            return leaf.IsZero ? null : new Subtree(leaf, null, null, null, null);
        }

        Subtree?[] children = [old?[0], old?[1], old?[2], old?[3]];
        ReadOnlyMemory<KeyValuePair<int, Fr>>[] parts = SplitByChild(leaves, level);
        if (leaves.Length < ParallelLeavesMin)
        {
            for (int child = 0; child < Arity; child++)
            {
                ReplaceChild(child);
            }
        }
        else
        {
            Parallel.For(0, Arity, ReplaceChild);
        }

        return Array.TrueForAll(children, static child => child is null)
            ? null
            : new Subtree(hash(HashOf(0), HashOf(1), HashOf(2), HashOf(3)), children[0], children[1], children[2], children[3]);

        void ReplaceChild(int child)
        {
            if (parts[child].Length > 0)
            {
                children[child] = Replace(children[child], level - 1, parts[child], hash);
            }
        }

        Fr HashOf(int child) => children[child]?.Hash ?? EmptyNodes[level - 1];
    }

    private static ReadOnlyMemory<KeyValuePair<int, Fr>>[] SplitByChild(ReadOnlyMemory<KeyValuePair<int, Fr>> leaves, int level)
    {
        var parts = new ReadOnlyMemory<KeyValuePair<int, Fr>>[Arity];
        int start = 0;
        for (int child = 0; child < Arity; child++)
        {
            int end = start;
            while (end < leaves.Length && ((leaves.Span[end].Key >> (2 * (level - 1))) & 3) == child)
            {
                end++;
            }

            parts[child] = leaves[start..end];
            start = end;
        }

        return parts;
    }

    private static Fr[] BuildEmptyNodes()
    {
        var nodes = new Fr[Depth + 1];
        for (int level = 1; level <= Depth; level++)
        {
            nodes[level] = Poseidon.Hash(nodes[level - 1], nodes[level - 1], nodes[level - 1], nodes[level - 1]);
        }

        return nodes;
    }

    /// <summary>A node with something below it, or a leaf that is not empty.</summary>
    private sealed class Subtree(Fr hash, Subtree? first, Subtree? second, Subtree? third, Subtree? fourth)
    {
        public Fr Hash { get; } = hash;

        public Subtree? this[int child] => child switch
        {
            0 => first,
            1 => second,
            2 => third,
            _ => fourth,
        };
    }
}
