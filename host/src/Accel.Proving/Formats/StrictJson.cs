using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Accel.Proving.Formats;

/// <summary>Reads snarkjs' JSON without guessing: each object has exactly the named members, each array its length, each number its canonical decimal text.</summary>
internal sealed class StrictJson : IDisposable
{
    /// <summary>Far above any real file, and small enough to hold in memory.</summary>
    public const int BytesMax = 64 << 20;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Indented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string _file;
    private readonly JsonDocument _document;

    private StrictJson(string file, JsonDocument document)
    {
        _file = file;
        _document = document;
    }

    public JsonElement Root => _document.RootElement;

    public static StrictJson Parse(string file, ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return new StrictJson(file, JsonDocument.Parse(utf8, Options));
        }
        catch (JsonException exception)
        {
            throw new InvalidFileException(file, $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: this is not JSON", null, null, exception);
        }
    }

    public static byte[] ReadFile(string path)
    {
        long length = new FileInfo(path).Length;
        return length <= BytesMax
            ? File.ReadAllBytes(path)
            : throw new InvalidFileException(Path.GetFileName(path), string.Create(CultureInfo.InvariantCulture, $"the file has {length:N0} bytes; {BytesMax:N0} is the limit"));
    }

    /// <summary>Writes as snarkjs does: one member or element a line, indented by one space.</summary>
    public static void Write(Stream stream, Action<Utf8JsonWriter> content)
    {
        using Utf8JsonWriter writer = new(stream, WriterOptions);
        content(writer);
    }

    public static void WriteG1(Utf8JsonWriter writer, G1Affine point)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(point.X.ToString());
        writer.WriteStringValue(point.IsInfinity ? "1" : point.Y.ToString());
        writer.WriteStringValue(point.IsInfinity ? "0" : "1");
        writer.WriteEndArray();
    }

    public static void WriteG2(Utf8JsonWriter writer, G2Affine point)
    {
        writer.WriteStartArray();
        WritePair(writer, point.X);
        WritePair(writer, point.IsInfinity ? Fq2.One : point.Y);
        WritePair(writer, point.IsInfinity ? Fq2.Zero : Fq2.One);
        writer.WriteEndArray();
    }

    public static void WritePair(Utf8JsonWriter writer, Fq2 value)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.C0.ToString());
        writer.WriteStringValue(value.C1.ToString());
        writer.WriteEndArray();
    }

    /// <summary>Demands an object whose members are all of <paramref name="required"/> and perhaps some of <paramref name="optional"/>.</summary>
    public void RequireMembers(JsonElement element, string where, ReadOnlySpan<string> required, ReadOnlySpan<string> optional)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Problem($"{where} is {Kind(element)}, not an object");
        }

        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (!required.Contains(member.Name) && !optional.Contains(member.Name))
            {
                throw Problem($"{where} has an unknown member '{Shorten(member.Name)}'");
            }
        }

        foreach (string name in required)
        {
            if (!element.TryGetProperty(name, out _))
            {
                throw Problem($"{where} has no member '{name}'");
            }
        }
    }

    /// <summary>Demands a string that is one of a few.</summary>
    public void RequireText(JsonElement element, string where, params ReadOnlySpan<string> allowed)
    {
        string? text = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        if (text is null || !allowed.Contains(text))
        {
            throw Problem($"{where} is {(text is null ? Kind(element) : $"'{Shorten(text)}'")}; known is {string.Join(", ", allowed.ToArray())}");
        }
    }

    /// <summary>Demands an array, of the given length unless that is null.</summary>
    public JsonElement RequireArray(JsonElement element, string where, int? length)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw Problem($"{where} is {Kind(element)}, not an array");
        }

        return length is null || element.GetArrayLength() == length
            ? element
            : throw Problem($"{where} has {element.GetArrayLength()} elements, not {length}");
    }

    /// <summary>A field element: a string of decimal digits without leading zeros, below the modulus.</summary>
    public PrimeField<TModulus> ReadField<TModulus>(JsonElement element, string where)
        where TModulus : struct, IPrimeModulus
    {
        string? text = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        if (text is null || !IsCanonicalDecimal(text))
        {
            throw Problem($"{where} is {(text is null ? Kind(element) : $"'{Shorten(text)}'")}, not a string of decimal digits without leading zeros");
        }

        return PrimeField<TModulus>.TryParse(text, out PrimeField<TModulus> value)
            ? value
            : throw Problem($"{where} is {Shorten(text)}, which is not below the modulus of {TModulus.Name}");
    }

    /// <summary>A point of G1 as [x, y, "1"], or infinity as ["0", "1", "0"].</summary>
    public G1Affine ReadG1(JsonElement element, string where)
    {
        RequireArray(element, where, 3);
        Fq x = ReadField<Bn254BaseModulus>(element[0], where + "[0]");
        Fq y = ReadField<Bn254BaseModulus>(element[1], where + "[1]");
        Fq z = ReadField<Bn254BaseModulus>(element[2], where + "[2]");
        return Normalized<Fq, Bn254G1>(x, y, z, where);
    }

    /// <summary>A point of G2's subgroup as [[x₀, x₁], [y₀, y₁], ["1", "0"]], or infinity with y = 1 and z = 0.</summary>
    public G2Affine ReadG2(JsonElement element, string where)
    {
        RequireArray(element, where, 3);
        return Normalized<Fq2, Bn254G2>(ReadPair(element[0], where + "[0]"), ReadPair(element[1], where + "[1]"), ReadPair(element[2], where + "[2]"), where);
    }

    /// <summary>An element of Fq2 as [c₀, c₁].</summary>
    public Fq2 ReadPair(JsonElement element, string where)
    {
        RequireArray(element, where, 2);
        return new Fq2(ReadField<Bn254BaseModulus>(element[0], where + "[0]"), ReadField<Bn254BaseModulus>(element[1], where + "[1]"));
    }

    public InvalidFileException Problem(string problem) => new(_file, problem);

    public void Dispose() => _document.Dispose();

    private static bool IsCanonicalDecimal(string text) => text.Length > 0 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 && (text.Length == 1 || text[0] != '0');

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => element.ValueKind.ToString(),
    };

    private static string Shorten(string text) => text.Length > 90 ? text[..90] + "…" : text;

    private AffinePoint<TField, TCurve> Normalized<TField, TCurve>(TField x, TField y, TField z, string where)
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        if (z.IsZero && x.IsZero && y == TField.One)
        {
            return default;
        }

        // (0, 0) with z = 1 would otherwise pass for infinity in a second spelling.
        AffinePoint<TField, TCurve> point = new(x, y);
        return z != TField.One
            ? throw Problem($"{where} is not normalized: its last coordinate must be 1, or the point the infinity (0, 1, 0)")
            : point.IsInfinity || !point.IsInSubgroup() ? throw Problem($"{where} is not a point of {TCurve.Name}") : point;
    }
}
