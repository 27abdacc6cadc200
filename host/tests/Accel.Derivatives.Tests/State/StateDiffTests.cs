using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Derivatives.Tests.Settlement;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.State;

/// <summary>Differences say all that a rebuild needs, in one form, and nothing else is accepted.</summary>
public sealed class StateDiffTests
{
    private const int Seed = 20260302;

    private static readonly Account Plain = new() { KeyX = 1, KeyY = 2, Cash = new CashAmount(-5) };

    [Fact]
    public void Random_batches_are_rebuilt_from_their_words_alone()
    {
        RandomStates random = new(Seed);
        int[] leaves = random.Leaves(100);
        ExchangeState state = ExchangeState.Empty;
        List<PublishedBatch> published = [];
        for (ulong number = 1; number <= (ulong)TestScale.Count(20); number++)
        {
            ExchangeState next = random.Next(state, leaves, touched: 12, out int[] touched);
            var batch = PublishedBatch.Of(StateDiff.Between(number, state, next, touched), state);
            Assert.Equal(next.Root, batch.NewRoot);
            Assert.Equal(batch.Words, DiffWord.FromBytes(DiffWord.ToBytes([.. batch.Words])));
            Assert.Equal(batch.Words, StateDiff.FromWords([.. batch.Words]).ToWords());
            published.Add(batch);
            state = next;
        }

        ExchangeState rebuilt = PublishedBatch.Rebuild(ExchangeState.Empty, published);
        Assert.Equal(state.Root, rebuilt.Root);
        Assert.Equal(state.Accounts.Keys, rebuilt.Accounts.Keys);
        Assert.All(state.Accounts, account => Assert.Equal(account.Value.Hash(), rebuilt.Accounts[account.Key].Hash()));
    }

    [Fact]
    public void A_settlement_is_rebuilt_from_its_difference_alone()
    {
        SettlementJob job = SettlementJob.Prepare(Samples.Market, Samples.Book, Samples.Options with { Time = Samples.Market.Quotes.Min(quote => quote.Instrument.Expiry) });
        SettlementResult settled = job.Result;
        ExchangeState before = settled.Batch.State;
        int[] leaves = [ExchangeState.ClearingLeaf, .. settled.Accounts.Select(account => account.Leaf)];
        var genesis = PublishedBatch.Of(StateDiff.Between(1, ExchangeState.Empty, before, before.Accounts.Keys), ExchangeState.Empty);
        var batch = PublishedBatch.Of(StateDiff.Between(2, before, settled.NewState, leaves), before);

        Assert.Equal(settled.PublicInputs.NewRoot, PublishedBatch.Rebuild(ExchangeState.Empty, [genesis, batch]).Root);
        Assert.All(StateDiff.FromWords([.. batch.Words]).Leaves, leaf => Assert.True(leaf.Key is null && leaf.Placed.Count == 0));
        Assert.Contains(settled.Accounts, account => account.Before is not null && account.After!.Positions.Count < account.Before.Positions.Count);
        Assert.Equal(1 + (2 * StateDiff.FromWords([.. batch.Words]).Leaves.Count), batch.Words.Count);
    }

    [Fact]
    public void The_words_are_the_documented_bits()
    {
        Account before = Plain with { Positions = [new Position(10, new PositionQuantity(1)), new Position(20, new PositionQuantity(2))] };
        Account after = before with
        {
            Nonce = 3,
            Status = AccountStatus.BelowMaintenance,
            FlaggedAt = 4,
            Positions = [new Position(20, new PositionQuantity(2)), new Position(30, new PositionQuantity(-7))],
        };
        var diff = new StateDiff(9, [LeafDiff.Between(6, before, after)]);
        Fr[] words = diff.ToWords();

        Assert.Equal(5, words.Length);
        Assert.Equal(Bits((1, 8), (9, 64), (1, 24)), words[0]);
        Assert.Equal(Bits((6, 24), (0, 8), (0b10, 32), (1, 6), (3, 64), (1, 8), (4, 40)), words[1]);
        Assert.Equal(Bits(((BigInteger.One << 80) - 5, 81)), words[2]);
        Assert.Equal(Bits((0, 127)), words[3]);
        Assert.Equal(Bits((30, 127), ((BigInteger.One << 32) - 7, 33)), words[4]);
    }

    [Fact]
    public void Filled_orders_and_open_interest_are_the_documented_bits()
    {
        Account before = Plain with { Orders = OrderSlots.Empty.With(new OrderFill(3, 9)) };
        Account filled = before with { Orders = before.Orders.With(new OrderFill(19, 1)).With(new OrderFill(4, 2)).With(new OrderFill(5, 3)).With(new OrderFill(6, 4)) };
        Fr[] words = new StateDiff(1, [LeafDiff.Between(6, before, filled)]).ToWords();
        Assert.Equal(5, words.Length);
        Assert.Equal(Bits(((BigInteger.One << 80) - 5, 81), (0b1111000, 16), (0, 9)), words[2]);
        Assert.Equal(Bits((19, 40), (1, 33), (4, 40), (2, 33), (5, 40), (3, 33)), words[3]);
        Assert.Equal(Bits((6, 40), (4, 33)), words[4]);
        Assert.Equal(filled.Hash(), LeafDiff.Between(6, before, filled).Apply(before)!.Hash());

        Account venue = Plain with { OpenInterest = [new Position(30, new PositionQuantity(7)), new Position(40, new PositionQuantity(7))] };
        Account later = venue with { OpenInterest = [new Position(30, new PositionQuantity(8))] };
        words = new StateDiff(1, [LeafDiff.Between(1, venue, later)]).ToWords();
        Assert.Equal(7, words.Length);
        Assert.Equal(Bits((1, 24), (32, 8)), words[1]);
        Assert.Equal(Bits(((BigInteger.One << 80) - 5, 81), (0, 16), (2, 9)), words[2]);
        Assert.Equal(Bits((30, 127), ((BigInteger.One << 32) + 8, 33)), words[4]);
        Assert.Equal(Bits((40, 127), (BigInteger.One << 32, 33)), words[6]);
        Assert.Equal(later.Hash(), LeafDiff.Between(1, venue, later).Apply(venue)!.Hash());
    }

    [Fact]
    public void A_forgotten_order_has_no_difference_and_one_in_another_slot_no_meaning()
    {
        Account before = Plain with { Orders = OrderSlots.Empty.With(new OrderFill(3, 9)) };
        Assert.Throws<ArgumentException>(() => LeafDiff.Between(6, before, before with { Orders = OrderSlots.Empty }));
        Account after = before with { Orders = before.Orders.With(new OrderFill(4, 1)) };
        Fr[] words = new StateDiff(1, [LeafDiff.Between(6, before, after)]).ToWords();
        words[3] = Bits((5, 40), (1, 33));
        Assert.Contains("another's slot", Refused(() => StateDiff.FromWords(words)), StringComparison.Ordinal);
        words[2] = Bits((0, 81), (0, 16), (1, 9));
        Assert.Contains("open interest in a leaf that keeps none", Refused(() => StateDiff.FromWords(words)), StringComparison.Ordinal);
        words[1] = Bits((6, 24), (32, 8));
        words[2] = Bits((0, 81), (16, 16), (0, 9));
        Assert.Contains("in their place", Refused(() => StateDiff.FromWords(words)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_account_brings_its_key_and_an_emptied_one_a_single_word()
    {
        Assert.Equal(7, new StateDiff(1, [LeafDiff.Between(6, null, Plain)]).ToWords().Length);
        Assert.Equal(2, new StateDiff(1, [LeafDiff.Between(6, Plain, null)]).ToWords().Length);
        KeyValuePair<int, Account> opened = LeafDiff.ReadOpening(LeafDiff.Opening(6, Plain));
        Assert.Equal((6, Plain.Hash()), (opened.Key, opened.Value.Hash()));
        Assert.Contains("names no key", Refused(() => (LeafDiff.Between(6, Plain, Plain with { Nonce = 1 })).Apply(null)), StringComparison.Ordinal);
        Assert.Contains("empty before", Refused(() => LeafDiff.Between(6, Plain, null).Apply(null)), StringComparison.Ordinal);
    }

    [Fact]
    public void Unchanged_leaves_are_left_out()
    {
        ExchangeState state = ExchangeState.Empty.With([new(1, Plain), new(2, Plain)]);
        ExchangeState next = state.With([new(2, Plain with { Nonce = 1 })]);
        Assert.Equal([2], StateDiff.Between(1, state, next, [1, 2, 3]).Leaves.Select(leaf => leaf.Leaf));
    }

    [Fact]
    public void A_statement_of_fixed_size_may_fill_up_with_nothing()
    {
        Account after = Plain with { Positions = [new Position(30, new PositionQuantity(7))] };
        var diff = new StateDiff(1, [LeafDiff.Between(6, null, after)]);
        Fr[] words = diff.ToWords();
        Fr nothing = Bits((BigInteger.Zero, 127), (BigInteger.One << 32, 33));

        // One more record, which is a no-op, and two places where one is used.
        Fr[] filled = [Bits((1, 8), (1, 64), (2, 24)), Bits((6, 24), (1, 8), (0, 32), (2, 6), (0, 64), (0, 8), (0, 40)), .. words[2..], Fr.Zero, nothing, Bits((0, 24), (16, 8))];
        Assert.Equal(diff.Apply(ExchangeState.Empty).Root, StateDiff.FromWords(filled).Apply(ExchangeState.Empty).Root);
    }

    public static TheoryData<string, string> Malformed { get; } = new()
    {
        { "none", "there is no word" },
        { "version", "version 2" },
        { "header's rest", "word 0: bits" },
        { "contents", "word 1: unknown contents" },
        { "emptied with key", "word 1: an empty leaf" },
        { "emptied with a nonce", "word 1: an empty leaf" },
        { "record's rest", "word 1: bits" },
        { "too many placed", "word 1: more positions" },
        { "cash's rest", "word 2: bits" },
        { "key's rest", "word 4: bits" },
        { "key above r", "word 3: the element is not below r" },
        { "cut", "ends inside a record" },
        { "longer", "1 words follow" },
        { "order", "leaf 6 follows leaf 6" },
        { "size without id", "a position has an id without" },
        { "placed order", "placed positions do not" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Other_words_are_refused_with_their_place(string change, string expected)
    {
        Account account = Plain with { Positions = [new Position(30, new PositionQuantity(7)), new Position(40, new PositionQuantity(7))] };
        Fr[] words = new StateDiff(1, [LeafDiff.Between(6, null, account)]).ToWords();
        Fr[] changed = [.. words];
        switch (change)
        {
            case "none": changed = []; break;
            case "version": changed[0] = Bits((2, 8), (1, 64), (1, 24)); break;
            case "header's rest": changed[0] += Fr.One; break;
            case "contents": changed[1] = Bits((6, 24), (65, 8), (0, 32), (2, 6)); break;
            case "emptied with key": changed[1] = Bits((6, 24), (9, 8)); break;
            case "emptied with a nonce": changed[1] = Bits((6, 24), (8, 8), (0, 32), (0, 6), (1, 64)); break;
            case "record's rest": changed[1] += Fr.One; break;
            case "too many placed": changed[1] = Bits((6, 24), (1, 8), (0, 32), (33, 6)); break;
            case "cash's rest": changed[2] += Fr.One; break;
            case "key's rest": changed[4] = Bits((1, 127), (1, 33)); break;
            case "key above r": (changed[3], changed[4]) = (Bits((Fr.Modulus >> 127, 127)), Bits((Fr.Modulus & ((BigInteger.One << 127) - 1), 127))); break;
            case "cut": changed = changed[..^1]; break;
            case "longer": changed = [.. changed, Fr.Zero]; break;
            case "order": changed = [Bits((1, 8), (1, 64), (2, 24)), .. changed[1..], .. changed[1..]]; break;
            case "size without id": changed[^2] = changed[^1] = Fr.Zero; break;
            default: (changed[^4], changed[^3], changed[^2], changed[^1]) = (changed[^2], changed[^1], changed[^4], changed[^3]); break;
        }

        Assert.Contains(expected, Refused(() => StateDiff.FromWords(changed)), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_do_not_fit_the_state_are_refused()
    {
        Account account = Plain with { Positions = [new Position(30, new PositionQuantity(7))] };
        LeafDiff keepsTwo = LeafDiff.Between(6, account, account with { Nonce = 1 }) with { Kept = 0b11 };
        Assert.Contains("keeps position 1, but had 1", Refused(() => keepsTwo.Apply(account)), StringComparison.Ordinal);
        LeafDiff doubled = LeafDiff.Between(6, account, account with { Nonce = 1 }) with { Placed = [new Position(30, new PositionQuantity(8))] };
        Assert.Contains("leaf 6: position 1 is out of order", Refused(() => doubled.Apply(account)), StringComparison.Ordinal);
        Assert.Throws<StateDiffException>(() => DiffWord.FromBytes(new byte[32]));
        Assert.Throws<ArgumentException>(() => DiffWord.ToBytes([-Fr.One]));
    }

    [Fact]
    public void A_rebuild_refuses_batches_that_do_not_follow_each_other()
    {
        ExchangeState one = ExchangeState.Empty.With([new(1, Plain)]);
        ExchangeState two = one.With([new(2, Plain)]);
        var first = PublishedBatch.Of(StateDiff.Between(1, ExchangeState.Empty, one, [1]), ExchangeState.Empty);
        var second = PublishedBatch.Of(StateDiff.Between(2, one, two, [2]), one);
        Assert.Equal(two.Root, PublishedBatch.Rebuild(ExchangeState.Empty, [first, second]).Root);
        Assert.Equal(two.Root, PublishedBatch.Rebuild(one, [second]).Root);

        Assert.Contains("starts from root", Refused(() => PublishedBatch.Rebuild(ExchangeState.Empty, [second])), StringComparison.Ordinal);
        Assert.Contains("2 is missing", Refused(() => PublishedBatch.Rebuild(ExchangeState.Empty, [first, second with { Number = 3 }])), StringComparison.Ordinal);
        Assert.Contains("difference of batch 1", Refused(() => PublishedBatch.Rebuild(ExchangeState.Empty, [first with { Number = 7 }])), StringComparison.Ordinal);
        Assert.Contains("leads to root", Refused(() => PublishedBatch.Rebuild(ExchangeState.Empty, [first with { NewRoot = 5 }])), StringComparison.Ordinal);
    }

    private static string Refused(Func<object?> read) => Assert.Throws<StateDiffException>(read).Message;

    private static Fr Bits(params ReadOnlySpan<(BigInteger Value, int Bits)> fields)
    {
        BigInteger word = 0;
        int left = 248;
        foreach ((BigInteger value, int bits) in fields)
        {
            left -= bits;
            word += value << left;
        }

        return Fr.FromBigInteger(word);
    }
}
