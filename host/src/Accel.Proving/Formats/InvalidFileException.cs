using System.Globalization;

namespace Accel.Proving.Formats;

/// <summary>A file does not hold what its format demands. The message names the file, the section, the byte and what would be right.</summary>
public sealed class InvalidFileException : Exception
{
    /// <summary>A problem somewhere in a file.</summary>
    /// <param name="file">The file's name, without its folder.</param>
    /// <param name="problem">What is wrong and what would be right.</param>
    /// <param name="section">The section's identifier, or null when the problem is not inside one.</param>
    /// <param name="offset">The byte in the file at which the problem begins, or null when it has no single place.</param>
    /// <param name="inner">The exception that revealed the problem, if any.</param>
    public InvalidFileException(string file, string problem, int? section = null, long? offset = null, Exception? inner = null)
        : base(Compose(file, problem, section, offset), inner)
    {
        File = file;
        Section = section;
        Offset = offset;
    }

    /// <summary>The file's name, without its folder.</summary>
    public string File { get; }

    /// <summary>The section's identifier, or null when the problem is not inside one.</summary>
    public int? Section { get; }

    /// <summary>The byte in the file at which the problem begins, or null when it has no single place.</summary>
    public long? Offset { get; }

    private static string Compose(string file, string problem, int? section, long? offset)
    {
        string place = (section, offset) switch
        {
            (null, null) => string.Empty,
            (null, long at) => string.Create(CultureInfo.InvariantCulture, $" byte {at:N0}:"),
            (int id, null) => string.Create(CultureInfo.InvariantCulture, $" section {id}:"),
            (int id, long at) => string.Create(CultureInfo.InvariantCulture, $" section {id}, byte {at:N0}:"),
        };
        return $"{file}:{place} {problem}";
    }
}
