using System.Numerics;
using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Settlement;

public sealed class SettlementReferenceTests
{
    private static readonly Lazy<SettlementJob> LazyJob = new(() => SettlementJob.Prepare(Samples.Market, Samples.Book, Samples.Options));

    private static SettlementJob Job => LazyJob.Value;

    [Fact]
    public void The_sample_fits_the_standard_shape_and_settles_its_first_expiry()
    {
        Assert.Equal(BatchShape.Standard, Job.Shape);
        Assert.Equal("2027-03-05T08:00:00Z", Assert.Single(Job.Report.SettledExpiries).Expiry);
        Assert.Equal("104250.3700", Job.Report.SettledExpiries[0].SettlementUsd);
        Assert.All(Job.NewBook.Accounts.SelectMany(a => a.Positions), p => Assert.True(p.Instrument.Expiry > Samples.Market.Time));
        Assert.Contains(Job.Report.Accounts, a => a.IsFlagged);
        Assert.Contains(Job.Report.Accounts, a => !a.IsFlagged && a.Positions > 0);
        Assert.Contains(Job.Report.Accounts, a => a.Positions == 0 && a.Leaf > 0);
    }

    [Fact]
    public void Expired_calls_pay_what_they_are_worth()
    {
        // birch is short 20 calls struck at 102,000 and 12.5 puts struck at 98,000, and long 8 calls struck at 104,000; the index is 104,250.37.
        AccountReport birch = Job.Report.Accounts.Single(a => a.Name == "birch");
        Assert.Equal((-20m * 2250.37m) + (8m * 250.37m), decimal.Parse(birch.ExpiryCashUsd, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void No_batch_mints_cash()
    {
        Assert.Equal(TotalCash(Job.Result.Batch.State), TotalCash(Job.Result.NewState));
        AccountSettlement ash = Job.Result.Accounts[1];
        Assert.Equal(ash.After!.Cash.Value, ash.Before!.Cash.Value + ash.CashReceived);
    }

    [Fact]
    public void A_net_zero_book_leaves_the_clearing_account_unchanged_after_a_full_sweep()
    {
        Assert.Equal(Samples.Book.Accounts[0].Cash, Job.Result.ClearingAfter.Cash);

        // Batches of four leaves, each on the state that the one before left, end where one batch of sixteen does; between them clearing moves.
        ExchangeState state = Job.Result.Batch.State;
        var clearing = new List<CashAmount>();
        SignedSnapshot snapshot = Job.Result.Batch.Snapshot.Snapshot.Sign(new BatchShape(16, 4, 8, 4), Samples.OracleKey);
        for (int first = 0; first < 16; first += 4)
        {
            SettlementResult part = SettlementReference.Settle(Job.Result.Batch with { State = state, FirstLeaf = first, Snapshot = snapshot });
            state = part.NewState;
            clearing.Add(part.ClearingAfter.Cash);
        }

        Assert.Equal(Job.Result.NewState.Root, state.Root);
        Assert.NotEqual(clearing[0], clearing[^1]);
    }

    [Fact]
    public void Paths_lead_from_the_old_root_through_the_root_between_to_the_new_root()
    {
        SettlementResult result = Job.Result;
        int height = result.Batch.Shape.RangeHeight;
        Assert.Equal(result.PublicInputs.OldRoot, result.RangePath.Root(result.Batch.State.Tree.Node(height, 0)));
        Fr between = result.ClearingPath.Root(result.ClearingBefore.Hash());
        Assert.Equal(between, result.RangePath.Root(Subtree([.. result.Accounts.Select(a => a.After?.Hash() ?? Fr.Zero)])));
        Assert.Equal(result.PublicInputs.NewRoot, result.ClearingPath.Root(result.ClearingAfter.Hash()));
        Assert.Equal(result.PublicInputs.NewRoot, result.NewState.Root);
    }

    [Fact]
    public void The_difference_yields_cash_and_margin_of_every_account_and_hashes_to_the_public_input()
    {
        SettlementResult result = Job.Result;
        Assert.Equal(SettlementDiff.WordCount(Job.Shape), result.DiffWords.Count);
        Assert.Equal(FieldSponge.Hash([.. result.DiffWords]), result.PublicInputs.DiffHash);
        Assert.Equal(result.DiffWords.Count * DiffWord.Bytes, Job.Diff.Length);
        foreach (AccountSettlement account in result.Accounts)
        {
            BigInteger[] words = [.. Enumerable.Range(0, 3).Select(i => Word(Job.Diff, (3 * account.Leaf) + i))];
            Assert.Equal(account.After is null, words.All(w => w.IsZero));
            if (account.After is not null)
            {
                Assert.Equal(account.After.Cash.Value, (Int128)((words[0] >> 128) - (BigInteger.One << 80)));
                Assert.Equal(account.After.FlaggedAt, (long)((words[0] >> 80) & ((BigInteger.One << 40) - 1)));
                Assert.Equal(account.Margin.Maintenance, ((words[1] >> 83) & ((BigInteger.One << 83) - 1)) - (BigInteger.One << 82));
                Assert.Equal(account.Greeks[0], (words[2] >> 160) - (BigInteger.One << 79));
            }
        }
    }

    [Fact]
    public void Public_inputs_name_the_batch_and_hash_to_one_field()
    {
        Fr[] fields = Job.PublicInputs.ToFields();
        Assert.Equal(SettlementPublicInputs.Count, fields.Length);
        Assert.Equal([77, 3, 0, Job.Result.Batch.State.Root], fields[..4]);
        Assert.Equal(Poseidon.Hash(fields), Job.PublicInputs.Hash());
        Assert.Equal(fields.Select(f => f.ToString()), Job.Report.PublicInputs);
    }

    [Fact]
    public void A_flag_remembers_when_it_was_raised_and_goes_when_the_account_recovers()
    {
        AccountSettlement flagged = Job.Result.Accounts.First(a => a.IsFlagged);
        Assert.Equal(Samples.Market.Time, flagged.After!.FlaggedAt);
        SettlementBatch later = Job.Result.Batch with { State = Job.Result.NewState, Snapshot = Later(Job.Result.Batch.Snapshot, 60) };
        Assert.Equal(Samples.Market.Time, SettlementReference.Settle(later).Accounts[flagged.Leaf].After!.FlaggedAt);
        Account rich = flagged.After with { Cash = new CashAmount(Int128.One << 70) };
        AccountSettlement recovered = SettlementReference.Settle(later with { State = later.State.With([new(flagged.Leaf, rich)]) }).Accounts[flagged.Leaf];
        Assert.Equal((false, 0L), (recovered.IsFlagged, recovered.After!.FlaggedAt));
    }

    [Fact]
    public void The_clearing_account_is_never_flagged()
    {
        SettlementBatch batch = Job.Result.Batch;
        Account poor = batch.State.Find(0)! with { Cash = new CashAmount(-1) };
        SettlementResult result = SettlementReference.Settle(batch with { State = batch.State.With([new(0, poor)]) });
        Assert.True(result.Accounts[0].Margin.Maintenance.Sign < 0);
        Assert.False(result.Accounts[0].IsFlagged);
    }

    [Fact]
    public void What_the_statement_does_not_cover_is_refused_by_name()
    {
        SettlementBatch batch = Job.Result.Batch;
        Account ash = batch.State.Find(1)!;
        Position unknown = new(Instrument.Parse("BTC-12MAR27-1-C").Id, new PositionQuantity(1));
        AssertRefused("perpetual", batch with { State = batch.State.With([new(1, ash with { Perpetual = 1 })]) });
        AssertRefused("does not price", batch with { State = batch.State.With([new(1, ash with { Positions = [unknown] })]) });
        AssertRefused("clearing account", batch with { State = ExchangeState.Empty.With([new(1, ash)]) });
        AssertRefused("leave ±2^80", batch with { State = batch.State.With([new(1, ash with { Cash = new CashAmount((Int128.One << 80) - 1), Positions = batch.State.Find(3)!.Positions })]) });
        AssertRefused("multiple of 16", batch with { FirstLeaf = 8 });
        AssertRefused("signature", batch with { Snapshot = batch.Snapshot with { OracleKey = Book.DevelopmentKey("other").PublicKey } });
        AssertRefused("positions; the shape", batch with { Snapshot = batch.Snapshot.Snapshot.Sign(new BatchShape(16, 16, 1, 4), Samples.OracleKey) });
    }

    [Fact]
    public void An_account_worth_more_than_the_domain_in_one_expiry_is_refused()
    {
        SettlementBatch batch = Job.Result.Batch;
        Instrument deep = Instrument.Parse("BTC-25JUN27-110000-P");
        Account giant = batch.State.Find(1)! with { Positions = [new Position(deep.Id, new PositionQuantity((1L << 32) - 1))] };

        // 429 thousand puts worth about 14 thousand dollars each are 6 billion dollars; a forward of one cent makes them 47 billion.
        OracleSnapshot s = batch.Snapshot.Snapshot;
        OracleSnapshot crashed = OracleSnapshot.Create(s.Underlying, s.Time, s.Spot, s.Expiries.Select(e => s.HasExpired(e.Expiry) ? e : e with { Forward = new PriceTicks(100) }), s.Instruments);
        SettlementBatch huge = batch with { State = ExchangeState.Empty.With([new(0, batch.State.Find(0)!), new(1, giant)]) };
        Assert.NotNull(SettlementReference.Settle(huge));
        AssertRefused("46 billion USD", huge with { Snapshot = crashed.Sign(batch.Shape, Samples.OracleKey) });
        Assert.True(PortfolioMargin.IsInDomain(-(BigInteger.One << PortfolioMargin.SumBits)) && !PortfolioMargin.IsInDomain(BigInteger.One << PortfolioMargin.SumBits));
    }

    [Fact]
    public void An_expiry_of_a_real_snapshot_settles_when_the_oracle_time_is_moved_to_it()
    {
        MarketSnapshot market = DeribitSnapshotReader.ReadFile(OutsideData.Path("option_chains/deribit_options_snapshot_20260103T091426Z.csv.gz"), "BTC");
        Book book = BookFile.ReadFile(Path.Combine(OutsideData.RepositoryRoot, "host/samples/book-deribit-20260103.json"));
        SettlementJob now = SettlementJob.Prepare(market, book, Samples.Options);
        Assert.Empty(now.Report.SettledExpiries);
        SettlementJob later = SettlementJob.Prepare(market, book, Samples.Options with { Time = Instrument.Parse("BTC-16JAN26-84000-P").Expiry });
        Assert.Equal("2026-01-16T08:00:00Z", Assert.Single(later.Report.SettledExpiries).Expiry);
        Assert.Equal(TotalCash(now.Result.NewState), TotalCash(later.Result.NewState));
        Assert.Equal(book.Accounts[0].Cash, later.Result.ClearingAfter.Cash);
    }

    private static void AssertRefused(string reason, SettlementBatch batch) =>
        Assert.Contains(reason, Assert.Throws<SettlementException>(() => SettlementReference.Settle(batch)).Message, StringComparison.Ordinal);

    private static SignedSnapshot Later(SignedSnapshot signed, long seconds)
    {
        OracleSnapshot s = signed.Snapshot;
        return OracleSnapshot.Create(s.Underlying, s.Time + seconds, s.Spot, s.Expiries, s.Instruments).Sign(signed.Shape, Samples.OracleKey);
    }

    private static Int128 TotalCash(ExchangeState state) => state.Accounts.Values.Aggregate((Int128)0, (sum, account) => sum + account.Cash.Value);

    private static BigInteger Word(byte[] diff, int index) => new(diff.AsSpan(index * DiffWord.Bytes, DiffWord.Bytes), isUnsigned: true);

    private static Fr Subtree(Fr[] leaves) => leaves.Length == 1 ? leaves[0] : Subtree([.. leaves.Chunk(4).Select(four => Poseidon.Hash(four))]);
}
