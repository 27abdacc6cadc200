using System.Collections.Immutable;

namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>One leg's periods, each paid at its end.</summary>
/// <param name="Dates">Period boundaries, strictly ascending, at least two.</param>
/// <param name="Convention">How a period counts.</param>
public sealed record SwapSchedule(ImmutableArray<DateOnly> Dates, DayCount Convention)
{
    /// <summary>Period boundaries.</summary>
    /// <exception cref="ArgumentException">There are fewer than two or they do not ascend.</exception>
    public ImmutableArray<DateOnly> Dates { get; init => field = Checked(value); } = Checked(Dates);

    /// <summary>
    /// Periods of so many months rolled back from the end, so that a stub comes first; a boundary on a weekend moves to the Monday after it.
    /// Holidays are not known.
    /// </summary>
    /// <param name="start">First day.</param>
    /// <param name="months">Length of the whole, positive.</param>
    /// <param name="periodMonths">Length of a period, positive.</param>
    /// <param name="convention">How a period counts.</param>
    public static SwapSchedule Of(DateOnly start, int months, int periodMonths, DayCount convention)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(months, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(periodMonths, 1);
        var dates = new List<DateOnly>();
        for (int left = months; left > 0; left -= periodMonths)
        {
            dates.Add(Following(start.AddMonths(left)));
        }

        dates.Add(start);
        return new SwapSchedule([.. Enumerable.Reverse(dates)], convention);
    }

    /// <summary>The day itself, or the Monday after a weekend.</summary>
    public static DateOnly Following(DateOnly day) => day.DayOfWeek switch
    {
        DayOfWeek.Saturday => day.AddDays(2),
        DayOfWeek.Sunday => day.AddDays(1),
        _ => day,
    };

    /// <summary>Start, end and length in years of each period that ends after a day.</summary>
    internal IEnumerable<(DateOnly Start, DateOnly End, double Years)> PeriodsAfter(DateOnly day) =>
        Dates.Zip(Dates.Skip(1), (start, end) => (start, end, Convention.Years(start, end))).Where(period => period.end > day);

    private static ImmutableArray<DateOnly> Checked(ImmutableArray<DateOnly> dates) =>
        dates.Length >= 2 && dates.Zip(dates.Skip(1)).All(pair => pair.First < pair.Second)
            ? dates
            : throw new ArgumentException("a schedule needs at least two days that ascend", nameof(dates));
}

/// <summary>A swap's value and how it moves, in money. Derivatives are by zero rates, per one basis point.</summary>
/// <param name="Value">The value today.</param>
/// <param name="Dv01">What it gains when every zero rate rises by a basis point.</param>
/// <param name="Buckets">The same for each node of the curve alone; they add up to the whole.</param>
/// <param name="Convexity">The second derivative by a parallel shift, per basis point squared.</param>
public sealed record SwapSensitivities(double Value, double Dv01, ImmutableArray<double> Buckets, double Convexity);

/// <summary>
/// A vanilla interest-rate swap: a fixed rate against simple floating rates, each period's read off the curve that also discounts, or a
/// compounded overnight rate, which is worth the same (Hull, "Options, Futures, and Other Derivatives", §7.7). Periods that ended by the curve's
/// day are past; one that it lies in pays its whole coupon, at <see cref="CurrentFixing"/>.
/// </summary>
/// <param name="Notional">Notional in money.</param>
/// <param name="FixedRate">Fixed rate per year.</param>
/// <param name="PaysFixed">Whether the holder pays the fixed rate and receives the floating one.</param>
/// <param name="FixedLeg">Periods of the fixed rate.</param>
/// <param name="FloatingLeg">Periods of the floating rate.</param>
public sealed record InterestRateSwap(double Notional, double FixedRate, bool PaysFixed, SwapSchedule FixedLeg, SwapSchedule FloatingLeg)
{
    private const double BasisPoint = 1e-4;

    /// <summary>The floating rate of the period that the curve's day lies in, per year; needed only then.</summary>
    public double? CurrentFixing { get; init; }

    /// <summary>The value today.</summary>
    /// <param name="curve">Discounts, and gives the floating rates.</param>
    /// <exception cref="ArgumentException">The curve's day lies within a floating period and there is no fixing.</exception>
    public double Value(RateCurve curve) => Value(curve, curve);

    /// <summary>The value today with floating rates of another curve.</summary>
    /// <param name="discount">Discounts.</param>
    /// <param name="forward">Gives the floating rates.</param>
    /// <exception cref="ArgumentException">The curves start on different days, or within a floating period and there is no fixing.</exception>
    public double Value(RateCurve discount, RateCurve forward) => Value<Real>(discount, forward, bucket: null).Value;

    /// <summary>Value, DV01 and its parts by the curve's nodes: the value formula differentiated exactly.</summary>
    /// <param name="curve">Discounts, and gives the floating rates.</param>
    /// <exception cref="ArgumentException">The curve's day lies within a floating period and there is no fixing.</exception>
    public SwapSensitivities Greeks(RateCurve curve)
    {
        Jet parallel = Value<Jet>(curve, curve, bucket: null);
        ImmutableArray<double> buckets =
            [.. Enumerable.Range(0, curve.Nodes.Length).Select(node => BasisPoint * Value<Jet>(curve, curve, node).Rate)];
        return new SwapSensitivities(parallel.Value, BasisPoint * parallel.Rate, buckets, SecondDerivative(curve));
    }

    /// <summary>The fixed rate at which the swap is worth nothing.</summary>
    /// <param name="curve">Discounts, and gives the floating rates.</param>
    public double ParRate(RateCurve curve) => Floating<Real>(curve, curve, bucket: null).Value / Annuity<Real>(curve, bucket: null).Value;

    /// <summary>The value and its derivative by the zero rate of one node.</summary>
    internal (double Value, double Slope) ValueAndSlope(RateCurve curve, int node)
    {
        Jet value = Value<Jet>(curve, curve, node);
        return (value.Value, value.Rate);
    }

    private double Sign => PaysFixed ? 1 : -1;

    private T Value<T>(RateCurve discount, RateCurve forward, int? bucket)
        where T : struct, IReal<T>
    {
        if (discount.Date != forward.Date)
        {
            throw new ArgumentException($"the curves start on {discount.Date:o} and {forward.Date:o}; expected one day", nameof(forward));
        }

        return Sign * Notional * (Floating<T>(discount, forward, bucket) - (FixedRate * Annuity<T>(discount, bucket)));
    }

    private T Annuity<T>(RateCurve curve, int? bucket)
        where T : struct, IReal<T> =>
        FixedLeg.PeriodsAfter(curve.Date)
            .Aggregate(T.Constant(0), (sum, period) => sum + (period.Years * T.Exp(curve.LogDiscount<T>(period.End, bucket))));

    /// <summary>Σ rate·length·discount, where rate·length = D(start)/D(end) − 1 on the forward curve unless the rate is fixed.</summary>
    private T Floating<T>(RateCurve discount, RateCurve forward, int? bucket)
        where T : struct, IReal<T> =>
        FloatingLeg.PeriodsAfter(discount.Date).Aggregate(T.Constant(0), (sum, period) =>
            sum + (T.Exp(discount.LogDiscount<T>(period.End, bucket)) * (period.Start < discount.Date
                ? T.Constant(period.Years * Fixing(period.Start))
                : T.Exp(forward.LogDiscount<T>(period.Start, bucket) - forward.LogDiscount<T>(period.End, bucket)) + -1)));

    private double Fixing(DateOnly start) => CurrentFixing
        ?? throw new ArgumentException($"the floating period that started on {start:o} needs its fixing: set {nameof(CurrentFixing)}");

    /// <summary>On one curve the floating leg is D(start) − D(end), so each cash flow's second derivative is t²·D.</summary>
    private double SecondDerivative(RateCurve curve)
    {
        double Curved(DateOnly day)
        {
            double years = DayCount.Actual365Fixed.Years(curve.Date, day);
            return years * years * curve.Discount(day);
        }

        double floating = FloatingLeg.PeriodsAfter(curve.Date).Sum(period => period.Start < curve.Date
            ? period.Years * Fixing(period.Start) * Curved(period.End)
            : Curved(period.Start) - Curved(period.End));
        double annuity = FixedLeg.PeriodsAfter(curve.Date).Sum(period => period.Years * Curved(period.End));
        return BasisPoint * BasisPoint * Sign * Notional * (floating - (FixedRate * annuity));
    }
}
