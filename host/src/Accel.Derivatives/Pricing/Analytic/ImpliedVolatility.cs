namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>Which bound without arbitrage a price breaks.</summary>
public enum ArbitrageBound
{
    /// <summary>None: there is a volatility.</summary>
    None,

    /// <summary>It is below the discounted intrinsic value on the forward.</summary>
    Intrinsic,

    /// <summary>It is not below the most that any volatility gives: the discounted forward for a call, the discounted strike for a put.</summary>
    Maximum,
}

/// <summary>The volatility at which Black's formula gives a price.</summary>
/// <remarks>
/// In-the-money prices are turned by parity. The rest is solved in the deviation v = σ√T for the logarithm of the normalised price, which is
/// concave and rising in v (of its distance from the maximum, for prices above half of it): Halley's iteration from a rational first guess
/// (Corrado and Miller 1996; the inflection point √(2|ln F/K|), Manaster and Koehler 1982, where that has no real value), each step kept inside
/// a shrinking bracket. The formula is evaluated as in Jäckel (2015, "Let's be rational"), without cancellation of its two terms.
/// </remarks>
public static class ImpliedVolatility
{
    /// <summary>v at which even the at-the-money price is the maximum to the last bit.</summary>
    private const double DeviationMax = 80;

    private const int IterationsMax = 200;

    /// <summary>σ such that <paramref name="price"/> is the price of the option.</summary>
    /// <param name="isCall">Call or put.</param>
    /// <param name="price">Today's price, discounted.</param>
    /// <param name="forward">F &gt; 0.</param>
    /// <param name="strike">K &gt; 0.</param>
    /// <param name="rate">r, per year.</param>
    /// <param name="years">Time to expiry, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// No volatility gives the price, and the message names the bound that it breaks; or an input is outside its range.
    /// </exception>
    public static double Solve(bool isCall, double price, double forward, double strike, double rate, double years)
    {
        ArbitrageBound broken = TrySolve(isCall, price, forward, strike, rate, years, out double volatility);
        if (broken == ArbitrageBound.None)
        {
            return volatility;
        }

        double discount = Math.Exp(-rate * years);
        string message = broken == ArbitrageBound.Intrinsic
            ? $"below the discounted intrinsic value {discount * Intrinsic(isCall, forward, strike)}: no volatility gives it"
            : $"not below the discounted {(isCall ? "forward" : "strike")} {discount * (isCall ? forward : strike)}: no volatility gives it";
        throw new ArgumentOutOfRangeException(nameof(price), price, message);
    }

    /// <summary>As <see cref="Solve"/>, but names the broken bound instead of throwing. The intrinsic value itself has volatility 0.</summary>
    /// <param name="isCall">Call or put.</param>
    /// <param name="price">Today's price, discounted.</param>
    /// <param name="forward">F &gt; 0.</param>
    /// <param name="strike">K &gt; 0.</param>
    /// <param name="rate">r, per year.</param>
    /// <param name="years">Time to expiry, positive.</param>
    /// <param name="volatility">σ; NaN where a bound is broken.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input is outside its range.</exception>
    public static ArbitrageBound TrySolve(
        bool isCall, double price, double forward, double strike, double rate, double years, out double volatility)
    {
        Require.Finite(price, nameof(price));
        Require.Positive(forward, nameof(forward));
        Require.Positive(strike, nameof(strike));
        Require.Positive(years, nameof(years));
        volatility = double.NaN;
        double undiscounted = price * Math.Exp(Require.Finite(rate, nameof(rate)) * years);
        double timeValue = undiscounted - Intrinsic(isCall, forward, strike);
        if (timeValue < 0)
        {
            return ArbitrageBound.Intrinsic;
        }

        if (undiscounted >= (isCall ? forward : strike))
        {
            return ArbitrageBound.Maximum;
        }

        // The out-of-the-money option of the strike has the time value as its price, and is worth e^(x/2) of √(F·K) at most.
        double x = -Math.Abs(Math.Log(forward / strike));
        volatility = Deviation(timeValue / Math.Sqrt(forward * strike), x) / Math.Sqrt(years);
        return ArbitrageBound.None;
    }

    private static double Intrinsic(bool isCall, double forward, double strike) => Math.Max(isCall ? forward - strike : strike - forward, 0);

    /// <summary>v at which the normalised out-of-the-money price is β.</summary>
    private static double Deviation(double beta, double x)
    {
        if (beta <= 0)
        {
            return 0;
        }

        double maximum = Math.Exp(x / 2);
        bool isHigh = beta > maximum / 2;
        double low = 0, high = DeviationMax;
        double v = FirstGuess(beta, x);
        for (int i = 0; i < IterationsMax && high - low > 4e-16 * high; i++)
        {
            (double price, double vega) = Normalised(x, v);
            if (price < beta)
            {
                low = v;
            }
            else
            {
                high = v;
            }

            double next = v - HalleyStep(beta, x, v, price, vega, isHigh ? maximum : 0);
            if (!(next > low && next < high))
            {
                next = low > 0 ? Math.Sqrt(low * high) : high / 2;
            }

            if (Math.Abs(next - v) <= 1e-15 * v)
            {
                return next;
            }

            v = next;
        }

        return v;
    }

    /// <summary>Halley's step for ln(b/β), or for ln((m − β)/(m − b)) below a maximum m.</summary>
    private static double HalleyStep(double beta, double x, double v, double price, double vega, double maximum)
    {
        double gap = maximum - price, target = maximum - beta;
        double slope = -vega / gap;
        double value = maximum > 0 ? Math.Log(target / gap) : Math.Log(price / beta);
        slope = maximum > 0 ? -slope : vega / price;

        // b″/b′ = x²/v³ − v/4; the logarithm adds ∓b′/(distance).
        double bend = x * x / (v * v * v) - v / 4 + (maximum > 0 ? slope : -slope);
        double newton = value / slope;
        double denominator = 1 - 0.5 * newton * bend;
        return denominator > 0.5 ? newton / denominator : newton;
    }

    /// <summary>b(x, v) = e^(x/2)·Φ(x/v + v/2) − e^(−x/2)·Φ(x/v − v/2) for x ≤ 0, and ∂b/∂v.</summary>
    private static (double Price, double Vega) Normalised(double x, double v)
    {
        double h = x / v, t = v / 2;
        double vega = Gaussian.ScaledDensity(-t * t / 2, h);
        if (h + t > 0)
        {
            return (Math.Exp(x / 2) * Gaussian.Cdf(h + t) - Math.Exp(-x / 2) * Gaussian.Cdf(h - t), vega);
        }

        return (vega * MillsDifference(h, t), vega);
    }

    /// <summary>Y(h + t) − Y(h − t) for Mills' ratio Y = Φ/φ: by its Taylor series where the terms would cancel.</summary>
    private static double MillsDifference(double h, double t)
    {
        const double seriesRange = 0.05;
        if (t > seriesRange)
        {
            return Gaussian.MillsRatio(h + t) - Gaussian.MillsRatio(h - t);
        }

        // Y′ = 1 + h·Y and Y⁽ⁿ⁺¹⁾ = h·Y⁽ⁿ⁾ + n·Y⁽ⁿ⁻¹⁾.
        double before = Gaussian.MillsRatio(h), derivative = 1 + h * before, power = t, sum = derivative * t;
        for (int n = 1; n < 12; n++)
        {
            (before, derivative) = (derivative, h * derivative + n * before);
            power *= t / (n + 1);
            sum += n % 2 == 0 ? derivative * power : 0;
        }

        return 2 * sum;
    }

    private static double FirstGuess(double beta, double x)
    {
        // Corrado and Miller's rational formula on F = e^(x/2), K = e^(−x/2), for the out-of-the-money call.
        double forward = Math.Exp(x / 2), strike = Math.Exp(-x / 2);
        double centred = beta - (forward - strike) / 2;
        double square = centred * centred - (forward - strike) * (forward - strike) / Math.PI;
        double inflection = Math.Sqrt(-2 * x);
        double guess = square > 0 ? Math.Sqrt(2 * Math.PI) / (forward + strike) * (centred + Math.Sqrt(square)) : inflection;
        return Math.Clamp(guess, 1e-12, DeviationMax / 2);
    }
}
