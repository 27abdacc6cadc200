using System.Text.Json;

namespace Accel.Proving.Formats;

/// <summary>snarkjs' public.json: an array of the public inputs as decimal strings.</summary>
public static class PublicJson
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidFileException">It is not an array of canonical decimal strings below r.</exception>
    public static Fr[] Read(string path) => Parse(Path.GetFileName(path), StrictJson.ReadFile(path));

    /// <summary>Parses UTF-8 text.</summary>
    /// <param name="name">The name that messages begin with.</param>
    /// <param name="utf8">The whole file.</param>
    /// <exception cref="InvalidFileException">As for <see cref="Read"/>.</exception>
    public static Fr[] Parse(string name, ReadOnlyMemory<byte> utf8)
    {
        using StrictJson json = StrictJson.Parse(name, utf8);
        JsonElement array = json.RequireArray(json.Root, "the file", length: null);
        return [.. array.EnumerateArray().Select((element, i) => json.ReadField<Bn254ScalarModulus>(element, $"public input {i}"))];
    }

    /// <summary>Writes public inputs as snarkjs does.</summary>
    /// <param name="stream">Receives UTF-8 text.</param>
    /// <param name="publicInputs">The public inputs, the constant one excluded.</param>
    public static void Write(Stream stream, ReadOnlyMemory<Fr> publicInputs) => StrictJson.Write(stream, writer =>
    {
        writer.WriteStartArray();
        foreach (Fr value in publicInputs.Span)
        {
            writer.WriteStringValue(value.ToString());
        }

        writer.WriteEndArray();
    });
}
