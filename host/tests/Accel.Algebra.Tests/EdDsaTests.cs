using System.Text.Json;
using Xunit;
using Scalar = Accel.Algebra.PrimeField<Accel.Algebra.BabyJubjubScalarModulus>;

namespace Accel.Algebra.Tests;

public sealed class EdDsaTests
{
    private static readonly byte[] Seed = [.. Enumerable.Range(0, EdDsaPrivateKey.Length).Select(i => (byte)i)];
    private static readonly EdDsaPrivateKey Key = new(Seed);

    [Fact]
    public void KeyAndSignatureAreThoseOfTheOutsideVector()
    {
        JsonElement vector = OutsideVectors.Read("crypto_kat/babyjub_eddsa_iden3.json").GetProperty("eddsa").EnumerateArray()
            .Single(item => item.GetProperty("hash").GetString() == "poseidon");
        EdDsaPrivateKey key = new(Convert.FromHexString(vector.GetProperty("prvKey").GetString()!));
        Fr message = Fr.Parse(vector.GetProperty("msg").GetString()!);
        EdDsaSignature signature = EdDsaPoseidon.Sign(key, message);
        Assert.Equal(BabyJubjubTests.ReadPoint(vector, "A"), key.PublicKey.Point);
        Assert.Equal(BabyJubjubTests.ReadPoint(vector, "R8"), signature.R8);
        Assert.Equal(Scalar.Parse(vector.GetProperty("S").GetString()!), signature.S);
        Assert.True(EdDsaPoseidon.Verify(key.PublicKey, message, signature));

        byte[] packed = Convert.FromHexString(vector.GetProperty("packed").GetString()!);
        byte[] ours = new byte[EdDsaSignature.PackedLength];
        signature.Pack(ours);
        Assert.Equal(packed, ours);
        Assert.True(EdDsaSignature.TryUnpack(packed, out EdDsaSignature unpacked));
        Assert.Equal(signature, unpacked);
    }

    [Fact]
    public void ATamperedPartIsRefused()
    {
        EdDsaSignature signature = EdDsaPoseidon.Sign(Key, 42);
        EdDsaPublicKey other = EdDsaPrivateKey.Generate().PublicKey;
        Assert.True(EdDsaPoseidon.Verify(Key.PublicKey, 42, signature));
        Assert.False(EdDsaPoseidon.Verify(Key.PublicKey, 43, signature));
        Assert.False(EdDsaPoseidon.Verify(Key.PublicKey, 42, signature with { S = signature.S + Scalar.One }));
        Assert.False(EdDsaPoseidon.Verify(Key.PublicKey, 42, signature with { R8 = signature.R8 + BabyJubjubPoint.Base8 }));
        Assert.False(EdDsaPoseidon.Verify(Key.PublicKey, 42, signature with { R8 = new(signature.R8.X, signature.R8.Y + Fr.One) }));
        Assert.False(EdDsaPoseidon.Verify(other, 42, signature));
    }

    [Fact]
    public void SIsRefusedFromTheSuborderUp()
    {
        byte[] packed = new byte[EdDsaSignature.PackedLength];
        EdDsaPoseidon.Sign(Key, 7).Pack(packed);
        Assert.True(EdDsaSignature.TryUnpack(packed, out _));
        BabyJubjubPoint.Suborder.TryWriteBytes(packed.AsSpan(32), out _, isUnsigned: true);
        Assert.False(EdDsaSignature.TryUnpack(packed, out _));
        Assert.False(EdDsaSignature.TryUnpack(packed.AsSpan(0, 63), out _));
    }

    /// <summary>With A of small order, R8 = S·Base8 would verify every message.</summary>
    [Fact]
    public void AKeyOfSmallOrderIsRefused()
    {
        EdDsaPublicKey small = new(new(Fr.Zero, -Fr.One));
        EdDsaSignature forged = new(BabyJubjubPoint.Base8.Multiply(5), 5);
        Assert.True(small.Point.IsOnCurve);
        Assert.False(small.IsValid);
        Assert.False(EdDsaPoseidon.Verify(small, 1, forged));
        Assert.False(EdDsaPoseidon.Verify(new(BabyJubjubPoint.Identity), 1, forged));
        Assert.False(EdDsaPoseidon.Verify(new(new(1, 1)), 1, forged));
    }

    [Fact]
    public void PackedKeysAreReadOnlyInsideTheSubgroup()
    {
        byte[] packed = new byte[EdDsaPublicKey.PackedLength];
        Key.PublicKey.Pack(packed);
        Assert.True(EdDsaPublicKey.TryUnpack(packed, out EdDsaPublicKey unpacked));
        Assert.Equal(Key.PublicKey, unpacked);

        BabyJubjubPoint outside = Key.PublicKey.Point + new BabyJubjubPoint(Fr.Zero, -Fr.One);
        foreach (BabyJubjubPoint point in new[] { outside, BabyJubjubPoint.Identity })
        {
            point.Pack(packed);
            Assert.False(EdDsaPublicKey.TryUnpack(packed, out _));
        }
    }

    [Fact]
    public void APrivateKeyIsExportedButNeverPrinted()
    {
        byte[] exported = new byte[EdDsaPrivateKey.Length];
        Key.Export(exported);
        Assert.Equal(Seed, exported);
        Assert.Equal("EdDsaPrivateKey(redacted)", $"{Key}");
        Assert.Contains("not 31", Assert.Throws<ArgumentException>(() => new EdDsaPrivateKey(new byte[31])).Message, StringComparison.Ordinal);
        Assert.NotEqual(EdDsaPrivateKey.Generate().PublicKey, EdDsaPrivateKey.Generate().PublicKey);
    }
}
