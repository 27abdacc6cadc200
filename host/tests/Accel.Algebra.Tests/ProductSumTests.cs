using Xunit;

namespace Accel.Algebra.Tests;

public sealed class ProductSumTests
{
    private const int Seed = 7;

    [Fact]
    public void EqualsTheSumOfReducedProducts()
    {
        CheckRandomSums<Bn254ScalarModulus>();
        CheckRandomSums<Bn254BaseModulus>();
        CheckRandomSums<BabyJubjubScalarModulus>();
    }

    /// <summary>The largest sum that the limbs must hold, and sums at the edges of the quotient's estimate.</summary>
    [Fact]
    public void HoldsTheMostTermsOfTheLargestElements()
    {
        Fr largest = -Fr.One;
        Fr.ProductSum products = default;
        Fr.ProductSum elements = default;
        for (int i = 1; i <= Fr.ProductSum.TermsMax; i++)
        {
            products.AddProduct(largest, largest);
            elements.Add(largest);
            if (int.IsPow2(i) || i % 10_007 == 0)
            {
                Assert.Equal((Fr)i, products.ToElement());
                Assert.Equal(-(Fr)i, elements.ToElement());
            }
        }
    }

    [Fact]
    public void AnEmptySumIsZero() => Assert.Equal(Fr.Zero, default(Fr.ProductSum).ToElement());

    private static void CheckRandomSums<TModulus>()
        where TModulus : struct, IPrimeModulus
    {
        Random random = new(Seed);
        for (int count = 1; count < 200; count++)
        {
            PrimeField<TModulus>.ProductSum sum = default;
            PrimeField<TModulus> expected = default;
            for (int i = 0; i < count; i++)
            {
                PrimeField<TModulus> a = Element<TModulus>(random), b = Element<TModulus>(random);
                switch (random.Next(3))
                {
                    case 0:
                        sum.Add(a);
                        expected += a;
                        break;
                    case 1:
                        sum.Subtract(a);
                        expected -= a;
                        break;
                    default:
                        sum.AddProduct(a, b);
                        expected += a * b;
                        break;
                }
            }

            Assert.True(expected == sum.ToElement(), $"{count} terms over {TModulus.Name}, seed {Seed}");
        }
    }

    private static PrimeField<TModulus> Element<TModulus>(Random random)
        where TModulus : struct, IPrimeModulus
    {
        byte[] bytes = new byte[40];
        random.NextBytes(bytes);
        return random.Next(5) switch
        {
            0 => -PrimeField<TModulus>.One,
            1 => default,
            _ => PrimeField<TModulus>.FromBigInteger(new(bytes, isUnsigned: true)),
        };
    }
}
