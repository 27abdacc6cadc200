using Accel.Derivatives.State;
using Microsoft.Data.Sqlite;

namespace Accel.Storage;

/// <summary>What a store held when it was opened.</summary>
/// <param name="State">The state after the last batch.</param>
/// <param name="BatchNumber">The last batch.</param>
/// <param name="BaseNumber">The batch before the journal's first.</param>
/// <param name="Digest">The digest of the journal's last row.</param>
internal sealed record LoadedState(ExchangeState State, ulong BatchNumber, ulong BaseNumber, byte[] Digest);

/// <summary>Reads a store and believes none of it: what follows from something else is computed again and compared.</summary>
internal sealed class StateLoader(StoreConnection connection)
{
    private const long BatchesEach = 256;

    public LoadedState Load()
    {
        (ulong baseNumber, Fr root) = ReadBase();
        byte[] digest = StateRows.DigestOf(baseNumber, root);
        ulong number = baseNumber;
        for (List<(PublishedBatch Batch, byte[] Digest)> rows = ReadBatches(number); rows.Count > 0; rows = ReadBatches(number))
        {
            foreach ((PublishedBatch batch, byte[] stored) in rows)
            {
                digest = Follow(batch, stored, number, root, digest);
                (number, root) = (batch.Number, batch.NewRoot);
            }
        }

        return new LoadedState(ReadState(root), number, baseNumber, digest);
    }

    /// <summary>One row of the journal.</summary>
    internal static (PublishedBatch Batch, byte[] Digest) ReadBatch(SqliteDataReader reader, string file)
    {
        long number = reader.GetInt64(0);
        try
        {
            return StateRows.ReadElement(StateRows.Blob(reader, 1)) is { } old && StateRows.ReadElement(StateRows.Blob(reader, 2)) is { } root
                ? (new PublishedBatch((ulong)number, old, root, DiffWord.FromBytes(StateRows.Blob(reader, 3))), StateRows.Blob(reader, 4))
                : throw new CorruptStoreException(file, $"batches, row {number}: a root is not an element of Fr");
        }
        catch (StateDiffException error)
        {
            throw new CorruptStoreException(file, $"batches, row {number}: {error.Message}", error);
        }
    }

    private (ulong Number, Fr Root) ReadBase()
    {
        List<(long Version, long Number, Fr? Root)> rows =
            ReadTable("base", () => connection.Query(StateRows.SelectBase, ReadBase));
        return rows is not [(var version, var number, { } root)] || number < 0 ? throw Corrupt("base: expected one row with a batch number and a root")
            : version != StateRows.Version ? throw Corrupt($"base: version {version} is not known; version {StateRows.Version} is")
            : ((ulong)number, root);
    }

    private static (long Version, long Number, Fr? Root) ReadBase(SqliteDataReader reader) =>
        (reader.GetInt64(0), reader.GetInt64(1), StateRows.ReadElement(StateRows.Blob(reader, 2)));

    private List<(PublishedBatch Batch, byte[] Digest)> ReadBatches(ulong after) => ReadTable("batches", () =>
        connection.Query(StateRows.SelectBatches, reader => ReadBatch(reader, connection.Name), ("$from", (long)after + 1), ("$count", BatchesEach)));

    private byte[] Follow(PublishedBatch batch, byte[] stored, ulong number, Fr root, byte[] digest)
    {
        if (batch.Number != number + 1)
        {
            throw Corrupt($"batches, row {number + 1} is missing; row {batch.Number} follows row {number}");
        }

        byte[] expected = StateRows.DigestOf(digest, batch);
        return !expected.AsSpan().SequenceEqual(stored)
                ? throw Corrupt($"batches, row {batch.Number}: its digest is not that of its content and of the rows before it")
            : batch.OldRoot != root ? throw Corrupt($"batches, row {batch.Number}: it starts from another root than the row before ends with")
            : expected;
    }

    private ExchangeState ReadState(Fr root)
    {
        List<KeyValuePair<int, Account>> accounts = ReadTable("accounts", () => connection.Query(StateRows.SelectAccounts, ReadAccount));
        Dictionary<(int Level, int Index), Fr> nodes =
            ReadTable("nodes", () => connection.Query(StateRows.SelectNodes, ReadNode)).ToDictionary(node => (node.Level, node.Index), node => node.Hash);
        var state = ExchangeState.Empty.With(accounts);
        List<TreeNode> expected = [.. state.Tree.NodesAbove(state.Accounts.Keys).Where(node => node.Hash != AccountTree.EmptyNode(node.Level))];
        TreeNode? different = FirstDifference(expected, nodes, onlyLeaves: state.Root != root);
        if (state.Root != root)
        {
            throw Corrupt(different is { } leaf
                ? $"accounts, row {leaf.Index}: it was changed, removed or added; the root of all accounts is not that of the last batch"
                : "accounts and nodes: their root is not that of the last batch");
        }

        return different is { } node ? throw Corrupt($"nodes, row (level {node.Level}, index {node.Index}): it is not the hash of what is below it") : state;
    }

    private static TreeNode? FirstDifference(List<TreeNode> expected, Dictionary<(int Level, int Index), Fr> stored, bool onlyLeaves)
    {
        HashSet<(int Level, int Index)> known = [];
        foreach (TreeNode node in expected.Where(node => !onlyLeaves || node.Level == 0))
        {
            known.Add((node.Level, node.Index));
            if (!stored.TryGetValue((node.Level, node.Index), out Fr hash) || hash != node.Hash)
            {
                return node;
            }
        }

        foreach (((int level, int index), Fr hash) in stored.Where(entry => !onlyLeaves || entry.Key.Level == 0))
        {
            if (!known.Contains((level, index)))
            {
                return new TreeNode(level, index, hash);
            }
        }

        return null;
    }

    private KeyValuePair<int, Account> ReadAccount(SqliteDataReader reader)
    {
        long leaf = reader.GetInt64(0);
        try
        {
            KeyValuePair<int, Account> account = LeafDiff.ReadOpening(DiffWord.FromBytes(StateRows.Blob(reader, 1)));
            return account.Key == leaf ? account : throw Corrupt($"accounts, row {leaf}: it holds the account of leaf {account.Key}");
        }
        catch (StateDiffException error)
        {
            throw new CorruptStoreException(connection.Name, $"accounts, row {leaf}: {error.Message}", error);
        }
    }

    private TreeNode ReadNode(SqliteDataReader reader)
    {
        (int level, int index) = (reader.GetInt32(0), reader.GetInt32(1));
        return StateRows.ReadElement(StateRows.Blob(reader, 2)) is { } hash
            ? new TreeNode(level, index, hash)
            : throw Corrupt($"nodes, row (level {level}, index {index}): the hash is not an element of Fr");
    }

    /// <summary>Reads a table whose columns may hold anything, for SQLite does not insist on their types.</summary>
    private T ReadTable<T>(string table, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is InvalidCastException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new CorruptStoreException(connection.Name, $"{table}: a column holds a value of another kind", error);
        }
        catch (SqliteException error)
        {
            throw new CorruptStoreException(connection.Name, $"{table}: {error.Message}", error);
        }
    }

    private CorruptStoreException Corrupt(string problem) => new(connection.Name, problem);
}
