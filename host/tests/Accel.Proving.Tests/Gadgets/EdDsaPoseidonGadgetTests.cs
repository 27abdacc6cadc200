using System.Text.Json;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Soundness;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Gadgets;

public sealed class EdDsaPoseidonGadgetTests(ITestOutputHelper output)
{
    private const int ConstraintCount = 3228;
    private static readonly EdDsaPrivateKey Key = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    [Fact]
    public void AcceptsTheOutsideSignature()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(OutsideData.Path("crypto_kat/babyjub_eddsa_iden3.json")));
        JsonElement vector = document.RootElement.GetProperty("eddsa").EnumerateArray().Single(item => item.GetProperty("hash").GetString() == "poseidon");
        Fr[] values = [.. Pair(vector, "A"), .. Pair(vector, "R8"), Fr.Parse(vector.GetProperty("S").GetString()!), Fr.Parse(vector.GetProperty("msg").GetString()!)];
        using CompiledCircuit circuit = Compile();
        Assert.True(LambdaCircuit.IsSatisfied(circuit, values));
        for (int i = 0; i < values.Length; i++)
        {
            Fr[] changed = (Fr[])values.Clone();
            changed[i] += Fr.One;
            Assert.False(LambdaCircuit.IsSatisfied(circuit, changed));
        }
    }

    [Fact]
    public void AcceptsWhatTheNativeSignerSignsForTheStatedConstraints()
    {
        using CompiledCircuit circuit = Compile();
        foreach (Fr message in new[] { Fr.Zero, Fr.One, -Fr.One, 123456789 })
        {
            Assert.True(LambdaCircuit.IsSatisfied(circuit, Signed(message)));
        }

        output.WriteLine($"EdDSA-Poseidon: {circuit.ConstraintCount} constraints, {circuit.TermCount} terms");
        Assert.Equal(ConstraintCount, circuit.ConstraintCount);
    }

    [Fact]
    public void RefusesScalarsFromTheSuborderUp()
    {
        using CompiledCircuit circuit = Compile();
        EdDsaSignature signature = EdDsaPoseidon.Sign(Key, 5);
        Fr[] values = Values(Key.PublicKey, signature, 5);
        values[4] = Fr.FromBigInteger(signature.S.ToBigInteger() + BabyJubjubPoint.Suborder);
        Assert.False(LambdaCircuit.IsSatisfied(circuit, values));
    }

    /// <summary>With A of small order, R8 = S·Base8 would verify every message.</summary>
    [Fact]
    public void RefusesKeysOfSmallOrder()
    {
        using CompiledCircuit circuit = Compile();
        BabyJubjubPoint r8 = BabyJubjubPoint.Base8.Multiply(5);
        foreach (BabyJubjubPoint key in new[] { BabyJubjubPoint.Identity, new BabyJubjubPoint(Fr.Zero, -Fr.One) })
        {
            Assert.False(LambdaCircuit.IsSatisfied(circuit, key.X, key.Y, r8.X, r8.Y, 5, 1));
        }
    }

    [Fact]
    public void AcceptsAMixedOrderKeyAsCircomlibDoes()
    {
        // 8·A has no part of small order, so a key A + T with T of order 2 signs by the same scalar.
        using CompiledCircuit circuit = Compile();
        BabyJubjubPoint mixed = Key.PublicKey.Point + new BabyJubjubPoint(Fr.Zero, -Fr.One);
        BabyJubjubPoint r8 = BabyJubjubPoint.Base8.Multiply(77);
        Fr[] values = [mixed.X, mixed.Y, r8.X, r8.Y, 77, 9];
        Assert.Equal(EdDsaPoseidon.Verify(new(mixed), 9, new(r8, 77)), LambdaCircuit.IsSatisfied(circuit, values));
    }

    [Fact]
    public void AConditionalSignatureMayBeAbsent()
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("conditional", 7, (builder, x) =>
            EdDsaPoseidonGadget.VerifyWhen(builder, builder.AssertBit(x[6]), new SignatureWires(x[0], x[1], x[2], x[3], x[4]), x[5]));
        Fr[] valid = Signed(3);
        Assert.True(LambdaCircuit.IsSatisfied(circuit, [.. valid, 1]));
        Assert.True(LambdaCircuit.IsSatisfied(circuit, [.. valid, 0]));
        Assert.True(LambdaCircuit.IsSatisfied(circuit, [1, 2, 3, 4, 5, 6, 0]));
        Assert.False(LambdaCircuit.IsSatisfied(circuit, [1, 2, 3, 4, 5, 6, 1]));
    }

    [Fact]
    public void IsSound()
    {
        using CompiledCircuit circuit = Compile();
        SoundnessOptions options = new() { HintSampleMax = 150 };
        output.WriteLine(SoundnessAssert.Sound(circuit, LambdaCircuit.Assign(circuit, Signed(3)), options).ToString());
    }

    /// <summary>
    /// With the final equality in place every change of anything fails it, so deletions are tried on the two sides without it. What one
    /// witness cannot show, of bounds in particular, the tests of the parts do.
    /// </summary>
    [Fact]
    public void ASampleOfTheConstraintsBeforeTheFinalEqualityIsNeeded()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("EdDSA sides", 6, (builder, x) =>
        {
            (CurvePoint left, CurvePoint right) = EdDsaPoseidonTemplate.Sides(builder, x);
            return [left.X, left.Y, right.X, right.Y];
        });
        SoundnessOptions options = new() { HintSampleMax = 20, DeletionSampleMax = 100, MutationsPerDeletionMax = 40 };
        output.WriteLine(SoundnessAssert.SoundAndTight(circuit, [LambdaCircuit.Assign(circuit, Signed(3))], killRateMin: 0.8, options).ToString());
    }

    private static CompiledCircuit Compile() => LambdaCircuit.Compile("EdDSA", 6, (builder, x) =>
        EdDsaPoseidonGadget.Verify(builder, new SignatureWires(x[0], x[1], x[2], x[3], x[4]), x[5]));

    private static Fr[] Signed(Fr message) => Values(Key.PublicKey, EdDsaPoseidon.Sign(Key, message), message);

    private static Fr[] Values(EdDsaPublicKey key, EdDsaSignature signature, Fr message) =>
        [key.Point.X, key.Point.Y, signature.R8.X, signature.R8.Y, Fr.FromBigInteger(signature.S.ToBigInteger()), message];

    private static Fr[] Pair(JsonElement vector, string name) =>
        [.. vector.GetProperty(name).EnumerateArray().Select(item => Fr.Parse(item.GetString()!))];
}
