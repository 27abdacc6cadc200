using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Accel.Testing;
using Xunit;

namespace Accel.Algebra.Tests;

/// <summary>The constants that the card is built from, generated from <c>hdl/params/bn254.json</c>, are those of this library.</summary>
public sealed partial class CardParametersTests
{
    private static readonly BigInteger R = BigInteger.One << 256;

    private static readonly string Package =
        File.ReadAllText(Path.Combine(OutsideData.RepositoryRoot, "hdl", "params", "gen", "bn254", "accel_curve_pkg.sv"));

    [Fact]
    public void Both_fields_have_the_same_constants()
    {
        Assert.Equal(Fq.Modulus, Constant("FieldModulus"));
        Assert.Equal(R - 1, Fq.Modulus * Constant("FieldNegInv") % R);
        Assert.Equal(R % Fq.Modulus, Constant("FieldOne"));
        Assert.Equal(Fr.Modulus, Constant("ScalarModulus"));
        Assert.Equal(R - 1, Fr.Modulus * Constant("ScalarNegInv") % R);
        Assert.Equal(R % Fr.Modulus, Constant("ScalarOne"));
        Assert.Equal(R * R % Fr.Modulus, Constant("ScalarR2"));
    }

    [Fact]
    public void Roots_of_unity_are_those_of_the_transforms()
    {
        string body = Regex.Match(Package, @"ScalarRoots = \{(.*?)\}", RegexOptions.Singleline).Groups[1].Value;
        BigInteger[] roots = [.. HexLiteral().Matches(body).Select(Parse).Reverse()];
        Assert.Equal(Bn254ScalarModulus.TwoAdicity + 1, roots.Length);
        for (int log2 = 0; log2 < roots.Length; log2++)
        {
            Assert.Equal(Fr.RootOfUnity(log2).ToBigInteger() * R % Fr.Modulus, roots[log2]);
        }
    }

    private static BigInteger Constant(string name) => Parse(Regex.Match(Package, $@" {name} = \d+'h([0-9a-f]+);"));

    private static BigInteger Parse(Match match) => BigInteger.Parse("0" + match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d+'h([0-9a-f]+)")]
    private static partial Regex HexLiteral();
}
