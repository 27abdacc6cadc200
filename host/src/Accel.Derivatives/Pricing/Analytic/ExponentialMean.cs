namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>Divided differences of eˣ, finite and exact where the textbook quotients are 0/0.</summary>
internal static class ExponentialMean
{
    private const double SeriesRange = 0.5;

    private const int SeriesTermsMax = 200;

    /// <summary>(eˣ − 1)/x, which is 1 at 0: exp[0, x].</summary>
    public static T First<T>(T x)
        where T : struct, IReal<T> => Math.Abs(x.Value) > SeriesRange ? (T.Exp(x) + -1) / x : Series(x, T.Constant(0), factorialStart: 1);

    /// <summary>exp[0, x, y] = (exp[0, x] − exp[0, y])/(x − y).</summary>
    public static T Second<T>(T x, T y)
        where T : struct, IReal<T> => Math.Abs(x.Value - y.Value) > SeriesRange ? (First(x) - First(y)) / (x - y) : Series(x, y, factorialStart: 2);

    /// <summary>Σ hₖ(x, y)/(k + start)!, hₖ the complete homogeneous polynomial: hₖ = x·hₖ₋₁ + yᵏ.</summary>
    private static T Series<T>(T x, T y, int factorialStart)
        where T : struct, IReal<T>
    {
        double factorial = factorialStart;
        double bound = Math.Abs(x.Value) + Math.Abs(y.Value);
        T homogeneous = T.Constant(1), power = T.Constant(1), sum = 1 / factorial * homogeneous;
        double size = 1 / factorial;
        for (int k = 1; k < SeriesTermsMax && size > 1e-20; k++)
        {
            power *= y;
            homogeneous = x * homogeneous + power;
            factorial *= k + factorialStart;
            sum += 1 / factorial * homogeneous;

            // Derivatives of a term carry a factor k at most.
            size = k * Math.Pow(bound, k - 1) / factorial;
        }

        return sum;
    }
}
