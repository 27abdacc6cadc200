using Accel.Proving.Frontend;

namespace Accel.Proving.Lookups;

/// <summary>
/// The table 0…2ⁿ − 1. That the challenge is none of its entries is a polynomial of the challenge: a group of entries gives one linear combination of
/// the challenge's powers, so that the guard costs few constraints beside the rows.
/// </summary>
internal static class RangeTable
{
    /// <summary>Constraints of rows, guard and sum.</summary>
    public static int ConstraintCount(int bits) => (1 << bits) + (GroupSize(bits) - 1) + ((1 << bits) / GroupSize(bits)) + 1;

    /// <summary>Constrains Π (α − t) over 0 ≤ t &lt; 2^bits to have an inverse.</summary>
    public static void AssertExcludes(CircuitBuilder builder, in Linear challenge, int bits)
    {
        int size = GroupSize(bits);
        Linear[] powers = new Linear[size + 1];
        (powers[0], powers[1]) = (Linear.One, challenge);
        for (int k = 2; k < powers.Length; k++)
        {
            powers[k] = builder.Multiply(powers[k - 1], challenge);
        }

        Linear product = Linear.One;
        for (int first = 0; first < 1 << bits; first += size)
        {
            product = builder.Multiply(product, GroupProduct(first, size, powers));
        }

        Linear inverse = builder.Hint<FractionSumsHint>([Linear.One, product], 1)[0];
        builder.AssertProduct(product, inverse, Linear.One, "the challenge is no entry");
    }

    private static int GroupSize(int bits) => 1 << ((bits + 1) / 2);

    /// <summary>Π (α − t) for size entries from the first, as a combination of powers.</summary>
    private static Linear GroupProduct(int first, int size, Linear[] powers)
    {
        Fr[] coefficients = new Fr[size + 1];
        coefficients[0] = Fr.One;
        for (int i = 0; i < size; i++)
        {
            for (int k = i + 1; k >= 0; k--)
            {
                coefficients[k] = (k > 0 ? coefficients[k - 1] : Fr.Zero) - (coefficients[k] * (first + i));
            }
        }

        LinearAccumulator sum = new();
        for (int k = 0; k < powers.Length; k++)
        {
            sum.Add(powers[k], coefficients[k]);
        }

        return sum.ToLinear();
    }
}
