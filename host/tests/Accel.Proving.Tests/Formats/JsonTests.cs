using System.Text;
using System.Text.Json.Nodes;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Xunit;

namespace Accel.Proving.Tests.Formats;

/// <summary>JSON that is not exactly a proof, a key or public inputs is refused.</summary>
public sealed class JsonTests
{
    private const string Key = "semaphore-1";
    private const string Q = "21888242871839275222246405745257275088696311157297823662689037894645226208583";

    public static TheoryData<string, string> BadProofs { get; } = new()
    {
        { "$.protocol = \"plonk\"", "known is groth16" },
        { "$.curve = \"bls12381\"", "known is bn128, bn254" },
        { "$.pi_a[0] = \"01\"", "without leading zeros" },
        { "$.pi_a[0] = \"+1\"", "decimal digits" },
        { "$.pi_a[0] = \"0x1\"", "decimal digits" },
        { "$.pi_a[0] = \"\"", "decimal digits" },
        { "$.pi_a[0] = 1", "a number" },
        { $"$.pi_a[0] = \"{Q}\"", "not below the modulus of Fq" },
        { "$.pi_a[0] = \"1\"", "pi_a is not a point of G1" },
        { "$.pi_a[2] = \"2\"", "not normalized" },
        { "$.pi_a[2] = \"0\"", "not normalized" },
        { "$.pi_b[2][1] = \"1\"", "not normalized" },
        { "$.pi_b[0][0] = \"1\"", "pi_b is not a point of G2" },
        { "$.pi_a = [\"0\", \"0\", \"1\"]", "not a point of G1" },
        { "$.pi_a = [\"1\", \"2\"]", "has 2 elements, not 3" },
        { "$.pi_b = [\"1\", \"2\", \"1\"]", "not an array" },
        { "$.pi_c = null", "not an array" },
        { "$.extra = 1", "unknown member 'extra'" },
    };

    [Theory]
    [MemberData(nameof(BadProofs))]
    public void A_bad_proof_is_refused_with_the_reason(string change, string reason)
    {
        InvalidFileException exception = Assert.Throws<InvalidFileException>(() => ProofJson.Parse("proof.json", Changed("proof_snarkjs.json", change)));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.StartsWith("proof.json:", exception.Message, StringComparison.Ordinal);
        Assert.Null(exception.Offset);
    }

    [Theory]
    [InlineData("pi_a")]
    [InlineData("pi_b")]
    [InlineData("pi_c")]
    [InlineData("protocol")]
    public void A_proof_without_a_member_is_refused(string member)
    {
        JsonObject proof = Parse("proof_snarkjs.json");
        proof.Remove(member);

        InvalidFileException exception = Assert.Throws<InvalidFileException>(() => ProofJson.Parse("proof.json", Utf8(proof)));
        Assert.Contains($"no member '{member}'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proof_without_a_curve_is_taken_for_BN254()
    {
        JsonObject proof = Parse("proof_snarkjs.json");
        proof.Remove("curve");

        Assert.Equal(ProofJson.Read(RealKeys.File(Key, "proof_snarkjs.json")), ProofJson.Parse("proof.json", Utf8(proof)));
    }

    [Theory]
    [InlineData("$.nPublic = 3", "IC has 5 elements, not 4")]
    [InlineData("$.nPublic = -1", "nPublic is not a count")]
    [InlineData("$.nPublic = 1.5", "nPublic is not a count")]
    [InlineData("$.nPublic = \"4\"", "nPublic is not a count")]
    [InlineData("$.nPublic = 2147483647", "nPublic is not a count")]
    [InlineData("$.curve = \"bls12381\"", "known is bn128")]
    [InlineData("$.protocol = \"fflonk\"", "known is groth16")]
    [InlineData("$.vk_alphabeta_12[0][0][0] = \"1\"", "not the pairing of vk_alpha_1 and vk_beta_2")]
    [InlineData("$.vk_alpha_1[1] = \"1\"", "vk_alpha_1 is not a point of G1")]
    [InlineData("$.IC[2][0] = \"1\"", "IC[2] is not a point of G1")]
    public void A_bad_verification_key_is_refused_with_the_reason(string change, string reason)
    {
        InvalidFileException exception =
            Assert.Throws<InvalidFileException>(() => VerificationKeyJson.Parse("key.json", Changed("verification_key.json", change)));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_verification_key_in_which_a_G2_point_is_outside_the_subgroup_is_refused()
    {
        G2Affine outside = DiagnosisTests.PointOutsideSubgroup();
        string point = $"[[\"{outside.X.C0}\", \"{outside.X.C1}\"], [\"{outside.Y.C0}\", \"{outside.Y.C1}\"], [\"1\", \"0\"]]";

        InvalidFileException exception = Assert.Throws<InvalidFileException>(
            () => VerificationKeyJson.Parse("key.json", Changed("verification_key.json", $"$.vk_delta_2 = {point}")));
        Assert.Contains("vk_delta_2 is not a point of G2", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "not an array")]
    [InlineData("[1]", "a number")]
    [InlineData("[\"-1\"]", "decimal digits")]
    [InlineData("[\"21888242871839275222246405745257275088548364400416034343698204186575808495617\"]", "not below the modulus of Fr")]
    [InlineData("[\"1\"", "this is not JSON")]
    [InlineData("", "this is not JSON")]
    public void Bad_public_inputs_are_refused_with_the_reason(string text, string reason)
    {
        InvalidFileException exception = Assert.Throws<InvalidFileException>(() => PublicJson.Parse("public.json", Encoding.UTF8.GetBytes(text)));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_occurs_twice_is_refused()
    {
        string text = Encoding.UTF8.GetString(RealKeys.Bytes(Key, "proof_snarkjs.json"));
        string twice = text.Insert(text.IndexOf('{', StringComparison.Ordinal) + 1, "\"protocol\": \"groth16\",");

        Assert.Contains("not JSON", Assert.Throws<InvalidFileException>(() => ProofJson.Parse("proof.json", Encoding.UTF8.GetBytes(twice))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Infinity_is_written_and_read_as_snarkjs_has_it()
    {
        Proof proof = new(G1Affine.Infinity, G2Affine.Infinity, G1Affine.Generator);
        using MemoryStream stream = new();
        ProofJson.Write(stream, proof);

        Assert.Equal(proof, ProofJson.Parse("proof.json", stream.ToArray()));
        Assert.Equal("[\"0\",\"1\",\"0\"]", JsonNode.Parse(stream.ToArray())!["pi_a"]!.ToJsonString());
        Assert.Equal("[[\"0\",\"0\"],[\"1\",\"0\"],[\"0\",\"0\"]]", JsonNode.Parse(stream.ToArray())!["pi_b"]!.ToJsonString());
    }

    /// <summary>The file with one assignment such as <c>$.pi_a[0] = "1"</c> applied.</summary>
    private static byte[] Changed(string file, string change)
    {
        JsonObject root = Parse(file);
        string[] sides = change.Split(" = ", 2);
        string[] steps = sides[0].Replace("]", string.Empty, StringComparison.Ordinal).Split(['.', '[']);
        JsonNode parent = root;
        foreach (string step in steps[1..^1])
        {
            parent = int.TryParse(step, out int index) ? parent[index]! : parent[step]!;
        }

        JsonNode? value = JsonNode.Parse(sides[1]);
        if (int.TryParse(steps[^1], out int last))
        {
            parent[last] = value;
        }
        else
        {
            parent[steps[^1]] = value;
        }

        return Utf8(root);
    }

    private static JsonObject Parse(string file) => JsonNode.Parse(RealKeys.Bytes(Key, file))!.AsObject();

    private static byte[] Utf8(JsonObject root) => Encoding.UTF8.GetBytes(root.ToJsonString());
}
