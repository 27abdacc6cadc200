namespace Accel.Storage;

/// <summary>
/// Brings a store's tables to the newest version: all missing steps last, or none. Before the first of them the file is copied, so that the program
/// that wrote it can still be run on the copy. SQLite's <c>user_version</c> counts the steps that a file has had.
/// </summary>
/// <param name="what">What the store holds, for errors: <c>job store</c>.</param>
/// <param name="steps">The statements of each step; the first makes the tables.</param>
public sealed class StoreMigrations(string what, IReadOnlyList<IReadOnlyList<string>> steps)
{
    /// <summary>Runs the steps that a file has not had.</summary>
    /// <param name="connection">The file.</param>
    /// <returns>The copy of the file as it was; null when there was nothing to do, or nothing to lose.</returns>
    /// <exception cref="NotSupportedException">A newer program wrote the file.</exception>
    /// <exception cref="CorruptStoreException">The tables are not those of such a store.</exception>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    public string? Apply(StoreConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        int version = Number(connection, "PRAGMA user_version");
        if (version > steps.Count)
        {
            throw new NotSupportedException(
                $"{connection.Name}: a newer program made it a {what} of version {version}, this one knows version {steps.Count} and older; run the newer one, or name another file");
        }

        if (version == 0 && Number(connection, "SELECT COUNT(*) FROM sqlite_master") != 0)
        {
            throw new CorruptStoreException(connection.Name, $"it is not a {what}: it has tables of another program");
        }

        if (version == steps.Count)
        {
            return null;
        }

        string? copy = version == 0 ? null : Copy(connection, version);
        connection.InTransaction(() =>
        {
            foreach (string statement in steps.Skip(version).SelectMany(step => step))
            {
                connection.Execute(statement);
            }

            connection.Execute($"PRAGMA user_version = {steps.Count}");
        });
        return copy;
    }

    private static int Number(StoreConnection connection, string query) => connection.Query(query, reader => reader.GetInt32(0)).Single();

    /// <summary>Whole or not at all, and on the device before a step runs.</summary>
    private static string Copy(StoreConnection connection, int version)
    {
        string copy = $"{connection.FilePath}.version-{version}.bak";
        string partial = $"{copy}.partial";
        File.Delete(partial);
        connection.Execute("VACUUM INTO $file", ("$file", partial));
        using (FileStream stream = new(partial, FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Flush(flushToDisk: true);
        }

        File.Move(partial, copy, overwrite: true);
        return copy;
    }
}
