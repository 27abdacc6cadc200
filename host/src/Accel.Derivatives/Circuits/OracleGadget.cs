using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits;

/// <summary>An oracle's signature over a message; the key's hash is what a contract pins.</summary>
internal static class OracleGadget
{
    public const string KeyName = "oracle key";
    public const string SignatureName = "oracle signature";

    public static void Verify(CircuitBuilder builder, in Linear message, in Linear keyHash)
    {
        using ScopeHandle scope = builder.Scope("oracle");
        Linear[] key = builder.SecretInputs(KeyName, 2);
        Linear[] signature = builder.SecretInputs(SignatureName, 3);
        builder.AssertEqual(PoseidonGadget.Hash(builder, key), keyHash, "oracle key hash");
        EdDsaPoseidonGadget.Verify(builder, new SignatureWires(key[0], key[1], signature[0], signature[1], signature[2]), message);
    }

    public static void Assign(Assignment assignment, EdDsaPublicKey key, EdDsaSignature signature)
    {
        assignment.Set(KeyName, [key.Point.X, key.Point.Y]);
        assignment.Set(SignatureName, Fields(signature));
    }

    /// <summary>The signature as the input lists it.</summary>
    public static Fr[] Fields(EdDsaSignature signature) => [signature.R8.X, signature.R8.Y, Fr.FromBigInteger(signature.S.ToBigInteger())];
}
