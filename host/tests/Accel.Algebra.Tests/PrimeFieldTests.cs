using System.Numerics;
using Xunit;

namespace Accel.Algebra.Tests;

public sealed class ScalarFieldTests : PrimeFieldTests<Bn254ScalarModulus>;

public sealed class BaseFieldTests : PrimeFieldTests<Bn254BaseModulus>;

public sealed class BabyJubjubScalarFieldTests : PrimeFieldTests<BabyJubjubScalarModulus>;

/// <summary>Every operation of a prime field against big integers, on the values at which carries and reductions change.</summary>
public abstract class PrimeFieldTests<TModulus>
    where TModulus : struct, IPrimeModulus
{
    private const int Seed = 4242;

    private static readonly BigInteger P = PrimeField<TModulus>.Modulus;

    private static readonly BigInteger[] Values = EdgesAndRandom();

    [Fact]
    public void ConstantsBelongTogether()
    {
        Assert.Equal(ulong.MaxValue, TModulus.Limb0 * TModulus.NegativeInverse);
        Assert.False(string.IsNullOrEmpty(TModulus.Name));
        Assert.Equal(32, PrimeField<TModulus>.ByteLength);
        Assert.True(BigInteger.ModPow(3, P - 1, P).IsOne);
        Assert.True((((P - 1) >> TModulus.TwoAdicity) & 1).IsOne && ((P - 1) % (BigInteger.One << TModulus.TwoAdicity)).IsZero);
        Assert.Equal(P - 1, BigInteger.ModPow(TModulus.MultiplicativeGenerator, (P - 1) / 2, P));
    }

    [Fact]
    public void RingOperationsAgreeWithBigIntegers()
    {
        foreach (BigInteger x in Values)
        {
            PrimeField<TModulus> a = Element(x);
            AssertIs(-x, -a);
            AssertIs(x * x, a.Square());
            AssertIs(2 * x, a.Double());
            foreach (BigInteger y in Values)
            {
                PrimeField<TModulus> b = Element(y);
                AssertIs(x + y, a + b);
                AssertIs(x - y, a - b);
                AssertIs(x * y, a * b);
                Assert.Equal(x == y, a == b);
                Assert.Equal(x != y, a != b);
                Assert.Equal(x == y, a.Equals((object)b));
            }
        }
    }

    [Fact]
    public void InversesAndPowersAgreeWithBigIntegers()
    {
        foreach (BigInteger x in Values)
        {
            AssertIs(BigInteger.ModPow(x, P - 2, P), Element(x).Inverse());
            AssertIs(BigInteger.ModPow(x, 65537, P), Element(x).Pow(65537));
            AssertIs(BigInteger.One, Element(x).Pow(0));
        }

        Assert.True(PrimeField<TModulus>.Zero.Inverse().IsZero);
        Assert.Throws<ArgumentOutOfRangeException>(() => PrimeField<TModulus>.One.Pow(-1));
    }

    /// <summary>Division steps take a path that depends on every bit, so the few edge values above do not reach all of it.</summary>
    [Fact]
    public void AnElementTimesItsInverseIsOne()
    {
        Random random = new(Seed);
        byte[] bytes = new byte[40];
        for (int i = 0; i < 3000; i++)
        {
            random.NextBytes(bytes);
            BigInteger x = new BigInteger(bytes, isUnsigned: true) >> random.Next(320);
            PrimeField<TModulus> a = Element(x);
            Assert.True((a * a.Inverse()).IsOne || a.IsZero, $"seed {Seed}, value {x}");
            AssertIsReduced(a.Inverse());
        }

        for (int bit = 0; bit < 256; bit++)
        {
            PrimeField<TModulus> a = Element(BigInteger.One << bit);
            Assert.True((a * a.Inverse()).IsOne, $"2^{bit}");
        }
    }

    [Fact]
    public void SquareRootsAreFoundExactlyForSquaresAndAreEven()
    {
        foreach (BigInteger x in Values)
        {
            PrimeField<TModulus> square = Element(x).Square();
            Assert.True(square.TrySqrt(out PrimeField<TModulus> root));
            Assert.Equal(square, root.Square());
            Assert.True(root.ToBigInteger().IsEven);
            PrimeField<TModulus> nonResidue = square * TModulus.MultiplicativeGenerator;
            Assert.Equal(x.IsZero, nonResidue.TrySqrt(out PrimeField<TModulus> none));
            Assert.True(none.IsZero);
        }
    }

    [Fact]
    public void BatchInversionKeepsZeros()
    {
        PrimeField<TModulus>[] values = [.. Values.Select(Element)];
        PrimeField<TModulus>[] expected = [.. values.Select(value => value.Inverse())];
        PrimeField<TModulus>[] generic = [.. values];
        PrimeField<TModulus>.InvertAll(values);
        BatchInversion.InvertAll<PrimeField<TModulus>>(generic);
        Assert.Equal(expected, values);
        Assert.Equal(expected, generic);
        Assert.Contains(PrimeField<TModulus>.Zero, values);
        PrimeField<TModulus>.InvertAll([]);
    }

    [Fact]
    public void TextReadsBackAndOnlyCanonicalTextIsRead()
    {
        foreach (BigInteger x in Values)
        {
            string text = Element(x).ToString();
            Assert.Equal($"{x}", text);
            Assert.Equal(Element(x), PrimeField<TModulus>.Parse(text));
            Assert.Equal(Element(x), PrimeField<TModulus>.Parse($"0x{x:x}"));
        }

        foreach (string? text in new[] { null, "", "-1", "+1", " 1", "1 ", "1e3", "0x", "0xg", $"{P}", $"0x{P:x}", new string('1', 81) })
        {
            bool accepted = PrimeField<TModulus>.TryParse(text, out PrimeField<TModulus> value);
            Assert.True(!accepted && value.IsZero, $"'{text}' is refused");
        }

        FormatException error = Assert.Throws<FormatException>(() => PrimeField<TModulus>.Parse("12 apples"));
        Assert.Contains("12 apples", error.Message, StringComparison.Ordinal);
        Assert.Contains(TModulus.Name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BytesReadBackInCanonicalAndMontgomeryForm()
    {
        byte[] bytes = new byte[32];
        ulong[] limbs = new ulong[4];
        foreach (BigInteger x in Values)
        {
            Element(x).WriteCanonical(bytes);
            Assert.Equal(x, new BigInteger(bytes, isUnsigned: true));
            Assert.True(PrimeField<TModulus>.TryReadCanonical(bytes, out PrimeField<TModulus> canonical));
            Element(x).WriteMontgomery(bytes);
            Assert.Equal((x << 256) % P, new BigInteger(bytes, isUnsigned: true));
            Assert.True(PrimeField<TModulus>.TryReadMontgomery(bytes, out PrimeField<TModulus> montgomery));
            Assert.Equal((Element(x), Element(x)), (canonical, montgomery));
            Element(x).WriteCanonicalLimbs(limbs);
            Assert.Equal(x, limbs.Reverse().Aggregate(BigInteger.Zero, (sum, limb) => (sum << 64) | limb));
        }
    }

    [Fact]
    public void BytesFromTheModulusUpAreRefused()
    {
        foreach (BigInteger tooLarge in new[] { P, P + 1, 2 * P, (BigInteger.One << 256) - 1 })
        {
            byte[] bytes = new byte[32];
            tooLarge.TryWriteBytes(bytes, out _, isUnsigned: true);
            Assert.False(PrimeField<TModulus>.TryReadCanonical(bytes, out PrimeField<TModulus> canonical));
            Assert.False(PrimeField<TModulus>.TryReadMontgomery(bytes, out PrimeField<TModulus> montgomery));
            Assert.True(canonical.IsZero && montgomery.IsZero);
        }
    }

    [Fact]
    public void IntegersOfEveryKindAreTakenModP()
    {
        Assert.Equal(-PrimeField<TModulus>.One, (PrimeField<TModulus>)(-1));
        AssertIs(long.MinValue, (PrimeField<TModulus>)long.MinValue);
        AssertIs(ulong.MaxValue, (PrimeField<TModulus>)ulong.MaxValue);
        AssertIs(-(P * P) - 7, PrimeField<TModulus>.FromBigInteger(-(P * P) - 7));
        Assert.Equal(-3, (int)((PrimeField<TModulus>)(-3)).ToSignedBigInteger());
        Assert.Equal(P / 2, Element(P / 2).ToSignedBigInteger());
        Assert.Equal(-(P / 2), Element((P / 2) + 1).ToSignedBigInteger());
        Assert.True(PrimeField<TModulus>.One.IsOne && !PrimeField<TModulus>.Zero.IsOne);
    }

    [Fact]
    public void RootsOfUnityHaveExactlyTheirOrder()
    {
        Assert.True(PrimeField<TModulus>.RootOfUnity(0).IsOne);
        for (int log2 = 1; log2 <= TModulus.TwoAdicity; log2++)
        {
            Assert.Equal(-PrimeField<TModulus>.One, PrimeField<TModulus>.RootOfUnity(log2).Pow(BigInteger.One << (log2 - 1)));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => PrimeField<TModulus>.RootOfUnity(TModulus.TwoAdicity + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PrimeField<TModulus>.RootOfUnity(-1));
    }

    [Fact]
    public void EqualElementsHaveEqualHashes()
    {
        Assert.Equal(Element(5).GetHashCode(), (Element(7) - Element(2)).GetHashCode());
        Assert.False(Element(5).Equals("5"));
    }

    private static PrimeField<TModulus> Element(BigInteger value) => PrimeField<TModulus>.FromBigInteger(value);

    private static void AssertIs(BigInteger expected, PrimeField<TModulus> actual)
    {
        BigInteger reduced = BigInteger.Remainder(expected, P);
        Assert.Equal(reduced.Sign < 0 ? reduced + P : reduced, actual.ToBigInteger());
        AssertIsReduced(actual);
    }

    /// <summary>A stored value of p or more would still compute right in products, and compare wrong.</summary>
    private static void AssertIsReduced(PrimeField<TModulus> value)
    {
        Span<byte> bytes = stackalloc byte[32];
        value.WriteMontgomery(bytes);
        Assert.True(PrimeField<TModulus>.TryReadMontgomery(bytes, out _), $"{new BigInteger(bytes, isUnsigned: true):x} is below p");
    }

    private static BigInteger[] EdgesAndRandom()
    {
        BigInteger one = BigInteger.One;
        BigInteger r = one << 256;
        BigInteger[] edges =
        [
            0, 1, 2, 3, P - 1, P - 2, P / 2, (P / 2) + 1, ulong.MaxValue, one << 64, (one << 128) - 1, one << 128, one << 192, (one << 192) - 1,
            one << 250, (one << 253) % P, ((one << 253) - 1) % P, r % P, (r * r) % P, (r - 1) % P, BigInteger.ModPow(r, P - 2, P),
        ];
        Random random = new(Seed);
        byte[] bytes = new byte[40];
        return [.. edges, .. Enumerable.Range(0, 20).Select(_ =>
        {
            random.NextBytes(bytes);
            return new BigInteger(bytes, isUnsigned: true) % P;
        })];
    }
}
