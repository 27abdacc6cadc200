using System.Collections.Immutable;

namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>Black volatility by time: total variance is linear between the nodes, volatility flat before the first and beyond the last.</summary>
public sealed record VolatilityTermStructure
{
    private readonly ImmutableArray<(double Years, double Volatility)> _nodes;

    /// <param name="nodes">
    /// At least one; times positive and ascending; volatilities positive, per √year. Total variance may fall, as in published tables.
    /// </param>
    /// <exception cref="ArgumentException">The nodes are not as demanded; the message names the first that is not.</exception>
    public VolatilityTermStructure(params ReadOnlySpan<(double Years, double Volatility)> nodes)
    {
        if (nodes.IsEmpty)
        {
            throw new ArgumentException("a volatility term structure needs a node", nameof(nodes));
        }

        double years = 0;
        foreach ((double nodeYears, double volatility) in nodes)
        {
            if (!(nodeYears > years && volatility > 0 && double.IsFinite(volatility)))
            {
                throw new ArgumentException(
                    $"node ({nodeYears} years, volatility {volatility}): time must exceed {years} and volatility 0", nameof(nodes));
            }

            years = nodeYears;
        }

        _nodes = [.. nodes];
    }

    /// <summary>One volatility for all times.</summary>
    public static VolatilityTermStructure Flat(double volatility) => new((1, volatility));

    /// <summary>One volatility for all times.</summary>
    public static implicit operator VolatilityTermStructure(double volatility) => Flat(volatility);

    /// <summary>The Black volatility from now to a time.</summary>
    /// <param name="years">0 or more.</param>
    public double To(double years)
    {
        if (years <= _nodes[0].Years)
        {
            return _nodes[0].Volatility;
        }

        for (int i = 1; i < _nodes.Length; i++)
        {
            if (years <= _nodes[i].Years)
            {
                return Interpolate(_nodes[i - 1], _nodes[i], years);
            }
        }

        return _nodes[^1].Volatility;
    }

    private static double Interpolate((double Years, double Volatility) left, (double Years, double Volatility) right, double years)
    {
        if (years == right.Years)
        {
            return right.Volatility;
        }

        double weight = (years - left.Years) / (right.Years - left.Years);
        double variance = (1 - weight) * left.Volatility * left.Volatility * left.Years + weight * right.Volatility * right.Volatility * right.Years;
        return Math.Sqrt(variance / years);
    }
}
