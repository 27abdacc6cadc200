using System.Text.Json;
using Accel.Proving.Groth16;

namespace Accel.Proving.Formats;

/// <summary>
/// snarkjs' verification_key.json; for a circuit with commitments with a member <c>commitments</c>, which snarkjs ignores, so that it refuses the proofs:
/// <c>hash</c>, and in <c>keys</c> for each commitment <c>challenge_1</c> and <c>sigma_2</c>.
/// Its <c>vk_alphabeta_12</c>, e(α, β), follows from the rest: it may be absent, and must be right when it is there.
/// </summary>
public static class VerificationKeyJson
{
    private const string Commitments = "commitments";

    private static readonly Dictionary<string, CommitmentHash> Hashes = new() { ["keccak256"] = CommitmentHash.Keccak256, ["poseidon"] = CommitmentHash.Poseidon };

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidFileException">It is not a Groth16 key over BN254, or a point is not in its group.</exception>
    public static VerificationKey Read(string path) => Parse(Path.GetFileName(path), StrictJson.ReadFile(path));

    /// <summary>Parses UTF-8 text.</summary>
    /// <param name="name">The name that messages begin with.</param>
    /// <param name="utf8">The whole file.</param>
    /// <exception cref="InvalidFileException">As for <see cref="Read"/>.</exception>
    public static VerificationKey Parse(string name, ReadOnlyMemory<byte> utf8)
    {
        using StrictJson json = StrictJson.Parse(name, utf8);
        JsonElement root = json.Root;
        json.RequireMembers(
            root, "the key", ["protocol", "curve", "nPublic", "vk_alpha_1", "vk_beta_2", "vk_gamma_2", "vk_delta_2", "IC"], ["vk_alphabeta_12", Commitments]);
        json.RequireText(root.GetProperty("protocol"), "protocol", "groth16");
        json.RequireText(root.GetProperty("curve"), "curve", "bn128", "bn254");
        VerificationKey key = new(
            json.ReadG1(root.GetProperty("vk_alpha_1"), "vk_alpha_1"),
            json.ReadG2(root.GetProperty("vk_beta_2"), "vk_beta_2"),
            json.ReadG2(root.GetProperty("vk_gamma_2"), "vk_gamma_2"),
            json.ReadG2(root.GetProperty("vk_delta_2"), "vk_delta_2"),
            ReadInputs(json, root))
        {
            Commitments = root.TryGetProperty(Commitments, out JsonElement commitments) ? ReadCommitments(json, commitments) : null,
        };
        if (root.TryGetProperty("vk_alphabeta_12", out JsonElement target) && ReadTarget(json, target) != Pairing.Compute(key.Alpha1, key.Beta2))
        {
            throw json.Problem("vk_alphabeta_12 is not the pairing of vk_alpha_1 and vk_beta_2");
        }

        return key;
    }

    /// <summary>Writes a key in snarkjs' shape.</summary>
    /// <param name="stream">Receives UTF-8 text.</param>
    /// <param name="key">The key.</param>
    public static void Write(Stream stream, VerificationKey key) => StrictJson.Write(stream, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("protocol", "groth16");
        writer.WriteString("curve", "bn128");
        writer.WriteNumber("nPublic", key.PublicCount);
        writer.WritePropertyName("vk_alpha_1");
        StrictJson.WriteG1(writer, key.Alpha1);
        writer.WritePropertyName("vk_beta_2");
        StrictJson.WriteG2(writer, key.Beta2);
        writer.WritePropertyName("vk_gamma_2");
        StrictJson.WriteG2(writer, key.Gamma2);
        writer.WritePropertyName("vk_delta_2");
        StrictJson.WriteG2(writer, key.Delta2);
        writer.WritePropertyName("vk_alphabeta_12");
        WriteTarget(writer, Pairing.Compute(key.Alpha1, key.Beta2));
        writer.WriteStartArray("IC");
        foreach (G1Affine point in key.Inputs.Span)
        {
            StrictJson.WriteG1(writer, point);
        }

        writer.WriteEndArray();
        if (key.Commitments is not null)
        {
            WriteCommitments(writer, key.Commitments);
        }

        writer.WriteEndObject();
    });

    private static void WriteCommitments(Utf8JsonWriter writer, VerificationCommitments commitments)
    {
        writer.WriteStartObject(Commitments);
        writer.WriteString("hash", Hashes.First(hash => hash.Value == commitments.Hash).Key);
        writer.WriteStartArray("keys");
        foreach (VerificationCommitment item in commitments.Items)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("challenge_1");
            StrictJson.WriteG1(writer, item.ChallengeInput);
            writer.WritePropertyName("sigma_2");
            StrictJson.WriteG2(writer, item.Sigma2);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static VerificationCommitments ReadCommitments(StrictJson json, JsonElement element)
    {
        json.RequireMembers(element, Commitments, ["hash", "keys"], []);
        json.RequireText(element.GetProperty("hash"), $"{Commitments}.hash", [.. Hashes.Keys]);
        JsonElement keys = json.RequireArray(element.GetProperty("keys"), $"{Commitments}.keys", length: null);
        VerificationCommitment[] items = [.. keys.EnumerateArray().Select((item, i) => ReadCommitment(json, item, $"{Commitments}.keys[{i}]"))];
        if (items.Length == 0)
        {
            throw json.Problem($"{Commitments}.keys is empty");
        }

        return items.Any(item => item.Sigma2.IsInfinity) || items.DistinctBy(item => item.Sigma2).Count() < items.Length
            ? throw json.Problem($"a sigma_2 is infinity or that of another commitment: values could be moved between commitments")
            : new VerificationCommitments(Hashes[element.GetProperty("hash").GetString()!], items);
    }

    private static VerificationCommitment ReadCommitment(StrictJson json, JsonElement item, string where)
    {
        json.RequireMembers(item, where, ["challenge_1", "sigma_2"], []);
        return new VerificationCommitment(json.ReadG1(item.GetProperty("challenge_1"), $"{where}.challenge_1"), json.ReadG2(item.GetProperty("sigma_2"), $"{where}.sigma_2"));
    }

    private static G1Affine[] ReadInputs(StrictJson json, JsonElement root)
    {
        JsonElement count = root.GetProperty("nPublic");
        if (count.ValueKind != JsonValueKind.Number || !count.TryGetInt32(out int publics) || publics is < 0 or int.MaxValue)
        {
            throw json.Problem("nPublic is not a count");
        }

        JsonElement inputs = json.RequireArray(root.GetProperty("IC"), "IC", publics + 1);
        return [.. inputs.EnumerateArray().Select((element, i) => json.ReadG1(element, $"IC[{i}]"))];
    }

    private static Fq12 ReadTarget(StrictJson json, JsonElement target)
    {
        json.RequireArray(target, "vk_alphabeta_12", 2);
        return new Fq12(ReadHalf(json, target[0], "vk_alphabeta_12[0]"), ReadHalf(json, target[1], "vk_alphabeta_12[1]"));
    }

    private static Fq6 ReadHalf(StrictJson json, JsonElement half, string where)
    {
        json.RequireArray(half, where, 3);
        return new Fq6(json.ReadPair(half[0], where + "[0]"), json.ReadPair(half[1], where + "[1]"), json.ReadPair(half[2], where + "[2]"));
    }

    private static void WriteTarget(Utf8JsonWriter writer, Fq12 value)
    {
        writer.WriteStartArray();
        foreach (Fq6 half in (ReadOnlySpan<Fq6>)[value.C0, value.C1])
        {
            writer.WriteStartArray();
            StrictJson.WritePair(writer, half.C0);
            StrictJson.WritePair(writer, half.C1);
            StrictJson.WritePair(writer, half.C2);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
