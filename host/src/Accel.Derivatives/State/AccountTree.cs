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

/// <summary>
/// A sparse 4-ary Poseidon tree of depth 12 over leaf hashes; an absent leaf is zero. Immutable through its users: <see cref="With"/> copies
/// the dictionaries of changed levels only when asked, so batches can be tried and dropped.
/// </summary>
public sealed class AccountTree
{
    /// <summary>Levels between a leaf and the root.</summary>
    public const int Depth = 12;

    /// <summary>Children of a node.</summary>
    public const int Arity = 4;

    /// <summary>Number of leaves: 4¹².</summary>
    public const int Capacity = 1 << (2 * Depth);

    private static readonly Fr[] EmptyNodes = BuildEmptyNodes();

    private readonly Dictionary<int, Fr>[] _levels;

    /// <summary>An empty tree.</summary>
    public AccountTree()
        : this([.. Enumerable.Range(0, Depth + 1).Select(_ => new Dictionary<int, Fr>())])
    {
    }

    private AccountTree(Dictionary<int, Fr>[] levels) => _levels = levels;

    /// <summary>The root.</summary>
    public Fr Root => Node(Depth, 0);

    /// <summary>The node of a level (0 for leaves) and index.</summary>
    public Fr Node(int level, int index) => _levels[level].TryGetValue(index, out Fr node) ? node : EmptyNodes[level];

    /// <summary>The root of an empty subtree that spans 4^height leaves.</summary>
    public static Fr EmptyNode(int height) => EmptyNodes[height];

    /// <summary>A tree in which some leaves are replaced.</summary>
    /// <param name="leaves">Index and new hash of each; zero empties a leaf.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is not below 4¹².</exception>
    public AccountTree With(IEnumerable<KeyValuePair<int, Fr>> leaves)
    {
        Dictionary<int, Fr>[] levels = [.. _levels.Select(level => new Dictionary<int, Fr>(level))];
        var tree = new AccountTree(levels);
        var touched = new HashSet<int>();
        foreach ((int index, Fr leaf) in leaves)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Capacity);
            levels[0][index] = leaf;
            touched.Add(index >> 2);
        }

        for (int level = 1; level <= Depth; level++)
        {
            foreach (int index in touched)
            {
                levels[level][index] = Poseidon.Hash(
                    tree.Node(level - 1, 4 * index), tree.Node(level - 1, (4 * index) + 1), tree.Node(level - 1, (4 * index) + 2), tree.Node(level - 1, (4 * index) + 3));
            }

            touched = [.. touched.Select(index => index >> 2)];
        }

        return tree;
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

    private static Fr[] BuildEmptyNodes()
    {
        var nodes = new Fr[Depth + 1];
        for (int level = 1; level <= Depth; level++)
        {
            nodes[level] = Poseidon.Hash(nodes[level - 1], nodes[level - 1], nodes[level - 1], nodes[level - 1]);
        }

        return nodes;
    }
}
