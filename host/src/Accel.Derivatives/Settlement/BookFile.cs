using System.Globalization;
using System.Text.Json;
using Accel.Derivatives.Market;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Settlement;

/// <summary>
/// Reads and writes books as JSON. Amounts are decimal strings, exact in their units; a key is <c>seed</c> (development only) or
/// <c>publicKey</c> with decimal <c>x</c> and <c>y</c>. What settlement keeps of an account (<c>nonce</c>, <c>flags</c>, <c>flaggedAt</c>,
/// <c>indices</c>) may be absent when it is zero, so that a written book has exactly the state's root. <c>perpetual</c> and <c>collateral</c> are for
/// margin analysis alone. Unknown, missing or repeated members are refused.
/// </summary>
public static class BookFile
{
    /// <summary>Prices and amounts beyond this are taken for a mistake.</summary>
    private const decimal AmountMax = 1_000_000_000;

    private static readonly JsonDocumentOptions ReadOptions = new() { AllowDuplicateProperties = false };

    private static readonly JsonWriterOptions WriteOptions = new() { Indented = true };

    /// <summary>Reads a file.</summary>
    /// <exception cref="MarketFormatException">The file is not a book; the message names file, JSON path and what would be right.</exception>
    public static Book ReadFile(string path) => Read(File.ReadAllText(path), Path.GetFileName(path));

    /// <summary>Reads JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Name of the source, for messages.</param>
    /// <exception cref="MarketFormatException">The text is not a book.</exception>
    public static Book Read(string json, string source)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, ReadOptions);
            return ReadBook(new JsonNodeAt(document.RootElement, source, "$"));
        }
        catch (JsonException error)
        {
            // The parser's own message quotes the text, which may be a whole file of another kind.
            throw new MarketFormatException($"{source}: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}: not JSON; expected a book as in host/samples", error);
        }
    }

    /// <summary>Writes a book; keys are written as public keys.</summary>
    public static string Write(Book book)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, WriteOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("underlying", book.Underlying);
            writer.WriteStartArray("accounts");
            foreach (BookAccount account in book.Accounts)
            {
                WriteAccount(writer, account);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static Book ReadBook(JsonNodeAt root)
    {
        root.AllowOnly("underlying", "accounts");
        JsonNodeAt underlyingNode = root["underlying"];
        string underlying = underlyingNode.Parse(text =>
        {
            Instrument.UnderlyingId(text);
            return text;
        });
        var accounts = new List<BookAccount>();
        var leaves = new HashSet<int>();
        foreach (JsonNodeAt node in root["accounts"].Items())
        {
            BookAccount account = ReadAccount(node, underlying);
            accounts.Add(leaves.Add(account.Leaf) ? account : throw node["leaf"].Fault("a leaf that no other account has"));
        }

        return new Book(underlying, [.. accounts.OrderBy(a => a.Leaf)]);
    }

    private static BookAccount ReadAccount(JsonNodeAt node, string underlying)
    {
        node.AllowOnly("leaf", "name", "seed", "publicKey", "cash", "positions", "nonce", "flags", "flaggedAt", "indices", "perpetual", "collateral");
        var positions = new List<BookPosition>();
        foreach (JsonNodeAt item in node["positions"].Items())
        {
            BookPosition position = ReadPosition(item, underlying);
            positions.Add(positions.TrueForAll(p => p.Instrument != position.Instrument)
                ? position
                : throw item["instrument"].Fault("an instrument that the account does not hold already"));
        }

        return positions.Count <= Account.PositionsMax
            ? new BookAccount(node["leaf"].Integer(0, AccountTree.Capacity - 1), node["name"].Text(), ReadKey(node), node["cash"].Parse(CashAmount.Parse), positions)
            {
                Nonce = node.Has("nonce") ? (ulong)node["nonce"].Long(long.MaxValue) : 0,
                Status = (AccountStatus)(node.Has("flags") ? node["flags"].Long((1 << Account.FlagBits) - 1) : 0),
                FlaggedAt = node.Has("flaggedAt") ? node["flaggedAt"].Long((1L << Account.TimeBits) - 1) : 0,
                Indices = node.Has("indices") ? node["indices"].Parse(Fr.Parse) : Fr.Zero,
                Perpetual = node.Has("perpetual") ? ReadPerpetual(node["perpetual"]) : null,
                Collateral = node.Has("collateral") ? [.. node["collateral"].Items().Select(ReadCollateral)] : [],
            }
            : throw node["positions"].Fault($"at most {Account.PositionsMax} positions");
    }

    private static BookPosition ReadPosition(JsonNodeAt node, string underlying)
    {
        node.AllowOnly("instrument", "quantity");
        Instrument instrument = node["instrument"].Parse(Instrument.Parse);
        if (instrument.Underlying != underlying)
        {
            throw node["instrument"].Fault($"an option on {underlying}");
        }

        PositionQuantity quantity = node["quantity"].Parse(PositionQuantity.Parse);
        return quantity.Value != 0 ? new BookPosition(instrument, quantity) : throw node["quantity"].Fault("a quantity other than zero");
    }

    private static BookPerpetual ReadPerpetual(JsonNodeAt node)
    {
        node.AllowOnly("quantity", "entry", "price");
        decimal quantity = node["quantity"].Parse(text => ParseAmount(text, -AmountMax));
        return quantity != 0
            ? new BookPerpetual(quantity, node["entry"].Parse(ParsePositive), node.Has("price") ? node["price"].Parse(ParsePositive) : null)
            : throw node["quantity"].Fault("a quantity other than zero");
    }

    private static BookCollateral ReadCollateral(JsonNodeAt node)
    {
        node.AllowOnly("asset", "amount", "price", "movesWithSpot", "maintenanceHaircut", "initialHaircut");
        bool moves = node["movesWithSpot"].Flag();
        return moves || node.Has("price")
            ? new BookCollateral(
                node["asset"].Text(),
                node["amount"].Parse(ParsePositive),
                node.Has("price") ? node["price"].Parse(ParsePositive) : null,
                moves,
                node["maintenanceHaircut"].Number(0, 1),
                node["initialHaircut"].Number(0, 1))
            : throw node.Fault("a price, which only an asset that moves with spot may leave out");
    }

    private static decimal ParsePositive(string text) =>
        ParseAmount(text, 0) is > 0 and var amount ? amount : throw new FormatException($"found {text} where a positive amount was expected");

    private static decimal ParseAmount(string text, decimal least) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount)
            && amount >= least && amount <= AmountMax
            ? amount
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"found {text} where a decimal in [{least}, {AmountMax}] was expected"));

    private static EdDsaPublicKey ReadKey(JsonNodeAt node)
    {
        if (node.Has("seed") == node.Has("publicKey"))
        {
            throw node.Fault("either a seed or a publicKey");
        }

        if (node.Has("seed"))
        {
            return Book.DevelopmentKey(node["seed"].Text()).PublicKey;
        }

        JsonNodeAt keyNode = node["publicKey"];
        keyNode.AllowOnly("x", "y");
        var key = new EdDsaPublicKey(new BabyJubjubPoint(keyNode["x"].Parse(Fr.Parse), keyNode["y"].Parse(Fr.Parse)));
        return key.IsValid ? key : throw keyNode.Fault("a point of Baby Jubjub that is not of small order");
    }

    private static void WriteAccount(Utf8JsonWriter writer, BookAccount account)
    {
        writer.WriteStartObject();
        writer.WriteNumber("leaf", account.Leaf);
        writer.WriteString("name", account.Name);
        writer.WriteStartObject("publicKey");
        writer.WriteString("x", account.Key.Point.X.ToString());
        writer.WriteString("y", account.Key.Point.Y.ToString());
        writer.WriteEndObject();
        writer.WriteString("cash", account.Cash.ToString());
        WriteUnlessZero(writer, "nonce", (long)account.Nonce);
        WriteUnlessZero(writer, "flags", (long)account.Status);
        WriteUnlessZero(writer, "flaggedAt", account.FlaggedAt);
        if (!account.Indices.IsZero)
        {
            writer.WriteString("indices", account.Indices.ToString());
        }

        writer.WriteStartArray("positions");
        foreach (BookPosition position in account.Positions)
        {
            writer.WriteStartObject();
            writer.WriteString("instrument", position.Instrument.Name);
            writer.WriteString("quantity", position.Quantity.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteAnalysis(writer, account);
        writer.WriteEndObject();
    }

    private static void WriteAnalysis(Utf8JsonWriter writer, BookAccount account)
    {
        if (account.Perpetual is { } perpetual)
        {
            writer.WriteStartObject("perpetual");
            writer.WriteString("quantity", Text(perpetual.Quantity));
            writer.WriteString("entry", Text(perpetual.Entry));
            WritePrice(perpetual.Price);
            writer.WriteEndObject();
        }

        if (account.Collateral.Count > 0)
        {
            writer.WriteStartArray("collateral");
            foreach (BookCollateral collateral in account.Collateral)
            {
                writer.WriteStartObject();
                writer.WriteString("asset", collateral.Asset);
                writer.WriteString("amount", Text(collateral.Amount));
                WritePrice(collateral.Price);
                writer.WriteBoolean("movesWithSpot", collateral.MovesWithSpot);
                writer.WriteNumber("maintenanceHaircut", collateral.MaintenanceHaircut);
                writer.WriteNumber("initialHaircut", collateral.InitialHaircut);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        void WritePrice(decimal? price)
        {
            if (price is { } given)
            {
                writer.WriteString("price", Text(given));
            }
        }

        static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
    }

    private static void WriteUnlessZero(Utf8JsonWriter writer, string name, long value)
    {
        if (value != 0)
        {
            writer.WriteNumber(name, value);
        }
    }
}

/// <summary>A JSON value that knows where it is, so that a fault can say so.</summary>
internal readonly struct JsonNodeAt(JsonElement element, string source, string path)
{
    public JsonNodeAt this[string name] => RequireObject().TryGetProperty(name, out JsonElement child)
        ? new JsonNodeAt(child, source, $"{path}.{name}")
        : throw new MarketFormatException($"{source}: {path}: member '{name}' is missing");

    public bool Has(string name) => RequireObject().TryGetProperty(name, out _);

    public void AllowOnly(params ReadOnlySpan<string> names)
    {
        foreach (JsonProperty property in RequireObject().EnumerateObject())
        {
            if (!names.Contains(property.Name))
            {
                throw new MarketFormatException($"{source}: {path}: member '{property.Name}' is unknown; expected {string.Join(", ", names.ToArray())}");
            }
        }
    }

    public IEnumerable<JsonNodeAt> Items()
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw Fault("an array");
        }

        string itemSource = source;
        string itemPath = path;
        return element.EnumerateArray().Select((item, i) => new JsonNodeAt(item, itemSource, string.Create(CultureInfo.InvariantCulture, $"{itemPath}[{i}]"))).ToList();
    }

    public string Text() => element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text ? text : throw Fault("a string that is not empty");

    public int Integer(int least, int most) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value) && value >= least && value <= most
            ? value
            : throw Fault($"an integer in [{least}, {most}]");

    public long Long(long most) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long value) && value >= 0 && value <= most
            ? value
            : throw Fault($"an integer in [0, {most}]");

    public double Number(double least, double most) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value) && value >= least && value <= most
            ? value
            : throw Fault(string.Create(CultureInfo.InvariantCulture, $"a number in [{least}, {most}]"));

    public bool Flag() => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Fault("true or false");

    public T Parse<T>(Func<string, T> parse)
    {
        string text = Text();
        try
        {
            return parse(text);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new MarketFormatException($"{source}: {path}: {error.Message}", error);
        }
    }

    /// <summary>Reads a node whose parts are valid but may not be so together.</summary>
    public T Check<T>(Func<JsonNodeAt, T> read)
    {
        try
        {
            return read(this);
        }
        catch (Exception error) when (error is ArgumentException or SettlementException)
        {
            throw new MarketFormatException($"{source}: {path}: {error.Message}", error);
        }
    }

    public MarketFormatException Fault(string expected)
    {
        string raw = element.GetRawText();
        return new MarketFormatException($"{source}: {path}: found {(raw.Length > 60 ? raw[..60] + "…" : raw)} where {expected} was expected");
    }

    private JsonElement RequireObject() => element.ValueKind == JsonValueKind.Object ? element : throw Fault("an object");
}
