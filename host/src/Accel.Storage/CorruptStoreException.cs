namespace Accel.Storage;

/// <summary>A store does not hold what was written to it. The message names the file, the table and the row.</summary>
public sealed class CorruptStoreException : Exception
{
    /// <summary>A problem with a store.</summary>
    /// <param name="file">The file's name, without its folder.</param>
    /// <param name="problem">The table, the row, and what is wrong with it.</param>
    /// <param name="inner">The exception that revealed it, if any.</param>
    public CorruptStoreException(string file, string problem, Exception? inner = null)
        : base($"{file}: {problem}", inner) => File = file;

    /// <summary>The file's name, without its folder.</summary>
    public string File { get; }
}
