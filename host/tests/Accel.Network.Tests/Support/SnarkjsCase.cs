using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Accel.Network.Evm;
using Accel.Testing;

namespace Accel.Network.Tests.Support;

/// <summary>A real circuit's key, and a proof by snarkjs with its public inputs, from the outside data.</summary>
internal sealed record SnarkjsCase(VerifyingKeyPoints Key, BigInteger[] Proof, BigInteger[] Inputs)
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "arianee-creditRegister", "arianee-ownershipVerifier", "darkforest-init", "darkforest-whitelist",
        "semaphore-1", "semaphore-10", "semaphore-16", "semaphore-identity",
    ];

    public static string Folder(string name) => OutsideData.Path($"zkeys/{name}");

    public static SnarkjsCase Load(string name)
    {
        JsonElement key = Read(name, "verification_key.json");
        JsonElement proof = Read(name, "proof_snarkjs.json");
        ProofPoints points = new(ReadG1(proof.GetProperty("pi_a")), ReadG2(proof.GetProperty("pi_b")), ReadG1(proof.GetProperty("pi_c")));
        return new SnarkjsCase(
            new VerifyingKeyPoints(
                ReadG1(key.GetProperty("vk_alpha_1")),
                ReadG2(key.GetProperty("vk_beta_2")),
                ReadG2(key.GetProperty("vk_gamma_2")),
                ReadG2(key.GetProperty("vk_delta_2")),
                [.. key.GetProperty("IC").EnumerateArray().Select(ReadG1)]),
            points.ToWords(),
            [.. Read(name, "public.json").EnumerateArray().Select(input => BigInteger.Parse(input.GetString()!, CultureInfo.InvariantCulture))]);
    }

    private static JsonElement Read(string name, string file) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(Folder(name), file)));

    private static G1Affine ReadG1(JsonElement point) =>
        point[2].GetString() == "0" ? G1Affine.Infinity : new G1Affine(ReadFq(point[0]), ReadFq(point[1]));

    private static G2Affine ReadG2(JsonElement point) => new(ReadFq2(point[0]), ReadFq2(point[1]));

    private static Fq2 ReadFq2(JsonElement pair) => new(ReadFq(pair[0]), ReadFq(pair[1]));

    private static Fq ReadFq(JsonElement text) => Fq.Parse(text.GetString()!);
}
