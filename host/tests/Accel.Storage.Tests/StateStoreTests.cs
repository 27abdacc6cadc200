using Accel.Derivatives.State;
using Accel.Derivatives.Tests.State;
using Accel.Proving.Formats;
using Accel.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Accel.Storage.Tests;

/// <summary>What was accepted is in the file, what follows from it is right, and nothing else is opened.</summary>
public sealed class StateStoreTests : IDisposable
{
    private const int Seed = 20260304;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_thousand_accounts_and_a_hundred_batches_are_the_same_in_memory_in_the_file_and_rebuilt()
    {
        RandomStates random = new(Seed);
        int[] leaves = random.Leaves(1000);
        ExchangeState state = ExchangeState.Empty;
        using (StateStore store = StateStore.Create(_folder["state.db"]))
        {
            for (ulong number = 1; number <= 100; number++)
            {
                ExchangeState next = random.Next(state, leaves, touched: number == 1 ? 1000 : 25, out int[] touched);
                store.Append(PublishedBatch.Of(StateDiff.Between(number, state, next, touched), state));
                state = next;
                Assert.Equal((number, state.Root), (store.BatchNumber, store.State.Root));
            }
        }

        using StateStore opened = StateStore.Open(_folder["state.db"]);
        Assert.Equal((100UL, state.Root), (opened.BatchNumber, opened.State.Root));
        Assert.Equal(state.Root, new AccountTree().With(opened.State.Accounts.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Hash()))).Root);
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (ulong)i), opened.Batches().Select(batch => batch.Number));
        Assert.Equal(state.Root, PublishedBatch.Rebuild(ExchangeState.Empty, opened.Batches()).Root);
        Assert.Equal([99UL, 100UL], opened.Batches(from: 99).Select(batch => batch.Number));
    }

    [Fact]
    public void A_snapshot_begins_a_store_elsewhere_that_goes_on_to_the_same_root()
    {
        RandomStates random = new(Seed + 1);
        int[] leaves = random.Leaves(50);
        using StateStore store = StateStore.Create(_folder["state.db"]);
        Append(store, random, leaves);
        Append(store, random, leaves);
        store.ExportSnapshot(_folder["state.snapshot"]);

        using StateStore other = StateStore.Import(_folder["other.db"], _folder["state.snapshot"]);
        Assert.Equal((2UL, store.State.Root), (other.BatchNumber, other.State.Root));
        PublishedBatch third = Append(store, random, leaves);
        other.Append(third);
        other.Dispose();

        using StateStore reopened = StateStore.Open(_folder["other.db"]);
        Assert.Equal((3UL, store.State.Root), (reopened.BatchNumber, reopened.State.Root));
        Assert.Equal([3UL], reopened.Batches().Select(batch => batch.Number));

        byte[] snapshot = File.ReadAllBytes(_folder["state.snapshot"]);
        snapshot[100] ^= 1;
        File.WriteAllBytes(_folder["bad.snapshot"], snapshot);
        Assert.Throws<InvalidFileException>(() => StateStore.Import(_folder["none.db"], _folder["bad.snapshot"]));
        Assert.False(File.Exists(_folder["none.db"]));
    }

    [Fact]
    public void Only_the_next_batch_is_accepted_and_a_refused_one_leaves_nothing()
    {
        RandomStates random = new(Seed + 2);
        int[] leaves = random.Leaves(20);
        using StateStore store = StateStore.Create(_folder["state.db"]);
        PublishedBatch first = Append(store, random, leaves);
        ExchangeState next = random.Next(store.State, leaves, 5, out int[] touched);
        PublishedBatch second = PublishedBatch.Of(StateDiff.Between(2, store.State, next, touched), store.State);

        Assert.Throws<StateDiffException>(() => store.Append(first));
        Assert.Throws<StateDiffException>(() => store.Append(second with { Number = 3 }));
        Assert.Throws<StateDiffException>(() => store.Append(second with { NewRoot = 5 }));
        Assert.Throws<StateDiffException>(() => store.Append(second with { OldRoot = 5 }));
        Assert.Throws<StateDiffException>(() => store.Append(second with { Words = [.. second.Words.SkipLast(1)] }));
        Assert.Equal((1UL, first.NewRoot), (store.BatchNumber, store.State.Root));
        store.Append(second);
        Assert.Equal(next.Root, store.State.Root);
    }

    [Fact]
    public void A_store_is_made_once_opened_by_one_and_must_be_there()
    {
        Assert.Contains("there is no store", Assert.Throws<IOException>(() => StateStore.Open(_folder["state.db"])).Message, StringComparison.Ordinal);
        using StateStore store = StateStore.Create(_folder["state.db"]);
        Assert.Contains("there already", Assert.Throws<IOException>(() => StateStore.Create(_folder["state.db"])).Message, StringComparison.Ordinal);
        Assert.Contains("in use", Assert.Throws<IOException>(() => StateStore.Open(_folder["state.db"])).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Corruptions { get; } = new()
    {
        { "DROP TRIGGER batches_stay; UPDATE batches SET words = zeroblob(31) WHERE number = 2", "batches, row 2: its digest" },
        { "DROP TRIGGER batches_stay; UPDATE batches SET words = zeroblob(30) WHERE number = 2", "batches, row 2: 30 bytes" },
        { "DROP TRIGGER batches_stay; UPDATE batches SET new_root = zeroblob(32) WHERE number = 3", "batches, row 3: its digest" },
        { "DROP TRIGGER batches_stay; UPDATE batches SET old_root = zeroblob(31) WHERE number = 3", "batches, row 3: a root" },
        { "DROP TRIGGER batches_stay; UPDATE batches SET digest = zeroblob(32) WHERE number = 1", "batches, row 1: its digest" },
        { "DROP TRIGGER batches_remain; DELETE FROM batches WHERE number = 2", "batches, row 2 is missing" },
        { "DROP TRIGGER batches_remain; DELETE FROM batches WHERE number = 3", "is not that of the last batch" },
        { "UPDATE accounts SET words = (SELECT words FROM accounts WHERE leaf = 1) WHERE leaf = 0", "accounts, row 0: it holds the account of leaf 1" },
        { "UPDATE accounts SET words = zeroblob(62) WHERE leaf = 0", "accounts, row 0:" },
        { "UPDATE accounts SET words = 'text' WHERE leaf = 0", "accounts" },
        { "DELETE FROM accounts WHERE leaf = 1", "accounts, row 1: it was changed, removed or added" },
        { "UPDATE nodes SET hash = zeroblob(32) WHERE level = 4 AND idx = 0", "nodes, row (level 4, index 0)" },
        { "UPDATE nodes SET hash = zeroblob(33) WHERE level = 12", "nodes, row (level 12, index 0): the hash is not an element" },
        { "DELETE FROM nodes WHERE level = 0 AND idx = 1", "nodes, row (level 0, index 1)" },
        { "INSERT INTO nodes VALUES (3, 77777, zeroblob(32))", "nodes, row (level 3, index 77777)" },
        { "UPDATE base SET root = zeroblob(32)", "batches, row 1: its digest" },
        { "UPDATE base SET version = 2", "base: version 2" },
        { "DELETE FROM base", "base: expected one row" },
        { "DROP TABLE accounts", "accounts: " },
    };

    [Theory]
    [MemberData(nameof(Corruptions))]
    public void A_corrupted_row_is_named(string sql, string expected)
    {
        RandomStates random = new(Seed + 3);
        int[] leaves = [0, 1, 2, 500];
        using (StateStore store = StateStore.Create(_folder["state.db"]))
        {
            ExchangeState start = ExchangeState.Empty.With(leaves.Select(leaf => KeyValuePair.Create(leaf, random.Account())));
            store.Append(PublishedBatch.Of(StateDiff.Between(1, ExchangeState.Empty, start, leaves), ExchangeState.Empty));
            for (ulong number = 2; number <= 3; number++)
            {
                ExchangeState next = store.State.With([new(500, store.State.Find(500)! with { Nonce = number })]);
                store.Append(PublishedBatch.Of(StateDiff.Between(number, store.State, next, [500]), store.State));
            }
        }

        Execute(sql);
        Assert.Contains(expected, Assert.Throws<CorruptStoreException>(() => StateStore.Open(_folder["state.db"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_account_is_named_although_its_words_are_well_formed()
    {
        RandomStates random = new(Seed + 4);
        Account account = random.Account();
        ExchangeState state = ExchangeState.Empty.With([new(7, account), new(9, random.Account())]);
        using (StateStore store = StateStore.Create(_folder["state.db"]))
        {
            store.Append(PublishedBatch.Of(StateDiff.Between(1, ExchangeState.Empty, state, [7, 9]), ExchangeState.Empty));
        }

        byte[] words = DiffWord.ToBytes(LeafDiff.Opening(7, account with { Nonce = account.Nonce + 1 }));
        Execute($"UPDATE accounts SET words = x'{Convert.ToHexString(words)}' WHERE leaf = 7");
        Assert.Contains("accounts, row 7", Assert.Throws<CorruptStoreException>(() => StateStore.Open(_folder["state.db"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_journal_cannot_be_changed_by_a_statement()
    {
        using (StateStore store = StateStore.Create(_folder["state.db"]))
        {
            RandomStates random = new(Seed + 5);
            Append(store, random, random.Leaves(5));
        }

        Assert.Throws<SqliteException>(() => Execute("UPDATE batches SET number = 2"));
        Assert.Throws<SqliteException>(() => Execute("DELETE FROM batches"));
    }

    [Fact]
    public void A_file_that_is_no_store_is_refused()
    {
        File.WriteAllText(_folder["state.db"], new string('x', 5000));
        Assert.Throws<CorruptStoreException>(() => StateStore.Open(_folder["state.db"]));
        File.WriteAllBytes(_folder["empty.db"], []);
        Assert.Throws<CorruptStoreException>(() => StateStore.Open(_folder["empty.db"]));
    }

    public void Dispose() => _folder.Dispose();

    private static PublishedBatch Append(StateStore store, RandomStates random, int[] leaves)
    {
        ExchangeState next = random.Next(store.State, leaves, touched: 10, out int[] touched);
        var batch = PublishedBatch.Of(StateDiff.Between(store.BatchNumber + 1, store.State, next, touched), store.State);
        store.Append(batch);
        return batch;
    }

    private void Execute(string sql)
    {
        using SqliteConnection connection = new($"Data Source={_folder["state.db"]};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
