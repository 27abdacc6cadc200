using Accel.Derivatives.State;
using Accel.Proving.Formats;

namespace Accel.Storage;

/// <summary>
/// The exchange's state in one SQLite file: an append-only journal of accepted batches, and the accounts and tree nodes that follow from it. A batch
/// is in it whole or not at all, whenever the process ends; a store that does not hold what was written to it is not opened. For one process and one
/// thread at a time.
/// </summary>
public sealed class StateStore : IDisposable
{
    private const long BatchesEach = 256;

    private readonly StoreConnection _connection;
    private readonly ulong _baseNumber;
    private byte[] _digest;
    private bool _failed;

    private StateStore(StoreConnection connection, LoadedState loaded)
    {
        _connection = connection;
        _baseNumber = loaded.BaseNumber;
        _digest = loaded.Digest;
        State = loaded.State;
        BatchNumber = loaded.BatchNumber;
    }

    /// <summary>The state after the last batch.</summary>
    public ExchangeState State { get; private set; }

    /// <summary>The last batch; in a new store zero, in one that began from a snapshot the snapshot's.</summary>
    public ulong BatchNumber { get; private set; }

    /// <summary>Where a test may crash; see <see cref="StoreConnection.BeforeStatement"/>.</summary>
    internal Action<string>? BeforeStatement
    {
        set => _connection.BeforeStatement = value;
    }

    /// <summary>A new store of the empty state.</summary>
    /// <param name="path">The file, which must not be there.</param>
    /// <exception cref="IOException">It is there already, or cannot be written.</exception>
    public static StateStore Create(string path) => Begin(path, new StateSnapshot(0, ExchangeState.Empty));

    /// <summary>A new store that begins where a snapshot ends; its journal begins with the batch after it.</summary>
    /// <param name="path">The file, which must not be there.</param>
    /// <param name="snapshotPath">A file that <see cref="ExportSnapshot"/> wrote.</param>
    /// <exception cref="IOException">The store is there already, or a file cannot be read or written.</exception>
    /// <exception cref="InvalidFileException">The snapshot is not whole, or not what it says.</exception>
    public static StateStore Import(string path, string snapshotPath) =>
        Begin(path, StateSnapshot.Read(Path.GetFileName(snapshotPath), File.ReadAllBytes(snapshotPath)));

    /// <summary>
    /// Opens a store and checks it: every journal row by its chained digest, every account and node by hashing it again, and the root against the
    /// last batch's.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CorruptStoreException">A row is not what was written; the message names it.</exception>
    /// <exception cref="IOException">There is no such file, or another process holds it.</exception>
    public static StateStore Open(string path)
    {
        StoreConnection connection = StoreConnection.Open(path, create: false);
        try
        {
            return new StateStore(connection, new StateLoader(connection).Load());
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Accepts a batch; when this returns, it is on the device.</summary>
    /// <param name="batch">The next batch.</param>
    /// <exception cref="StateDiffException">It is not the next batch, does not start from this state, or does not lead to the root that it says.
    /// Nothing was written.</exception>
    /// <exception cref="InvalidOperationException">An earlier write failed; open the store again.</exception>
    public void Append(PublishedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (_failed)
        {
            throw new InvalidOperationException("an earlier batch could not be written; open the store again");
        }

        if (batch.Number != BatchNumber + 1)
        {
            throw new StateDiffException($"batch {batch.Number} cannot follow batch {BatchNumber}");
        }

        ExchangeState after = batch.Apply(State);
        byte[] digest = StateRows.DigestOf(_digest, batch);
        int[] touched = [.. StateDiff.FromWords([.. batch.Words]).Leaves.Select(leaf => leaf.Leaf)];
        try
        {
            _connection.InTransaction(() =>
            {
                WriteBatch(batch, digest);
                WriteLeaves(after, touched);
            });
        }
        catch
        {
            // What the file holds now only opening it tells.
            _failed = true;
            throw;
        }

        (State, BatchNumber, _digest) = (after, batch.Number, digest);
    }

    /// <summary>The journal's batches from a number on.</summary>
    /// <param name="from">The first number; one that the journal lacks is where it begins.</param>
    public IEnumerable<PublishedBatch> Batches(ulong from = 0)
    {
        long next = (long)Math.Max(from, _baseNumber + 1);
        while (true)
        {
            List<PublishedBatch> rows = _connection.Query(
                StateRows.SelectBatches, reader => StateLoader.ReadBatch(reader, _connection.Name).Batch, ("$from", next), ("$count", BatchesEach));
            foreach (PublishedBatch batch in rows)
            {
                yield return batch;
            }

            if (rows.Count < BatchesEach)
            {
                yield break;
            }

            next += BatchesEach;
        }
    }

    /// <summary>Writes the state to a file, from which a store elsewhere can begin.</summary>
    /// <param name="path">Receives the snapshot, whole or not at all.</param>
    public void ExportSnapshot(string path)
    {
        string temporary = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            using (FileStream stream = File.Create(temporary))
            {
                new StateSnapshot(BatchNumber, State).Write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _connection.Dispose();

    private static StateStore Begin(string path, StateSnapshot start)
    {
        StoreConnection connection = StoreConnection.Open(path, create: true);
        LoadedState loaded = new(start.State, start.BatchNumber, start.BatchNumber, StateRows.DigestOf(start.BatchNumber, start.State.Root));
        StateStore store = new(connection, loaded);
        try
        {
            connection.InTransaction(() =>
            {
                foreach (string statement in StateRows.Schema)
                {
                    connection.Execute(statement);
                }

                connection.Execute(
                    StateRows.InsertBase, ("$version", StateRows.Version), ("$number", (long)start.BatchNumber), ("$root", StateRows.ToBytes(start.State.Root)));
                store.WriteLeaves(start.State, [.. start.State.Accounts.Keys]);
            });
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private void WriteBatch(PublishedBatch batch, byte[] digest) => _connection.Execute(
        StateRows.InsertBatch,
        ("$number", (long)batch.Number),
        ("$old", StateRows.ToBytes(batch.OldRoot)),
        ("$new", StateRows.ToBytes(batch.NewRoot)),
        ("$words", DiffWord.ToBytes([.. batch.Words])),
        ("$digest", digest));

    private void WriteLeaves(ExchangeState state, int[] leaves)
    {
        foreach (int leaf in leaves)
        {
            if (state.Find(leaf) is { } account)
            {
                _connection.Execute(StateRows.PutAccount, ("$leaf", leaf), ("$words", DiffWord.ToBytes(LeafDiff.Opening(leaf, account))));
            }
            else
            {
                _connection.Execute(StateRows.RemoveAccount, ("$leaf", leaf));
            }
        }

        foreach (TreeNode node in state.Tree.NodesAbove(leaves))
        {
            if (node.Hash == AccountTree.EmptyNode(node.Level))
            {
                _connection.Execute(StateRows.RemoveNode, ("$level", node.Level), ("$index", node.Index));
            }
            else
            {
                _connection.Execute(StateRows.PutNode, ("$level", node.Level), ("$index", node.Index), ("$hash", StateRows.ToBytes(node.Hash)));
            }
        }
    }
}
