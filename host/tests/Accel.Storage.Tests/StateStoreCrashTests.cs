using Accel.Derivatives.State;
using Accel.Derivatives.Tests.State;
using Accel.Testing;
using Xunit;

namespace Accel.Storage.Tests;

/// <summary>Whenever the process ends, the store holds whole batches.</summary>
public sealed class StateStoreCrashTests : IDisposable
{
    private const int Seed = 20260305;

    private readonly TemporaryFolder _folder = new();
    private readonly RandomStates _random = new(Seed);

    [Fact]
    public void A_crash_before_any_statement_of_a_batch_leaves_the_batch_before()
    {
        using StateStore store = CreateWithOneBatch(out int[] leaves);
        Fr before = store.State.Root;
        List<string> crashes = [];
        store.BeforeStatement = statement => crashes.Add(Copy($"crash{crashes.Count}"));
        PublishedBatch second = Next(store, leaves);
        store.Append(second);
        string after = Copy("after");

        Assert.True(crashes.Count > 10, $"{crashes.Count} statements");
        Assert.All(crashes, path => AssertHolds(path, 1, before));
        AssertHolds(after, 2, second.NewRoot);
    }

    [Fact]
    public void A_log_that_was_cut_or_changed_anywhere_gives_one_batch_or_the_other_or_a_refusal()
    {
        using StateStore store = CreateWithOneBatch(out int[] leaves);
        Fr before = store.State.Root;
        PublishedBatch second = Next(store, leaves);
        string whole = Copy("whole");
        long lengthBefore = new FileInfo(whole + "-wal").Length;
        store.Append(second);
        byte[] log = File.ReadAllBytes(_folder["state.db"] + "-wal");
        Assert.True(log.Length > lengthBefore);

        Random random = new(Seed);
        int first = 0;
        for (int i = 0; i < TestScale.Count(40); i++)
        {
            string path = _folder[$"torn{i}.db"];
            File.Copy(whole, path);
            byte[] torn = i % 2 == 0 ? log[..random.Next((int)lengthBefore, log.Length)] : [.. log];
            if (i % 2 == 1)
            {
                torn[random.Next((int)lengthBefore, log.Length)] ^= (byte)(1 << random.Next(8));
            }

            File.WriteAllBytes(path + "-wal", torn);
            using StateStore opened = StateStore.Open(path);
            Assert.True((opened.BatchNumber, opened.State.Root) == (1UL, before) || (opened.BatchNumber, opened.State.Root) == (2UL, second.NewRoot), $"seed {Seed}, case {i}");
            first += opened.BatchNumber == 1 ? 1 : 0;
        }

        Assert.True(first > 0);
    }

    [Fact]
    public void After_a_failed_write_the_store_takes_nothing_until_it_is_opened_again()
    {
        StateStore store = CreateWithOneBatch(out int[] leaves);
        Fr before = store.State.Root;
        PublishedBatch second = Next(store, leaves);
        store.BeforeStatement = statement => throw new IOException("the disk is full");
        Assert.Throws<IOException>(() => store.Append(second));
        store.BeforeStatement = null;
        Assert.Throws<InvalidOperationException>(() => store.Append(second));
        Assert.Equal((1UL, before), (store.BatchNumber, store.State.Root));
        store.Dispose();

        using StateStore opened = StateStore.Open(_folder["state.db"]);
        opened.Append(second);
        Assert.Equal(second.NewRoot, opened.State.Root);
    }

    public void Dispose() => _folder.Dispose();

    private StateStore CreateWithOneBatch(out int[] leaves)
    {
        leaves = _random.Leaves(8);
        StateStore store = StateStore.Create(_folder["state.db"]);
        store.Append(Next(store, leaves));
        return store;
    }

    private PublishedBatch Next(StateStore store, int[] leaves)
    {
        ExchangeState next = _random.Next(store.State, leaves, touched: 6, out int[] touched);
        return PublishedBatch.Of(StateDiff.Between(store.BatchNumber + 1, store.State, next, touched), store.State);
    }

    /// <summary>The files as the operating system would have them if the process ended now.</summary>
    private string Copy(string name)
    {
        File.Copy(_folder["state.db"], _folder[$"{name}.db"]);
        File.Copy(_folder["state.db"] + "-wal", _folder[$"{name}.db"] + "-wal");
        return _folder[$"{name}.db"];
    }

    private static void AssertHolds(string path, ulong number, Fr root)
    {
        using StateStore store = StateStore.Open(path);
        Assert.Equal((number, root), (store.BatchNumber, store.State.Root));
    }
}
