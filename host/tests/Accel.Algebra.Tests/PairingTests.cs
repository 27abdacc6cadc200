using System.Text.Json;
using Xunit;

namespace Accel.Algebra.Tests;

public sealed class PairingTests
{
    private static readonly Fq12 Base = Pairing.Compute(G1Affine.Generator, G2Affine.Generator);

    /// <summary>snarkjs stores e(α, β) in verification keys, so the value itself can be compared, not only its being one.</summary>
    [Theory]
    [InlineData("semaphore-16")]
    [InlineData("darkforest-init")]
    public void PairingOfAlphaAndBetaIsTheOneInAVerificationKey(string circuit)
    {
        JsonElement key = OutsideVectors.Read($"zkeys/{circuit}/verification_key.json");
        Fq[] alpha = [.. key.GetProperty("vk_alpha_1").EnumerateArray().Select(ReadFq)];
        Fq2[] beta = [.. key.GetProperty("vk_beta_2").EnumerateArray().Select(ReadFq2)];
        Fq6[] expected = [.. key.GetProperty("vk_alphabeta_12").EnumerateArray().Select(ReadFq6)];
        Assert.Equal(new Fq12(expected[0], expected[1]), Pairing.Compute(new(alpha[0], alpha[1]), new(beta[0], beta[1])));
    }

    [Fact]
    public void PairingOfTheGeneratorsHasOrderR()
    {
        Assert.False(Base.IsOne);
        Assert.True(TowerTests.Power(Base, Fr.Modulus).IsOne);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void PairingIsBilinear(int seed)
    {
        Random random = new(seed);
        (Fr a, Fr b) = (random.NextFr(), random.NextFr());
        G1Affine p = (G1.Generator * a).ToAffine();
        G2Affine q = (G2.Generator * b).ToAffine();
        Assert.Equal(TowerTests.Power(Base, (a * b).ToBigInteger()), Pairing.Compute(p, q));
        Assert.Equal(Pairing.Compute(-p, q), Pairing.Compute(p, -q));
    }

    [Fact]
    public void ProductMultipliesPairings()
    {
        Random random = new(3);
        (G1Affine P, G2Affine Q)[] pairs = [(random.NextG1(), random.NextG2()), (random.NextG1(), random.NextG2()), (random.NextG1(), random.NextG2())];
        Fq12 expected = pairs.Select(pair => Pairing.Compute(pair.P, pair.Q)).Aggregate((a, b) => a * b);
        Assert.Equal(expected, Pairing.Product(pairs));
    }

    [Fact]
    public void ProductIsOneExactlyWhenTheExponentsCancel()
    {
        Random random = new(4);
        (Fr a, Fr b, Fr c) = (random.NextFr(), random.NextFr(), random.NextFr());
        G1Affine sum = (G1.Generator * ((a * b) + c)).ToAffine();
        (G1Affine P, G2Affine Q)[] pairs =
        [
            ((G1.Generator * a).ToAffine(), (G2.Generator * b).ToAffine()),
            ((G1.Generator * c).ToAffine(), G2Affine.Generator),
            (-sum, G2Affine.Generator),
        ];
        Assert.True(Pairing.ProductIsOne(pairs));
        pairs[2].P = sum;
        Assert.False(Pairing.ProductIsOne(pairs));
    }

    [Fact]
    public void InfinityOnEitherSideGivesOne()
    {
        Assert.True(Pairing.Compute(G1Affine.Infinity, G2Affine.Generator).IsOne);
        Assert.True(Pairing.Compute(G1Affine.Generator, G2Affine.Infinity).IsOne);
        Assert.True(Pairing.ProductIsOne([]));
        Assert.Equal(Base, Pairing.Product([(G1Affine.Generator, G2Affine.Generator), (G1Affine.Infinity, G2Affine.Generator)]));
    }

    private static Fq ReadFq(JsonElement element) => Fq.Parse(element.GetString()!);

    private static Fq2 ReadFq2(JsonElement element) => new(ReadFq(element[0]), ReadFq(element[1]));

    private static Fq6 ReadFq6(JsonElement element) => new(ReadFq2(element[0]), ReadFq2(element[1]), ReadFq2(element[2]));
}
