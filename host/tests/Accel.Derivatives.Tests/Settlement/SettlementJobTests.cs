using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Settlement;

/// <summary>What a settled book hands to the next batch.</summary>
public sealed class SettlementJobTests
{
    [Fact]
    public void The_written_book_has_the_new_root_and_the_next_batch_starts_from_it()
    {
        string samples = Path.Combine(OutsideData.RepositoryRoot, "host", "samples");
        MarketSnapshot market = DeribitSnapshotReader.ReadFile(Path.Combine(samples, "market-btc.csv"), "BTC");
        Book book = BookFile.ReadFile(Path.Combine(samples, "book-btc.json"));
        SettlementOptions options = new() { OracleKey = Book.DevelopmentKey("oracle"), BatchNumber = 0 };
        SettlementJob first = SettlementJob.Prepare(market, book, options);
        Assert.Contains(first.NewBook.Accounts, account => account.Status.HasFlag(AccountStatus.BelowMaintenance) && account.FlaggedAt > 0);

        Book written = BookFile.Read(BookFile.Write(first.NewBook), "written");
        Assert.Equal(first.PublicInputs.NewRoot, written.ToState().Root);

        SettlementJob second = SettlementJob.Prepare(market, written, options with { BatchNumber = 1, Time = market.Time + 60 });
        Assert.Equal(first.PublicInputs.NewRoot, second.PublicInputs.OldRoot);
        BookAccount flagged = first.NewBook.Accounts.First(account => account.FlaggedAt > 0);
        Assert.Equal(flagged.FlaggedAt, second.NewBook.Accounts.Single(account => account.Leaf == flagged.Leaf).FlaggedAt);
    }
}
