using System.Numerics;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Lookups;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>Tables of the look-up mode: the reference's own integer coefficients, so that both modes compute the same integers.</summary>
internal static class PricingTables
{
    /// <summary>A row's columns as integers, whose bounds are those of the table; the row is held by the look-up.</summary>
    public static Integer[] LookUp<TTable>(CircuitBuilder builder, in Linear key)
        where TTable : ILookupTable
    {
        Linear[] columns = builder.LookUp<TTable>(key);
        return [.. columns.Select((column, k) => Within(column, Range<TTable>(k, 1, 0)))];
    }

    /// <summary>The polynomials of a key's row at a point, then the row's other columns.</summary>
    public static Integer[] LookUpValues<TTable>(CircuitBuilder builder, in Linear key, in Integer point)
        where TTable : IPolynomialTable
    {
        Linear[] looked = builder.LookUpValues<TTable>(key, point);
        Integer[] result = new Integer[looked.Length];
        ReadOnlySpan<int> counts = TTable.CoefficientCounts;
        int column = 0;
        for (int i = 0; i < result.Length; i++)
        {
            int count = i < counts.Length ? counts[i] : 1;
            result[i] = Within(looked[i], Range<TTable>(column, count, point));
            column += count;
        }

        return result;
    }

    /// <summary>The first polynomial of a key's row at a point, less a weight times the second.</summary>
    public static Integer LookUpDifference<TTable>(CircuitBuilder builder, in Linear key, in Integer point, in Integer weight)
        where TTable : IPolynomialTable
    {
        int first = TTable.CoefficientCounts[0];
        Interval range = Range<TTable>(0, first, point) + Range<TTable>(first, TTable.CoefficientCounts[1], point) * Interval.Of(-weight);
        return Within(builder.LookUpWeightedValue<TTable>(key, point, -weight.Value), range);
    }

    private static Integer Within(in Linear value, Interval range) => Integer.Assume(value, range.Min, range.Max, "the look-up holds it to one of the table's rows");

    /// <summary>Where Σ cₖ·xᵏ of any row lies.</summary>
    private static Interval Range<TTable>(int firstColumn, int count, in Integer x)
        where TTable : ILookupTable
    {
        Interval sum = new(0, 0);
        for (int k = firstColumn + count - 1; k >= firstColumn; k--)
        {
            sum = sum * Interval.Of(x) + new Interval(Bounds<TTable>.Min[k], Bounds<TTable>.Max[k]);
        }

        return sum;
    }

    /// <summary>Σ cₖ·xₖᵏ with a factor for each degree; entry 0 is unused. k constraints for each degree k.</summary>
    public static Integer Evaluate(CircuitBuilder builder, ReadOnlySpan<Integer> coefficients, ReadOnlySpan<Integer> x)
    {
        Integer sum = coefficients[0];
        for (int k = 1; k < coefficients.Length; k++)
        {
            Integer term = coefficients[k];
            for (int i = 0; i < k; i++)
            {
                term = builder.Multiply(term, x[k]);
            }

            sum += term;
        }

        return sum;
    }

    public static void Write(ReadOnlySpan<BigInteger> values, Span<Fr> columns)
    {
        for (int k = 0; k < values.Length; k++)
        {
            columns[k] = Fr.FromBigInteger(values[k]);
        }
    }

    private readonly record struct Interval(BigInteger Min, BigInteger Max)
    {
        public static Interval Of(in Integer value) => new(value.Min, value.Max);

        public static Interval operator +(Interval a, Interval b) => new(a.Min + b.Min, a.Max + b.Max);

        public static Interval operator *(Interval a, Interval b)
        {
            BigInteger[] ends = [a.Min * b.Min, a.Min * b.Max, a.Max * b.Min, a.Max * b.Max];
            return new Interval(ends.Min(), ends.Max());
        }
    }

    private static class Bounds<TTable>
        where TTable : ILookupTable
    {
        public static readonly BigInteger[] Min = new BigInteger[TTable.ColumnCount];

        public static readonly BigInteger[] Max = new BigInteger[TTable.ColumnCount];

        static Bounds()
        {
            Span<Fr> columns = new Fr[TTable.ColumnCount];
            for (int key = 0; key < TTable.RowCount; key++)
            {
                TTable.ReadRow(key, columns);
                for (int k = 0; k < columns.Length; k++)
                {
                    BigInteger value = columns[k].ToSignedBigInteger();
                    Min[k] = key == 0 ? value : BigInteger.Min(Min[k], value);
                    Max[k] = key == 0 ? value : BigInteger.Max(Max[k], value);
                }
            }
        }
    }
}

/// <summary>2ᵏᵉʸ for the shifts that bring an integer below 2³⁶ to its top bit.</summary>
internal readonly struct PowersOfTwoTable : ILookupTable
{
    public static string Name => "pricing.powers of two";

    public static int RowCount => NaturalLogarithm.ArgumentBits;

    public static int ColumnCount => 1;

    public static void ReadRow(int key, Span<Fr> columns) => columns[0] = 1UL << key;
}

/// <summary>The logarithm's coefficients by segment.</summary>
internal readonly struct LogarithmTable : ILookupTable
{
    public static string Name => "pricing.ln";

    public static int RowCount => SegmentedPolynomial.SegmentCount;

    public static int ColumnCount => NaturalLogarithm.Table.Degree + 1;

    public static void ReadRow(int key, Span<Fr> columns)
    {
        for (int k = 0; k < columns.Length; k++)
        {
            columns[k] = Fr.FromBigInteger((BigInteger)NaturalLogarithm.Table.Coefficient(key, k));
        }
    }
}

/// <summary>
/// The normal distribution on signed segments. A negative cell n is the magnitude −1 − n, so its offset T is the magnitude's −1 − T and no sign is left to
/// multiply by: the reflected polynomial has integer coefficients too.
/// </summary>
internal static class SignedSegments
{
    /// <summary>
    /// d₁ counts as in the last segment from 48 y-units on, either way: d₂ is less than 33 y-units away, so both saturate, as they do in the reference.
    /// </summary>
    public const int Limit = 96;

    /// <summary>v is at most 64 segments and the cell that rounding adds.</summary>
    public const int SecondLeast = -Limit - 65;

    private const int CdfColumns = 6;
    private const int SlopeColumns = 4;
    private const int DensityColumns = 5;

    /// <summary>Φ − ½ of a signed segment: ±½ beyond the table.</summary>
    public static BigInteger[] Cdf(int segment) => Coefficients(NormalDistribution.Cdf, segment, isOdd: true);

    /// <summary>The slope of a signed segment: zero beyond the table.</summary>
    public static BigInteger[] Slope(int segment) => Coefficients(NormalDistribution.Slope, segment, isOdd: false);

    /// <summary>The density of a signed segment: zero beyond the table.</summary>
    public static BigInteger[] Density(int segment) => Coefficients(NormalDistribution.Density, segment, isOdd: false);

    /// <summary>−1 and 1 in the two segments where d₁ may lie beyond, zero elsewhere.</summary>
    public static BigInteger Excess(int segment) => segment == -Limit ? -1 : segment == Limit - 1 ? 1 : 0;

    private static BigInteger[] Coefficients(SegmentedPolynomial table, int segment, bool isOdd)
    {
        var coefficients = new BigInteger[table.Degree + 1];
        int magnitude = segment < 0 ? -1 - segment : segment;
        BigInteger sign = segment < 0 && isOdd ? -1 : 1;
        if (magnitude >= SegmentedPolynomial.SegmentCount)
        {
            coefficients[0] = isOdd ? sign << (NormalDistribution.CdfScaleBits - 1) : 0;
            return coefficients;
        }

        for (int k = 0; k <= table.Degree; k++)
        {
            BigInteger coefficient = sign * (BigInteger)table.Coefficient(magnitude, k);
            if (segment >= 0)
            {
                coefficients[k] = coefficient;
                continue;
            }

            // (−1 − T)ᵏ = (−1)ᵏ·Σ C(k, j)·Tʲ.
            BigInteger binomial = k % 2 == 0 ? coefficient : -coefficient;
            for (int j = 0; j <= k; j++)
            {
                coefficients[j] += binomial;
                binomial = binomial * (k - j) / (j + 1);
            }
        }

        return coefficients;
    }

    /// <summary>d₁ of a shocked scenario: Φ − ½, and whether the segment is the last.</summary>
    internal readonly struct First : IPolynomialTable
    {
        public static string Name => "pricing.Φ(d1)";

        public static int RowCount => 2 * Limit;

        public static int ColumnCount => CdfColumns + 1;

        public static ReadOnlySpan<int> CoefficientCounts => [CdfColumns];

        public static void ReadRow(int key, Span<Fr> columns) => PricingTables.Write([.. Cdf(key - Limit), Excess(key - Limit)], columns);
    }

    /// <summary>d₁ of the mark: Φ − ½, slope, density, whether the segment is the last, and the sign.</summary>
    internal readonly struct Mark : IPolynomialTable
    {
        public static string Name => "pricing.Φ(d1) at the mark";

        public static int RowCount => 2 * Limit;

        public static int ColumnCount => CdfColumns + SlopeColumns + DensityColumns + 2;

        public static ReadOnlySpan<int> CoefficientCounts => [CdfColumns, SlopeColumns, DensityColumns];

        public static void ReadRow(int key, Span<Fr> columns) => PricingTables.Write(
            [.. Cdf(key - Limit), .. Slope(key - Limit), .. Density(key - Limit), Excess(key - Limit), key < Limit ? -1 : 1], columns);
    }

    /// <summary>d₂: Φ − ½ and slope.</summary>
    internal readonly struct Second : IPolynomialTable
    {
        public static string Name => "pricing.Φ(d2)";

        public static int RowCount => Limit - SecondLeast;

        public static int ColumnCount => CdfColumns + SlopeColumns;

        public static ReadOnlySpan<int> CoefficientCounts => [CdfColumns, SlopeColumns];

        public static void ReadRow(int key, Span<Fr> columns) => PricingTables.Write([.. Cdf(key + SecondLeast), .. Slope(key + SecondLeast)], columns);
    }
}
