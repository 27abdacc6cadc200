using System.Text.Json;
using Accel.Proving.Groth16;

namespace Accel.Proving.Formats;

/// <summary>snarkjs' proof.json: <c>pi_a</c>, <c>pi_b</c>, <c>pi_c</c>, <c>protocol</c> and <c>curve</c>.</summary>
public static class ProofJson
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidFileException">It is not a Groth16 proof over BN254, or a point is not in its group.</exception>
    public static Proof Read(string path) => Parse(Path.GetFileName(path), StrictJson.ReadFile(path));

    /// <summary>Parses UTF-8 text; a missing <c>curve</c> is tolerated, because some provers write none.</summary>
    /// <param name="name">The name that messages begin with.</param>
    /// <param name="utf8">The whole file.</param>
    /// <exception cref="InvalidFileException">As for <see cref="Read"/>.</exception>
    public static Proof Parse(string name, ReadOnlyMemory<byte> utf8)
    {
        using StrictJson json = StrictJson.Parse(name, utf8);
        JsonElement root = json.Root;
        json.RequireMembers(root, "the proof", ["pi_a", "pi_b", "pi_c", "protocol"], ["curve"]);
        json.RequireText(root.GetProperty("protocol"), "protocol", "groth16");
        if (root.TryGetProperty("curve", out JsonElement curve))
        {
            json.RequireText(curve, "curve", "bn128", "bn254");
        }

        return new Proof(
            json.ReadG1(root.GetProperty("pi_a"), "pi_a"),
            json.ReadG2(root.GetProperty("pi_b"), "pi_b"),
            json.ReadG1(root.GetProperty("pi_c"), "pi_c"));
    }

    /// <summary>Writes a proof as snarkjs does.</summary>
    /// <param name="stream">Receives UTF-8 text.</param>
    /// <param name="proof">The proof.</param>
    public static void Write(Stream stream, Proof proof) => StrictJson.Write(stream, writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("pi_a");
        StrictJson.WriteG1(writer, proof.A);
        writer.WritePropertyName("pi_b");
        StrictJson.WriteG2(writer, proof.B);
        writer.WritePropertyName("pi_c");
        StrictJson.WriteG1(writer, proof.C);
        writer.WriteString("protocol", "groth16");
        writer.WriteString("curve", "bn128");
        writer.WriteEndObject();
    });
}
