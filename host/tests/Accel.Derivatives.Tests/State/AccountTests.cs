using Accel.Derivatives.Market;
using Accel.Derivatives.State;
using Xunit;

namespace Accel.Derivatives.Tests.State;

public sealed class AccountTests
{
    private static readonly Account Sample = new()
    {
        KeyX = 1,
        KeyY = 2,
        Nonce = 3,
        Status = AccountStatus.BelowMaintenance,
        FlaggedAt = 5,
        Cash = new CashAmount(-6),
        Perpetual = 7,
        Indices = 8,
        Positions = [new Position(10, new PositionQuantity(-11)), new Position(12, new PositionQuantity(13))],
    };

    [Fact]
    public void The_leaf_is_the_stated_hash()
    {
        Fr status = (((Fr)3 * (1 << 8)) + 1) * (1L << 40) + 5;
        var block = new Fr[16];
        (block[0], block[1], block[2], block[3]) = (10, -11, 12, 13);
        Fr root = Poseidon.Hash(Poseidon.Hash(block), PositionBlocks.EmptyBlock, PositionBlocks.EmptyBlock, PositionBlocks.EmptyBlock);
        Assert.Equal(status, Sample.PackedStatus);
        Assert.Equal(root, PositionBlocks.Root(Sample.Positions));
        Assert.Equal(Poseidon.Hash([1, 2, status, -6, 7, 8, root, Poseidon.Hash(new Fr[8])]), Sample.Hash());
    }

    [Fact]
    public void Every_field_counts()
    {
        Account[] variants =
        [
            Sample, Sample with { KeyX = 9 }, Sample with { KeyY = 9 }, Sample with { Nonce = 9 }, Sample with { Status = AccountStatus.None }, Sample with { FlaggedAt = 9 },
            Sample with { Cash = new CashAmount(9) }, Sample with { Perpetual = 9 }, Sample with { Indices = 9 }, Sample with { Positions = [Sample.Positions[0]] },
        ];
        Assert.Equal(variants.Length, variants.Select(v => v.Hash()).Distinct().Count());
    }

    [Fact]
    public void A_ninth_position_goes_into_the_second_block()
    {
        Position[] nine = [.. Enumerable.Range(1, 9).Select(i => new Position(i, new PositionQuantity(1)))];
        var second = new Fr[16];
        (second[0], second[1]) = (9, 1);
        Fr first = Poseidon.Hash([.. Enumerable.Range(1, 8).SelectMany(i => new Fr[] { i, 1 })]);
        Assert.Equal(Poseidon.Hash(first, Poseidon.Hash(second), PositionBlocks.EmptyBlock, PositionBlocks.EmptyBlock), PositionBlocks.Root(nine));
    }

    [Fact]
    public void Accounts_outside_their_domain_are_refused()
    {
        Sample.Validate();
        Account[] invalid =
        [
            Sample with { Cash = new CashAmount(Int128.One << 80) },
            Sample with { FlaggedAt = 1L << 40 },
            Sample with { Positions = [Sample.Positions[1], Sample.Positions[0]] },
            Sample with { Positions = [Sample.Positions[0], Sample.Positions[0]] },
            Sample with { Positions = [new Position(1, new PositionQuantity(0))] },
            Sample with { Positions = [new Position(1, new PositionQuantity(1L << 32))] },
            Sample with { Positions = [new Position(0, new PositionQuantity(1))] },
            Sample with { Positions = [.. Enumerable.Range(1, Account.PositionsMax + 1).Select(i => new Position(i, new PositionQuantity(1)))] },
        ];
        Assert.All(invalid, account => Assert.Throws<ArgumentException>(account.Validate));
        Assert.Contains("leaf 4", Assert.Throws<ArgumentException>(() => ExchangeState.Empty.With([new(4, invalid[0])])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_finds_its_accounts_and_its_root_follows_them()
    {
        ExchangeState state = ExchangeState.Empty.With([new(4, Sample)]);
        Assert.Same(Sample, state.Find(4));
        Assert.Null(state.Find(5));
        Assert.Equal(new AccountTree().With([new(4, Sample.Hash())]).Root, state.Root);
        Assert.Equal(state.Root, state.Tree.Root);
        Assert.Single(state.Accounts);
    }
}
