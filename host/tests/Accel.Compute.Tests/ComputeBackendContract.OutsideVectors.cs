using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Accel.Testing;
using Xunit;

namespace Accel.Compute.Tests;

public abstract partial class ComputeBackendContract
{
    [Fact]
    public async Task Msm_agrees_with_geths_scalar_multiplication_vectors()
    {
        using JsonDocument document = JsonDocument.Parse(await File.ReadAllBytesAsync(OutsideData.Path("crypto_kat/geth_bn256ScalarMul.json"), Cancel));
        await CheckVectors<Fq, Bn254G1>(document.RootElement.EnumerateArray().Select(vector =>
        {
            string input = vector.GetProperty("Input").GetString()!.PadRight(192, '0');
            string expected = vector.GetProperty("Expected").GetString()!;
            return (new G1Affine(Word(input, 0), Word(input, 1)), Fr.FromBigInteger(Hex(input[128..192])), new G1Affine(Word(expected, 0), Word(expected, 1)));
        }));
    }

    [Theory]
    [InlineData("254bit")]
    [InlineData("32bit")]
    public async Task Msm_agrees_with_constantines_G1_vectors(string size) =>
        await CheckVectors<Fq, Bn254G1>(ReadConstantine($"G1_{size}", element => Fq.FromBigInteger(Hex(element.GetString()!)), (x, y) => new G1Affine(x, y)));

    [Fact]
    public async Task Msm_agrees_with_constantines_G2_vectors() =>
        await CheckVectors<Fq2, Bn254G2>(ReadConstantine("G2_254bit", ReadPair, (x, y) => new G2Affine(x, y)));

    /// <summary>Each product alone, and all of them as one sum.</summary>
    private async Task CheckVectors<TField, TCurve>(IEnumerable<(AffinePoint<TField, TCurve> Point, Fr Scalar, AffinePoint<TField, TCurve> Product)> vectors)
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        (AffinePoint<TField, TCurve> Point, Fr Scalar, AffinePoint<TField, TCurve> Product)[] all = [.. vectors];
        Assert.NotEmpty(all);
        XyzzPoint<TField, TCurve> sum = default;
        foreach ((AffinePoint<TField, TCurve> point, Fr scalar, AffinePoint<TField, TCurve> product) in all)
        {
            Assert.Equal(product, (await Msm(backend, [point], [scalar])).ToAffine());
            sum += product;
        }

        Assert.Equal(sum, await Msm(backend, [.. all.Select(v => v.Point)], [.. all.Select(v => v.Scalar)]));
    }

    private static List<(AffinePoint<TField, TCurve> Point, Fr Scalar, AffinePoint<TField, TCurve> Product)> ReadConstantine<TField, TCurve>(
        string name, Func<JsonElement, TField> read, Func<TField, TField, AffinePoint<TField, TCurve>> make)
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(OutsideData.Path($"crypto_kat/constantine_BN254_Snarks_scalar_mul_{name}.json")));
        AffinePoint<TField, TCurve> Read(JsonElement point) => make(read(point.GetProperty("x")), read(point.GetProperty("y")));
        return [.. document.RootElement.GetProperty("vectors").EnumerateArray().Select(vector => (
            Read(vector.GetProperty("P")),
            Fr.FromBigInteger(Hex(vector.GetProperty("scalar").GetString()!)),
            Read(vector.GetProperty("Q"))))];
    }

    private static Fq2 ReadPair(JsonElement element) => new(
        Fq.FromBigInteger(Hex(element.GetProperty("c0").GetString()!)),
        Fq.FromBigInteger(Hex(element.GetProperty("c1").GetString()!)));

    private static Fq Word(string hex, int index) => Fq.FromBigInteger(Hex(hex[(64 * index)..(64 * (index + 1))]));

    private static BigInteger Hex(string text) =>
        BigInteger.Parse("0" + (text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
