namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>A volatility observed in a market.</summary>
/// <param name="Years">Time to expiry, positive.</param>
/// <param name="LogMoneyness">ln(K/F).</param>
/// <param name="Volatility">Black volatility, per √year, positive.</param>
public readonly record struct VolatilityQuote(double Years, double LogMoneyness, double Volatility);

/// <summary>
/// Fits an arbitrage-free <see cref="SsviSurface"/> to quotes by least squares in volatility: ρ, η and γ by the simplex method
/// (Nelder and Mead 1965) inside the bounds that exclude butterflies, in turn with each expiry's θ by golden section between its neighbours'.
/// </summary>
public static class SsviFit
{
    private const int Rounds = 6, SimplexSteps = 250, SectionSteps = 50;

    private const double GoldenRatio = 0.6180339887498949;

    /// <summary>The surface closest to the quotes.</summary>
    /// <param name="quotes">At least one.</param>
    /// <exception cref="ArgumentException">There is no quote.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A time or a volatility is not positive.</exception>
    public static SsviSurface Fit(IEnumerable<VolatilityQuote> quotes)
    {
        VolatilityQuote[][] expiries = [.. quotes
            .GroupBy(quote => Require.Positive(quote.Years, nameof(quote.Years))).OrderBy(group => group.Key).Select(group => group.ToArray())];
        if (expiries.Length == 0)
        {
            throw new ArgumentException("a surface cannot be fitted to no quotes", nameof(quotes));
        }

        double[] thetas = AtTheMoney(expiries);
        double[] shape = [0, 0, 0];
        for (int round = 0; round < Rounds; round++)
        {
            shape = Minimise(free => expiries.Select((expiry, i) => Error(expiry, free, thetas[i])).Sum(), shape);
            for (int i = 0; i < expiries.Length; i++)
            {
                double low = i > 0 ? thetas[i - 1] : thetas[i] / 2, high = i < expiries.Length - 1 ? thetas[i + 1] : 2 * thetas[i];
                thetas[i] = GoldenSection(theta => Error(expiries[i], shape, theta), low, high);
            }
        }

        (double rho, double eta, double gamma) = Bounded(shape);
        return new SsviSurface(rho, eta, gamma, [.. thetas.Select((theta, i) => (expiries[i][0].Years, theta))]);
    }

    /// <summary>First θ: of the quote nearest the money, raised where it would fall.</summary>
    private static double[] AtTheMoney(VolatilityQuote[][] expiries)
    {
        double[] thetas = new double[expiries.Length];
        double reached = 0;
        for (int i = 0; i < thetas.Length; i++)
        {
            VolatilityQuote nearest = expiries[i].MinBy(quote => Math.Abs(quote.LogMoneyness));
            double volatility = Require.Positive(nearest.Volatility, nameof(nearest.Volatility));
            thetas[i] = reached = Math.Max(reached, volatility * volatility * nearest.Years);
        }

        return thetas;
    }

    /// <summary>Unbounded numbers as ρ, η and γ inside their bounds.</summary>
    private static (double Rho, double Eta, double Gamma) Bounded(double[] free)
    {
        const double edge = 1e-6;
        double rho = (1 - edge) * Math.Tanh(free[0]);
        double eta = 2 / (1 + Math.Abs(rho)) * (edge + (1 - 2 * edge) * Logistic(free[1]));
        return (rho, eta, 0.5 * (edge + (1 - 2 * edge) * Logistic(free[2])));
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static double Error(VolatilityQuote[] expiry, double[] shape, double theta)
    {
        (double rho, double eta, double gamma) = Bounded(shape);
        RawSvi slice = SsviSurface.Slice(rho, eta, gamma, theta);
        double sum = 0;
        foreach (VolatilityQuote quote in expiry)
        {
            double difference = Math.Sqrt(slice.TotalVariance(quote.LogMoneyness) / quote.Years) - quote.Volatility;
            sum += difference * difference;
        }

        return sum;
    }

    private static double GoldenSection(Func<double, double> function, double low, double high)
    {
        for (int i = 0; i < SectionSteps; i++)
        {
            double left = high - GoldenRatio * (high - low), right = low + GoldenRatio * (high - low);
            (low, high) = function(left) < function(right) ? (low, right) : (left, high);
        }

        return (low + high) / 2;
    }

    /// <summary>The simplex method with its usual coefficients: reflection 1, expansion 2, contraction and shrinkage ½.</summary>
    private static double[] Minimise(Func<double[], double> function, double[] start)
    {
        (double Value, double[] At)[] simplex =
            [.. Enumerable.Range(-1, start.Length + 1).Select(axis => Vertex([.. start.Select((x, i) => i == axis ? x + 0.5 : x)]))];
        for (int step = 0; step < SimplexSteps; step++)
        {
            Array.Sort(simplex, (a, b) => a.Value.CompareTo(b.Value));
            double[] worst = simplex[^1].At;
            double[] centre = [.. start.Select((_, i) => simplex[..^1].Average(vertex => vertex.At[i]))];
            (double Value, double[] At) reflected = Along(centre, worst, -1);
            (double Value, double[] At) next = reflected.Value < simplex[0].Value
                ? Better(Along(centre, worst, -2), reflected)
                : reflected.Value < simplex[^2].Value ? reflected : Along(centre, worst, reflected.Value < simplex[^1].Value ? -0.5 : 0.5);
            if (next.Value < simplex[^1].Value)
            {
                simplex[^1] = next;
            }
            else
            {
                double[] best = simplex[0].At;
                simplex = [.. simplex.Select(vertex => Along(best, vertex.At, 0.5))];
            }
        }

        return simplex.MinBy(vertex => vertex.Value).At;

        (double Value, double[] At) Vertex(double[] at) => (function(at), at);

        (double Value, double[] At) Along(double[] from, double[] to, double share) => Vertex([.. from.Select((x, i) => x + share * (to[i] - x))]);

        static (double Value, double[] At) Better((double Value, double[] At) a, (double Value, double[] At) b) => a.Value < b.Value ? a : b;
    }
}
