using System.Numerics;
using Accel.Network.Evm;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Testing;

namespace Accel.Network.Tests.Support;

/// <summary>A real circuit's key, and a proof by snarkjs with its public inputs, from the outside data.</summary>
internal sealed record SnarkjsCase(VerificationKey Key, BigInteger[] Proof, BigInteger[] Inputs)
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "arianee-creditRegister", "arianee-ownershipVerifier", "darkforest-init", "darkforest-whitelist",
        "semaphore-1", "semaphore-10", "semaphore-16", "semaphore-identity",
    ];

    public static string Folder(string name) => OutsideData.Path($"zkeys/{name}");

    public static SnarkjsCase Load(string name) => new(
        VerificationKeyJson.Read(Path.Combine(Folder(name), "verification_key.json")),
        SolidityProof.ToWords(ProofJson.Read(Path.Combine(Folder(name), "proof_snarkjs.json"))),
        [.. PublicJson.Read(Path.Combine(Folder(name), "public.json")).Select(input => input.ToBigInteger())]);
}
