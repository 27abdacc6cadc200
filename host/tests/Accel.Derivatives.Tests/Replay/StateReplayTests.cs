using Accel.Derivatives.Coupons;
using Accel.Derivatives.Expiries;
using Accel.Derivatives.Replay;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Derivatives.Trading;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Replay;

/// <summary>Whoever has what was published has the state: random batches of every statement are rebuilt from their words to the proof's new root.</summary>
public sealed class StateReplayTests
{
    private static readonly int Count = TestScale.Count(40);

    public static TheoryData<string> Statements => [.. Cases.Keys];

    /// <summary>A random batch of a statement: the state before, its words, the new root, and the replay.</summary>
    private static Dictionary<string, Func<int, PublishedCase>> Cases { get; } = new()
    {
        ["Settlement"] = seed =>
        {
            SettlementResult result = SettlementReference.Settle(RandomBatches.Draw(seed, BatchShape.Tiny));
            return new(result.Batch.State, result.DiffWords, result.NewState, (before, words) =>
                StateReplay.Settlement(before, result.Batch.Snapshot.Snapshot, result.Batch.FirstLeaf, words));
        },
        ["Expiry"] = seed =>
        {
            ExpiryResult result = ExpiryReference.Settle(RandomExpiries.Draw(seed, ExpiryShape.Standard));
            return new(result.Batch.State, result.DiffWords, result.Range.NewState, (before, words) => StateReplay.Expiry(before, result.Batch.FirstLeaf, words));
        },
        ["Coupon"] = seed =>
        {
            SwapCouponResult result = SwapCouponReference.Pay(RandomCoupons.Draw(seed, SwapCouponShape.Standard));
            return new(result.Batch.State, result.DiffWords, result.Range.NewState, (before, words) => StateReplay.Coupon(before, result.Batch.FirstLeaf, words));
        },
        ["Trades"] = seed =>
        {
            TradeBatchResult result = RandomTrades.Booked(seed, TradeShape.Tiny);
            Fr[] ids = [.. result.Rows.Select(row => result.Batch.Risk.Instruments[row].Id)];
            return new(result.Batch.State, result.Words, result.NewState, (before, words) =>
                StateReplay.Trades(before, result.Batch.Risk, result.Batch.Parameters, ids, words));
        },
        ["Liquidations"] = seed =>
        {
            LiquidationResult result = RandomLiquidations.Done(seed, LiquidationShape.Tiny);
            return new(result.Batch.State, result.Words, result.NewState, (before, words) =>
                StateReplay.Liquidations(before, result.Batch.Risk, result.Batch.Parameters, words));
        },
        ["Transfers"] = seed =>
        {
            TransferResult result = RandomTransfers.Done(seed, TransferShape.Tiny);
            EdDsaPublicKey[] keys =
            [
                .. result.Batch.Transfers.Where(transfer => transfer.Kind == TransferKind.Deposit)
                    .Select(transfer => new EdDsaPublicKey(new BabyJubjubPoint(transfer.KeyX, transfer.KeyY))),
            ];
            return new(result.Batch.State, result.Words, result.NewState, (before, words) => StateReplay.Transfers(before, keys, words));
        },
    };

    [Theory]
    [MemberData(nameof(Statements))]
    public void The_published_words_lead_to_the_proofs_new_root(string statement)
    {
        int moved = 0;
        for (int seed = 0; seed < Count; seed++)
        {
            PublishedCase batch = Cases[statement](seed);
            Fr[] published = DiffWord.FromBytes(DiffWord.ToBytes([.. batch.Words]));
            Assert.True(batch.After.Root == batch.Replay(batch.Before, published).Root, $"seed {seed}");
            moved += batch.Before.Root == batch.After.Root ? 0 : 1;
        }

        Assert.True(moved >= Count / 3, $"only {moved} of {Count} batches moved the state");
    }

    /// <summary>Any bit of any word: most say something of the state, and a flip of those is refused or leads elsewhere; nothing else may happen.</summary>
    [Theory]
    [MemberData(nameof(Statements))]
    public void A_flipped_bit_is_refused_or_leads_elsewhere(string statement)
    {
        var random = new Random(5);
        PublishedCase batch = Enumerable.Range(1, Count).Select(Cases[statement]).First(drawn => drawn.Before.Root != drawn.After.Root);
        int refused = 0, other = 0, silent = 0;
        for (int i = 0; i < 200; i++)
        {
            Fr[] words = [.. batch.Words];
            int word = random.Next(words.Length);
            int bit = random.Next(DiffWord.Bits);
            words[word] = Fr.FromBigInteger(words[word].ToBigInteger() ^ (System.Numerics.BigInteger.One << bit));
            try
            {
                _ = batch.Replay(batch.Before, words).Root == batch.After.Root ? silent++ : other++;
            }
            catch (Exception refusal) when (refusal is StateDiffException or SettlementException or ArgumentException)
            {
                refused++;
            }
        }

        Assert.True(refused > 0 && other > 0, $"{refused} refused, {other} with another root, {silent} with the same");
    }

    [Fact]
    public void Words_that_are_none_of_the_statement_are_refused_by_name()
    {
        ExchangeState state = Cases["Trades"](1).Before;
        Assert.Contains("0 words are not a settlement", Refusal(() => StateReplay.Settlement(state, RandomBatches.Draw(1, BatchShape.Tiny).Snapshot.Snapshot, 0, [])), StringComparison.Ordinal);
        Assert.Contains("two for the next coupon's id are missing", Refusal(() => StateReplay.Coupon(state, 0, [1])), StringComparison.Ordinal);
        Assert.Contains("4 words are not a range's", Refusal(() => StateReplay.Expiry(state, 0, new Fr[4])), StringComparison.Ordinal);
        Assert.Contains("word 0: leaf 16777215 is empty", Refusal(() => StateReplay.Expiry(state, 16777215, [1, 1])), StringComparison.Ordinal);
        Assert.Contains("word 0: an unused trade has fields", Refusal(() => Cases["Trades"](1).Replay(state, [1])), StringComparison.Ordinal);
        Assert.Contains("word 0: bits above its fields", Refusal(() => Cases["Trades"](1).Replay(state, [-Fr.One])), StringComparison.Ordinal);
        Assert.Contains("3 words are not a transfer batch's", Refusal(() => StateReplay.Transfers(state, [], new Fr[3])), StringComparison.Ordinal);
        Assert.Contains("the batch took 0 deposits, but 1", Refusal(() => StateReplay.Transfers(state, [RandomTrades.Key(1).PublicKey], new Fr[2])), StringComparison.Ordinal);
    }

    private static string Refusal(Action replay) => Assert.Throws<StateDiffException>(replay).Message;

    private sealed record PublishedCase(ExchangeState Before, IReadOnlyList<Fr> Words, ExchangeState After, Func<ExchangeState, Fr[], ExchangeState> Replay);
}
