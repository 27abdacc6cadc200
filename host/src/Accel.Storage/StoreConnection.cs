using Microsoft.Data.Sqlite;

namespace Accel.Storage;

/// <summary>One SQLite file, held by one process: write-ahead log, every commit on the device before it returns.</summary>
public sealed class StoreConnection : IDisposable
{
    /// <summary>SQLite's result code for a file that is not a sound database.</summary>
    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;

    private readonly SqliteConnection _connection;
    private SqliteTransaction? _transaction;

    private StoreConnection(SqliteConnection connection, string path)
    {
        _connection = connection;
        FilePath = path;
        Name = Path.GetFileName(path);
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>The file's name, without its folder.</summary>
    public string Name { get; }

    /// <summary>Called with the text of each statement before it runs, and with COMMIT: where a test may crash.</summary>
    public Action<string>? BeforeStatement { get; set; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="create">Whether it must be new, or must be there.</param>
    /// <exception cref="IOException">It is there although it must be new, it is not there, or another process holds it.</exception>
    /// <exception cref="CorruptStoreException">It is no database.</exception>
    public static StoreConnection Open(string path, bool create)
    {
        if (File.Exists(path) == create)
        {
            throw new IOException(create ? $"{path} is there already" : $"there is no store {path}");
        }

        SqliteConnectionStringBuilder settings = new()
        {
            DataSource = path,
            Mode = create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1,
        };
        StoreConnection store = new(new SqliteConnection(settings.ConnectionString), path);
        try
        {
            store.Guard(() =>
            {
                store._connection.Open();

                // Exclusive: one process writes, and nobody can read half of what it does. A lock is taken by the first read.
                store.Execute("PRAGMA locking_mode = EXCLUSIVE");
                store.Execute("PRAGMA journal_mode = WAL");
                store.Execute("PRAGMA synchronous = FULL");
                store.Execute("BEGIN IMMEDIATE; ROLLBACK");
            });
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements as one: all of them last, or none.</summary>
    /// <param name="work">Runs the statements.</param>
    /// <exception cref="CorruptStoreException">The file is not a sound database.</exception>
    /// <exception cref="IOException">Another process holds the file.</exception>
    public void InTransaction(Action work) => Guard(() =>
    {
        using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
        _transaction = transaction;
        try
        {
            work();
            BeforeStatement?.Invoke("COMMIT");
            transaction.Commit();
        }
        finally
        {
            _transaction = null;
        }
    });

    /// <summary>Runs one statement.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="parameters">Values of the names in it; null stands for NULL.</param>
    /// <returns>The number of rows that it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using SqliteCommand command = CreateCommand(sql, parameters);
        BeforeStatement?.Invoke(sql);
        return command.ExecuteNonQuery();
    }

    /// <summary>The rows of a query, read to the end before they are returned.</summary>
    /// <typeparam name="T">What a row becomes.</typeparam>
    /// <param name="sql">The query.</param>
    /// <param name="read">Reads one row.</param>
    /// <param name="parameters">Values of the names in it.</param>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using SqliteCommand command = CreateCommand(sql, parameters);
        List<T> rows = [];
        Guard(() =>
        {
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                rows.Add(read(reader));
            }
        });
        return rows;
    }

    /// <inheritdoc />
    public void Dispose() => _connection.Dispose();

    private SqliteCommand CreateCommand(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = _transaction;
        foreach ((string name, object? value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase)
        {
            throw new CorruptStoreException(Name, $"SQLite cannot read it: {error.Message}", error);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SqliteBusy or SqliteLocked)
        {
            throw new IOException($"{Name} is in use by another process", error);
        }
    }
}
