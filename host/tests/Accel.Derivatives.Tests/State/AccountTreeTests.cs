using Accel.Derivatives.State;
using CsCheck;
using Xunit;

namespace Accel.Derivatives.Tests.State;

public sealed class AccountTreeTests
{
    [Fact]
    public void An_empty_subtree_is_four_empty_ones_hashed()
    {
        Fr below = AccountTree.EmptyNode(4);
        Assert.Equal(Poseidon.Hash(below, below, below, below), AccountTree.EmptyNode(5));
        Assert.Equal(AccountTree.EmptyNode(AccountTree.Depth), new AccountTree().Root);
        Assert.True(AccountTree.EmptyNode(0).IsZero);
    }

    [Fact]
    public void Paths_of_aligned_subtrees_lead_to_the_root() => Gen.Select(Gen.Int[0, AccountTree.Capacity - 1].List[1, 6], Gen.Int[0, 3]).Sample(
        (leaves, height) =>
        {
            AccountTree tree = new AccountTree().With(leaves.Distinct().Select(leaf => KeyValuePair.Create(leaf, (Fr)(leaf + 7))));
            int first = leaves[0] >> (2 * height) << (2 * height);
            SubtreePath path = tree.Path(first, height);
            return path.Root(tree.Node(height, first >> (2 * height))) == tree.Root && path.Siblings.Count == 3 * (AccountTree.Depth - height);
        },
        seed: "0000KOIPe648",
        iter: 20);

    [Fact]
    public void Order_of_insertion_does_not_matter_and_clearing_a_leaf_restores_the_root()
    {
        AccountTree one = new AccountTree().With([new(5, 11), new(900, 12)]);
        AccountTree two = new AccountTree().With([new(900, 12)]).With([new(5, 11)]);
        Assert.Equal(one.Root, two.Root);
        Assert.Equal(new AccountTree().Root, one.With([new(5, Fr.Zero), new(900, Fr.Zero)]).Root);
        Assert.NotEqual(one.Root, one.With([new(5, 13)]).Root);
        Assert.Equal(new AccountTree().With([new(5, 11), new(900, 12)]).Root, one.Root);
    }

    [Fact]
    public void Unaligned_or_absent_subtrees_are_refused()
    {
        var tree = new AccountTree();
        Assert.Contains("aligned", Assert.Throws<ArgumentException>(() => tree.Path(2, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => tree.Path(AccountTree.Capacity, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.With([new(-1, Fr.One)]));
        Assert.Equal(4, AccountTree.Arity);
    }
}
