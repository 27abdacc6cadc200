using System.Globalization;
using System.IO.Compression;
using System.Text;
using Accel.Proving.Formats;

namespace Accel.Derivatives.Matching.OrderFlow;

/// <summary>Replays recorded order flow through an engine and compares its book with the known answers of the record.</summary>
public static class FlowFile
{
    private const int LineCharsMax = 1 << 16;
    private const int LinesMax = 20_000_000;
    private const int ExcerptChars = 40;

    /// <summary>
    /// Reads a file by the format that its first line shows: LOBSTER messages, a log of Bitstamp's stream, or a table of its events; plain or gzip.
    /// </summary>
    /// <exception cref="InvalidFileException">A line is in none of these formats; the message names file and line.</exception>
    public static ReplayReport Replay(string path, CancellationToken cancel = default)
    {
        string first = Lines(path, cancel).FirstOrDefault() ?? throw new InvalidFileException(Path.GetFileName(path), "it is empty");
        if (first.Split(',').Length == 6 && first.Split(' ').Length == 1)
        {
            return new LobsterReplay(path).Run(cancel);
        }

        if (BitstampTable.IsFirstLine(first))
        {
            return BitstampReplay.RunTable(path, cancel);
        }

        return BitstampLog.IsFirstLine(first)
            ? BitstampReplay.RunLog(path, cancel)
            : throw Malformed(path, 1,
                "it is neither a LOBSTER message (six numbers), nor a Bitstamp event (milliseconds, kind, JSON), nor the header of a table of them");
    }

    /// <summary>The lines of a file. Neither a line nor the file may grow without bound, whatever a compressed file unfolds to.</summary>
    /// <exception cref="InvalidFileException">A line or the file is too long, or the compressed data is damaged.</exception>
    internal static IEnumerable<string> Lines(string path, CancellationToken cancel)
    {
        using FileStream file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(plain);
        var line = new StringBuilder();
        for (long number = 1; ReadLine(path, number, reader, line); number++)
        {
            cancel.ThrowIfCancellationRequested();
            if (number > LinesMax)
            {
                throw Malformed(path, number, $"a file may have {LinesMax} lines: split it");
            }

            yield return line.ToString();
        }
    }

    /// <summary>The beginning of a text that a message quotes.</summary>
    internal static string Excerpt(string text) => text.Length > ExcerptChars ? text[..ExcerptChars] + "…" : text;

    private static bool ReadLine(string path, long number, StreamReader reader, StringBuilder line)
    {
        line.Clear();
        try
        {
            int character = reader.Read();
            if (character < 0)
            {
                return false;
            }

            for (; character >= 0 && character != '\n'; character = reader.Read())
            {
                line.Append((char)character);
                if (line.Length > LineCharsMax)
                {
                    throw Malformed(path, number, $"it is longer than {LineCharsMax} characters");
                }
            }
        }
        catch (InvalidDataException error)
        {
            throw Malformed(path, number, "the compressed data is damaged or cut short here", error);
        }

        if (line.Length > 0 && line[^1] == '\r')
        {
            line.Length--;
        }

        return true;
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
