using System.Text.Json;
using Accel.Proving.Groth16;

namespace Accel.Proving.Formats;

/// <summary>
/// snarkjs' proof.json: <c>pi_a</c>, <c>pi_b</c>, <c>pi_c</c>, <c>protocol</c> and <c>curve</c>. For a circuit with commitments also
/// <c>commitments</c>, an array of points of G1, and <c>commitments_knowledge</c>; snarkjs does not know them.
/// </summary>
public static class ProofJson
{
    private const string Points = "commitments";
    private const string Knowledge = "commitments_knowledge";

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
        json.RequireMembers(root, "the proof", ["pi_a", "pi_b", "pi_c", "protocol"], ["curve", Points, Knowledge]);
        json.RequireText(root.GetProperty("protocol"), "protocol", "groth16");
        if (root.TryGetProperty("curve", out JsonElement curve))
        {
            json.RequireText(curve, "curve", "bn128", "bn254");
        }

        return new Proof(
            json.ReadG1(root.GetProperty("pi_a"), "pi_a"),
            json.ReadG2(root.GetProperty("pi_b"), "pi_b"),
            json.ReadG1(root.GetProperty("pi_c"), "pi_c"))
        {
            Commitments = ReadCommitments(json, root),
        };
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
        if (proof.Commitments is { } commitments)
        {
            writer.WriteStartArray(Points);
            foreach (G1Affine point in commitments.Points.Span)
            {
                StrictJson.WriteG1(writer, point);
            }

            writer.WriteEndArray();
            writer.WritePropertyName(Knowledge);
            StrictJson.WriteG1(writer, commitments.Knowledge);
        }

        writer.WriteEndObject();
    });

    private static ProofCommitments? ReadCommitments(StrictJson json, JsonElement root)
    {
        bool hasPoints = root.TryGetProperty(Points, out JsonElement points);
        if (hasPoints != root.TryGetProperty(Knowledge, out JsonElement knowledge))
        {
            throw json.Problem($"the proof has only one of '{Points}' and '{Knowledge}'");
        }

        if (!hasPoints)
        {
            return null;
        }

        G1Affine[] read = [.. json.RequireArray(points, Points, length: null).EnumerateArray().Select((element, i) => json.ReadG1(element, $"{Points}[{i}]"))];
        return read.Length > 0 ? new ProofCommitments(read, json.ReadG1(knowledge, Knowledge)) : throw json.Problem($"'{Points}' is empty");
    }
}
