using Accel.Proving.Frontend;

namespace Accel.Proving.Gadgets;

/// <summary>A signature as a circuit sees it: key, nonce point and scalar, none of them checked yet.</summary>
/// <param name="Ax">x of the public key A.</param>
/// <param name="Ay">y of the public key A.</param>
/// <param name="R8x">x of the nonce's point R8.</param>
/// <param name="R8y">y of the nonce's point R8.</param>
/// <param name="S">The scalar.</param>
public readonly record struct SignatureWires(in Linear Ax, in Linear Ay, in Linear R8x, in Linear R8y, in Linear S);

/// <summary>
/// EdDSA-Poseidon on Baby Jubjub. It accepts what <see cref="EdDsaPoseidon.Verify"/> accepts, which is circomlib's
/// <c>EdDSAPoseidonVerifier</c> with the two points also held to the curve, as circomlibjs does outside the circuit.
/// </summary>
public static class EdDsaPoseidonGadget
{
    private static readonly (EdDsaPublicKey Key, EdDsaSignature Signature) Stand = CreateStand();

    /// <summary>
    /// Constrains S·Base8 = R8 + 8·hm·A for hm = Poseidon(R8x, R8y, Ax, Ay, message), with S below l, A and R8 on the curve and A not of
    /// small order. 3,228 constraints, stored once; each instance is one step of the solver.
    /// </summary>
    public static void Verify(CircuitBuilder builder, in SignatureWires signature, in Linear message) => builder.Call(
        new EdDsaPoseidonTemplate(), [signature.Ax, signature.Ay, signature.R8x, signature.R8y, signature.S, message]);

    /// <summary>As <see cref="Verify"/> when the bit is 1; when it is 0 the wires may hold anything, for a constant valid signature takes their place. Six constraints more.</summary>
    public static void VerifyWhen(CircuitBuilder builder, in Bit condition, in SignatureWires signature, in Linear message)
    {
        BabyJubjubPoint key = Stand.Key.Point;
        BabyJubjubPoint nonce = Stand.Signature.R8;
        SignatureWires chosen = new(
            builder.Select(condition, signature.Ax, key.X),
            builder.Select(condition, signature.Ay, key.Y),
            builder.Select(condition, signature.R8x, nonce.X),
            builder.Select(condition, signature.R8y, nonce.Y),
            builder.Select(condition, signature.S, Fr.FromBigInteger(Stand.Signature.S.ToBigInteger())));
        Verify(builder, chosen, builder.Select(condition, message, Linear.Zero));
    }

    private static (EdDsaPublicKey Key, EdDsaSignature Signature) CreateStand()
    {
        EdDsaPrivateKey key = new(new byte[EdDsaPrivateKey.Length]);
        return (key.PublicKey, EdDsaPoseidon.Sign(key, Fr.Zero));
    }
}

/// <summary>Inputs: Ax, Ay, R8x, R8y, S, message. No outputs: it asserts.</summary>
internal sealed class EdDsaPoseidonTemplate : ITemplate
{
    private const int ScalarBits = 251;

    public string Key => "EdDsaPoseidon";

    public int InputCount => 6;

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        (CurvePoint left, CurvePoint right) = Sides(builder, inputs);
        builder.AssertEqual(left, right, "S·Base8 = R8 + 8·hm·A");
        return [];
    }

    /// <summary>Both sides of the equation.</summary>
    internal static (CurvePoint Left, CurvePoint Right) Sides(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        CurvePoint key, nonce;
        SubgroupPoint key8;
        using (builder.Scope("A and R8 on the curve, A not of small order"))
        {
            key = builder.AssertOnCurve(inputs[0], inputs[1]);
            nonce = builder.AssertOnCurve(inputs[2], inputs[3]);
            key8 = builder.MultiplyByCofactor(key);
        }

        Bit[] s;
        using (builder.Scope("S below l"))
        {
            s = builder.ToBitsWithin(inputs[4], ScalarBits, 0, BabyJubjubPoint.Suborder - 1);
        }

        Linear challenge = PoseidonGadget.Hash(builder, inputs[2], inputs[3], inputs[0], inputs[1], inputs[5]);
        CurvePoint left;
        using (builder.Scope("S·Base8"))
        {
            left = builder.MultiplyFixed(BabyJubjubPoint.Base8, s);
        }

        using ScopeHandle right = builder.Scope("R8 + 8·hm·A");
        return (left, builder.Add(nonce, builder.Multiply(key8, challenge)));
    }
}
