using System.Globalization;
using System.IO.Compression;
using Accel.Proving.Formats;

namespace Accel.Derivatives.Matching.OrderFlow;

/// <summary>Replays recorded order flow through an engine and compares its book with the known answers of the record.</summary>
public static class FlowFile
{
    /// <summary>Reads a file by the format that its first line shows: LOBSTER messages, or a log of Bitstamp's stream; plain or gzip.</summary>
    /// <exception cref="InvalidFileException">A line is in neither format.</exception>
    public static ReplayReport Replay(string path, CancellationToken cancel = default)
    {
        string first = Lines(path, cancel).FirstOrDefault() ?? throw new InvalidFileException(Path.GetFileName(path), "it is empty");
        if (first.Split(',').Length == 6 && first.Split(' ').Length == 1)
        {
            return new LobsterReplay(path).Run(cancel);
        }

        return first.Contains(" order_", StringComparison.Ordinal) || first.Contains(" trade {", StringComparison.Ordinal)
            ? new BitstampReplay(path).Run(cancel)
            : throw new InvalidFileException(Path.GetFileName(path),
                "its first line is neither a LOBSTER message (six numbers) nor a Bitstamp event (milliseconds, kind, JSON)");
    }

    internal static IEnumerable<string> Lines(string path, CancellationToken cancel)
    {
        using FileStream file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(plain);
        while (reader.ReadLine() is { } line)
        {
            cancel.ThrowIfCancellationRequested();
            yield return line;
        }
    }

    internal static long[] Numbers(string path, long lineNumber, ReadOnlySpan<char> text, int count)
    {
        var numbers = new long[count];
        int filled = 0;
        foreach (Range range in text.Split(','))
        {
            bool isNumber = long.TryParse(text[range], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number);
            if (!isNumber || filled == count)
            {
                throw Malformed(path, lineNumber, $"expected {count} whole numbers");
            }

            numbers[filled++] = number;
        }

        return filled == count ? numbers : throw Malformed(path, lineNumber, $"it has {filled} numbers; expected {count}");
    }

    internal static InvalidFileException Malformed(string path, long lineNumber, string what, Exception? inner = null) =>
        new(Path.GetFileName(path), $"line {lineNumber}: {what}", inner: inner);
}
