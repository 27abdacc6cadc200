using Accel.Derivatives.State;
using Xunit;

namespace Accel.Derivatives.Tests.State;

/// <summary>Batches of leaves, and proofs of several leaves.</summary>
public sealed class AccountTreeUpdateTests
{
    private const int Seed = 20260301;

    [Fact]
    public void A_batch_hashes_each_touched_inner_node_once_whatever_lies_beside()
    {
        Random random = new(Seed);
        AccountTree tree = new AccountTree().With(Enumerable.Range(0, 3000).Select(i => KeyValuePair.Create(random.Next(AccountTree.Capacity), (Fr)(i + 1))));
        foreach (int count in (int[])[1, 2, 15, 16, 17, 500])
        {
            int[] leaves = [.. Enumerable.Range(0, count).Select(i => i % 3 == 0 ? i : random.Next(AccountTree.Capacity))];
            int hashes = 0;
            AccountTree updated = tree.With(leaves.Select(leaf => KeyValuePair.Create(leaf, (Fr)77)), CountingHash);

            int inner = Enumerable.Range(1, AccountTree.Depth).Sum(level => leaves.Select(leaf => leaf >> (2 * level)).Distinct().Count());
            Assert.Equal(inner, hashes);
            Assert.Equal(updated.Root, tree.With(leaves.Select(leaf => KeyValuePair.Create(leaf, (Fr)77))).Root);

            Fr CountingHash(in Fr first, in Fr second, in Fr third, in Fr fourth)
            {
                Interlocked.Increment(ref hashes);
                return AccountTree.HashChildren(first, second, third, fourth);
            }
        }
    }

    [Fact]
    public void A_tree_is_the_same_in_one_batch_or_leaf_by_leaf_and_the_old_one_stays()
    {
        Random random = new(Seed);
        KeyValuePair<int, Fr>[] leaves = [.. Enumerable.Range(0, 60).Select(i => KeyValuePair.Create(random.Next(AccountTree.Capacity), (Fr)random.Next(3)))];
        AccountTree at_once = new AccountTree().With(leaves);
        AccountTree one_by_one = new();
        foreach (KeyValuePair<int, Fr> leaf in leaves)
        {
            Fr before = one_by_one.Root;
            AccountTree next = one_by_one.With([leaf]);
            Assert.Equal(before, one_by_one.Root);
            one_by_one = next;
        }

        Assert.Equal(at_once.Root, one_by_one.Root);
        Assert.Same(at_once, at_once.With([]));
        Assert.All(leaves.GroupBy(leaf => leaf.Key), group => Assert.Equal(group.Last().Value, at_once.Node(0, group.Key)));
    }

    [Fact]
    public void Nodes_above_leaves_hash_up_to_the_root()
    {
        AccountTree tree = new AccountTree().With([new(5, 11), new(6, 12), new(900, 13)]);
        IReadOnlyList<TreeNode> nodes = tree.NodesAbove([900, 5, 5]);

        Assert.Equal(2, nodes.Count(node => node.Level == 0));
        Assert.Equal(new TreeNode(AccountTree.Depth, 0, tree.Root), nodes[^1]);
        Assert.All(nodes, node => Assert.Equal(node.Hash, tree.Node(node.Level, node.Index)));
        Assert.Equal(nodes.OrderBy(node => node.Level).ThenBy(node => node.Index), nodes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(64)]
    public void A_proof_of_several_leaves_leads_to_the_root_and_to_no_other(int count)
    {
        Random random = new(Seed + count);
        AccountTree tree = new AccountTree().With(Enumerable.Range(0, 200).Select(i => KeyValuePair.Create(random.Next(1000), (Fr)(i + 1))));
        int[] leaves = [.. Enumerable.Range(0, count).Select(_ => random.Next(1200)).Distinct().Order()];
        MultiLeafProof proof = tree.Prove(leaves.Reverse());
        Fr[] hashes = [.. leaves.Select(leaf => tree.Node(0, leaf))];

        Assert.Equal(leaves, proof.Leaves);
        Assert.Equal(tree.Root, proof.Root(hashes));
        Assert.True(proof.Siblings.Count <= 3 * AccountTree.Depth * leaves.Length);
        hashes[^1] += Fr.One;
        Assert.NotEqual(tree.Root, proof.Root(hashes));
        hashes[^1] -= Fr.One;
        Fr[] siblings = [.. proof.Siblings];
        siblings[random.Next(siblings.Length)] += Fr.One;
        Assert.NotEqual(tree.Root, (proof with { Siblings = siblings }).Root(hashes));
    }

    [Fact]
    public void Four_siblings_share_their_path_and_a_malformed_proof_is_refused()
    {
        AccountTree tree = new AccountTree().With([new(4, 1), new(5, 2), new(6, 3), new(7, 4)]);
        MultiLeafProof proof = tree.Prove([4, 5, 6, 7]);
        Assert.Equal(3 * (AccountTree.Depth - 1), proof.Siblings.Count);
        Assert.Equal(tree.Root, proof.Root([1, 2, 3, 4]));

        Assert.Throws<ArgumentException>(() => proof.Root([1, 2, 3]));
        Assert.Throws<ArgumentException>(() => (proof with { Siblings = [.. proof.Siblings.Skip(1)] }).Root([1, 2, 3, 4]));
        Assert.Throws<ArgumentException>(() => (proof with { Leaves = [4, 5, 7, 6] }).Root([1, 2, 3, 4]));
        Assert.Throws<ArgumentException>(() => tree.Prove([]));
        Assert.Throws<ArgumentException>(() => tree.Prove([AccountTree.Capacity]));
        Assert.Throws<ArgumentException>(() => tree.Prove([-1]));
    }
}
