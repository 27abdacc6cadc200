using System.Collections.Immutable;

namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>
/// Discount factors from a date on: logarithms are linear between the nodes, that is forwards are flat there, and the first and last
/// forwards go on before and beyond. Time is days / 365; zero rates are continuous.
/// </summary>
public sealed record RateCurve
{
    private readonly ImmutableArray<double> _years, _rates;

    /// <param name="date">The day on which a discount factor is one.</param>
    /// <param name="nodes">At least one: days strictly ascending and after the date, with finite continuous zero rates per year.</param>
    /// <exception cref="ArgumentException">The nodes are not as demanded; the message names the first that is not.</exception>
    public RateCurve(DateOnly date, params ReadOnlySpan<(DateOnly Date, double ZeroRate)> nodes)
    {
        if (nodes.IsEmpty)
        {
            throw new ArgumentException("a curve needs a node", nameof(nodes));
        }

        DateOnly before = date;
        foreach ((DateOnly node, double rate) in nodes)
        {
            before = node > before && double.IsFinite(rate)
                ? node
                : throw new ArgumentException($"node ({node:o}, {rate}): the day must lie after {before:o} and the rate be finite", nameof(nodes));
        }

        Date = date;
        Nodes = [.. nodes];
        _years = [.. Nodes.Select(n => YearsTo(n.Date))];
        _rates = [.. Nodes.Select(n => n.ZeroRate)];
    }

    /// <summary>The day on which a discount factor is one.</summary>
    public DateOnly Date { get; }

    /// <summary>Days and continuous zero rates.</summary>
    public ImmutableArray<(DateOnly Date, double ZeroRate)> Nodes { get; }

    /// <summary>Value at the curve's date of one unit paid on a day.</summary>
    public double Discount(DateOnly day) => Math.Exp(LogDiscount<Real>(day, bucket: null).Value);

    /// <summary>The continuous zero rate to a day after the curve's date.</summary>
    public double ZeroRate(DateOnly day) => -LogDiscount<Real>(day, bucket: null).Value / Require.Positive(YearsTo(day), nameof(day));

    /// <summary>The simple rate of a period by a day count.</summary>
    public double ForwardRate(DateOnly start, DateOnly end, DayCount convention) =>
        ((Discount(start) / Discount(end)) - 1) / convention.Years(start, end);

    /// <summary>The curve with another zero rate at one node.</summary>
    internal RateCurve With(int node, double zeroRate) =>
        new(Date, [.. Nodes.Select((n, i) => i == node ? (n.Date, zeroRate) : n)]);

    /// <summary>
    /// ln of the discount factor; over a <see cref="Jet"/> its derivative by the zero rate of one node, or of all of them for null, rides along as
    /// the rate's.
    /// </summary>
    internal T LogDiscount<T>(DateOnly day, int? bucket)
        where T : struct, IReal<T>
    {
        double years = YearsTo(day);
        if (_years.Length == 1 || years <= _years[0])
        {
            return years * Negated<T>(0, bucket);
        }

        int right = 1;
        while (right < _years.Length - 1 && years > _years[right])
        {
            right++;
        }

        // The forward of the segment that holds the day goes on beyond the last node.
        double weight = (years - _years[right - 1]) / (_years[right] - _years[right - 1]);
        return ((1 - weight) * _years[right - 1] * Negated<T>(right - 1, bucket)) + (weight * _years[right] * Negated<T>(right, bucket));
    }

    private T Negated<T>(int node, int? bucket)
        where T : struct, IReal<T>
    {
        bool isShifted = bucket is null || bucket == node;
        return typeof(T) == typeof(Jet) && isShifted ? (T)(object)new Jet(-_rates[node], Rate: -1) : T.Constant(-_rates[node]);
    }

    private double YearsTo(DateOnly day) => DayCount.Actual365Fixed.Years(Date, day);
}
