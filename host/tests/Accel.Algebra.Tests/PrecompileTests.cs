using System.Text.Json;
using Xunit;

namespace Accel.Algebra.Tests;

public sealed class PrecompileTests
{
    [Fact]
    public void AdditionFollowsEip196() => CheckVectors("crypto_kat/geth_bn256Add.json", Precompiles.Add);

    [Fact]
    public void MultiplicationFollowsEip196() => CheckVectors("crypto_kat/geth_bn256ScalarMul.json", Precompiles.Multiply);

    [Fact]
    public void PairingFollowsEip197() => CheckVectors("crypto_kat/geth_bn256Pairing.json", Precompiles.Pair);

    [Fact]
    public void MalformedPointsFail()
    {
        byte[] offCurve = new byte[64];
        offCurve[31] = 1;
        offCurve[63] = 1;
        byte[] outOfRange = Fq.Modulus.ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] outsideSubgroup = new byte[192];
        PointEncoding.WriteBigEndian(G1Affine.Generator, outsideSubgroup);
        PointEncoding.WriteBigEndian(new Random(5).NextOnTwist(), outsideSubgroup.AsSpan(64));
        Assert.Null(Precompiles.Add(offCurve));
        Assert.Null(Precompiles.Add(outOfRange));
        Assert.Null(Precompiles.Multiply(offCurve));
        Assert.Null(Precompiles.Multiply(outOfRange));
        Assert.Null(Precompiles.Pair(outsideSubgroup));
        Assert.Null(Precompiles.Pair(new byte[191]));
        Assert.NotNull(Precompiles.Pair(new byte[192]));
    }

    private static void CheckVectors(string path, Func<byte[], byte[]?> precompile)
    {
        foreach (JsonElement vector in OutsideVectors.Read(path).EnumerateArray())
        {
            byte[]? result = precompile(Convert.FromHexString(vector.GetProperty("Input").GetString()!));
            Assert.True(result is not null, $"{vector.GetProperty("Name")} is valid");
            Assert.Equal(vector.GetProperty("Expected").GetString(), Convert.ToHexStringLower(result));
        }
    }
}
