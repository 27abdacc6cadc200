namespace Accel.Derivatives.State;

/// <summary>
/// A proof of several leaves of an account tree. Siblings come by ascending level, then index; a node is among them when its parent is above a proved
/// leaf and it is not.
/// </summary>
/// <param name="Leaves">Indices of the proved leaves, strictly ascending.</param>
/// <param name="Siblings">What the proved leaves do not yield.</param>
public sealed record MultiLeafProof(IReadOnlyList<int> Leaves, IReadOnlyList<Fr> Siblings)
{
    /// <summary>The root that the proof gives to leaf hashes; equal to a tree's root when these are its leaves.</summary>
    /// <param name="leafHashes">One for each of <see cref="Leaves"/>; zero for an empty leaf.</param>
    /// <exception cref="ArgumentException">The indices are not ascending leaves, or the number of hashes or siblings is not theirs.</exception>
    public Fr Root(IReadOnlyList<Fr> leafHashes)
    {
        int[] indices = [.. Leaves];
        if (leafHashes.Count != indices.Length)
        {
            throw new ArgumentException($"{leafHashes.Count} hashes for {indices.Length} leaves", nameof(leafHashes));
        }

        var places = SiblingsOf(indices).ToList();
        if (places.Count != Siblings.Count)
        {
            throw new ArgumentException($"the proof has {Siblings.Count} siblings; {indices.Length} such leaves take {places.Count}");
        }

        Dictionary<int, Fr> level = [];
        for (int i = 0; i < indices.Length; i++)
        {
            level[indices[i]] = leafHashes[i];
        }

        int next = 0;
        for (int height = 0; height < AccountTree.Depth; height++)
        {
            for (; next < places.Count && places[next].Level == height; next++)
            {
                level[places[next].Index] = Siblings[next];
            }

            level = level.GroupBy(pair => pair.Key >> 2)
                .ToDictionary(group => group.Key, group => HashOf([.. group.OrderBy(pair => pair.Key).Select(pair => pair.Value)]));
        }

        return level[0];
    }

    /// <summary>Where the siblings of a proof stand.</summary>
    /// <exception cref="ArgumentException">There is no index, or they are not strictly ascending leaves.</exception>
    internal static IEnumerable<(int Level, int Index)> SiblingsOf(int[] leaves)
    {
        if (leaves.Length == 0 || leaves[0] < 0 || leaves[^1] >= AccountTree.Capacity || leaves.Zip(leaves.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw new ArgumentException($"expected at least one leaf, strictly ascending, from 0 to {AccountTree.Capacity - 1}", nameof(leaves));
        }

        return SiblingsOf();

        IEnumerable<(int Level, int Index)> SiblingsOf()
        {
            int[] known = leaves;
            for (int level = 0; level < AccountTree.Depth; level++)
            {
                HashSet<int> present = [.. known];
                int[] parents = [.. known.Select(index => index >> 2).Distinct()];
                foreach (int child in parents.SelectMany(parent => Enumerable.Range(4 * parent, AccountTree.Arity)).Where(child => !present.Contains(child)))
                {
                    yield return (level, child);
                }

                known = parents;
            }
        }
    }

    private static Fr HashOf(Fr[] children) => Poseidon.Hash(children);
}
