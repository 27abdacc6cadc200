using System.IO.Compression;
using CsvHelper;

namespace Accel.Derivatives.Market;

/// <summary>
/// Reads an option-chain snapshot in the column layout of Deribit's public book summary: one line an instrument, prices in coin,
/// underlying, strike and index in USD, volatility as a fraction, blanks where there is no bid, ask or future. Plain or gzip.
/// </summary>
public static class DeribitSnapshotReader
{
    private static readonly string[] Columns =
    [
        "timestamp", "instrument_name", "underlying", "underlying_name", "option_type", "strike", "expiry_datetime", "time_to_maturity",
        "bid_price", "ask_price", "mark_price", "mid_price", "futures_price", "futures_instrument_name", "implied_volatility", "delta", "vega",
        "open_interest", "volume", "bid_ask_spread", "currency", "index_price", "volume_usd",
    ];

    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',',
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
    };

    /// <summary>Reads a file; a name ending in <c>.gz</c> is decompressed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="underlying">The currency whose lines are kept, such as <c>BTC</c>.</param>
    /// <exception cref="MarketFormatException">The file is malformed; the message names file, line, column and what would be right.</exception>
    public static MarketSnapshot ReadFile(string path, string underlying)
    {
        using FileStream file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream);
        return Read(reader, Path.GetFileName(path), underlying);
    }

    /// <summary>Reads CSV text.</summary>
    /// <param name="text">The CSV, with its header line.</param>
    /// <param name="source">Name of the source, for messages.</param>
    /// <param name="underlying">The currency whose lines are kept.</param>
    /// <exception cref="MarketFormatException">The text is malformed.</exception>
    public static MarketSnapshot Read(TextReader text, string source, string underlying)
    {
        using CsvReader csv = CsvReader.Create(text, Options, leaveOpen: true);
        try
        {
            return ReadLines(csv, source, underlying);
        }
        catch (CsvFormatException error)
        {
            throw new MarketFormatException($"{source}: line {error.LineNumber}: not {Columns.Length} comma-separated fields: {error.Message}", error);
        }
    }

    private static MarketSnapshot ReadLines(CsvReader csv, string source, string underlying)
    {
        CheckHeader(csv, source);
        var quotes = new List<MarketQuote>();
        long? time = null;
        while (csv.Read())
        {
            var line = new SnapshotLine(csv, source);
            long lineTime = line.Time("timestamp");
            time ??= lineTime;
            if (lineTime != time)
            {
                throw line.Fault("timestamp", "the first line's time, for a snapshot has one");
            }

            if (line.Text("currency") == underlying)
            {
                quotes.Add(ReadQuote(line));
            }
        }

        return new MarketSnapshot(source, underlying, time ?? 0, quotes);
    }

    private static void CheckHeader(CsvReader csv, string source)
    {
        string[] header = [.. csv.Headers];
        string? missing = Columns.FirstOrDefault(c => !header.Contains(c));
        string? unknown = header.FirstOrDefault(c => !Columns.Contains(c));
        if (missing is not null || unknown is not null || header.Length != Columns.Length)
        {
            string fault = missing is not null ? $"column {missing} is missing" : unknown is not null ? $"column {unknown} is unknown" : "a column occurs twice";
            throw new MarketFormatException($"{source}: line 1: {fault}; expected the columns {string.Join(',', Columns)}");
        }
    }

    private static MarketQuote ReadQuote(SnapshotLine line)
    {
        Instrument instrument = line.Instrument("instrument_name");
        if (line.Text("currency") != instrument.Underlying)
        {
            throw line.Fault("currency", instrument.Underlying);
        }

        if (line.Text("option_type") != (instrument.Kind == OptionKind.Call ? "call" : "put"))
        {
            throw line.Fault("option_type", instrument.Kind == OptionKind.Call ? "call" : "put");
        }

        if (line.Decimal("strike") != instrument.Strike.ToUsd())
        {
            throw line.Fault("strike", instrument.Strike.ToString());
        }

        if (line.Time("expiry_datetime") != instrument.Expiry)
        {
            throw line.Fault("expiry_datetime", "the expiry that instrument_name states, at 08:00 UTC");
        }

        return new MarketQuote(
            instrument,
            line.OptionalDecimal("bid_price"),
            line.OptionalDecimal("ask_price"),
            line.Decimal("mark_price"),
            line.Volatility("implied_volatility"),
            line.Price("index_price"),
            line.Text("underlying_name") == "index_price" ? null : line.Price("futures_price"),
            line.Text("underlying_name"));
    }
}
