using System.Collections.Immutable;

namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>When an average takes its fixings, and what it has taken already. All fixings weigh alike.</summary>
public sealed record FixingSchedule
{
    /// <param name="years">Times of the fixings to come: at least one, 0 or more, none before its predecessor.</param>
    /// <param name="pastCount">How many fixings there were.</param>
    /// <param name="pastAverage">Their average, of the kind that the option takes; positive if there were any.</param>
    /// <exception cref="ArgumentException">The times are not as demanded.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The past is not as demanded.</exception>
    public FixingSchedule(ReadOnlySpan<double> years, int pastCount = 0, double pastAverage = 0)
    {
        double last = 0;
        foreach (double time in years)
        {
            last = time >= last && double.IsFinite(time)
                ? time
                : throw new ArgumentException($"a fixing at {time} years lies before its predecessor or now, {last}", nameof(years));
        }

        Years = years.IsEmpty ? throw new ArgumentException("an average needs a fixing to come", nameof(years)) : [.. years];
        ArgumentOutOfRangeException.ThrowIfNegative(pastCount);
        PastCount = pastCount;
        PastAverage = pastCount > 0 ? Require.Positive(pastAverage, nameof(pastAverage)) : 0;
    }

    /// <summary>Times of the fixings to come, ascending.</summary>
    public ImmutableArray<double> Years { get; }

    /// <summary>How many fixings there were.</summary>
    public int PastCount { get; }

    /// <summary>Their average; 0 if there were none.</summary>
    public double PastAverage { get; }

    /// <summary>All fixings, past and to come.</summary>
    public int Count => PastCount + Years.Length;

    /// <summary>Evenly spaced fixings from a first to a last time.</summary>
    /// <param name="firstYears">0 or more.</param>
    /// <param name="lastYears">Not before the first.</param>
    /// <param name="count">1 or more; a single fixing is the last.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no fixing.</exception>
    public static FixingSchedule Even(double firstYears, double lastYears, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double[] years = new double[count];
        for (int i = 0; i < count - 1; i++)
        {
            years[i] = firstYears + (lastYears - firstYears) * i / (count - 1);
        }

        years[^1] = lastYears;
        return new FixingSchedule(years);
    }

    internal double CheckedPayment(double years, string name) => years >= Years[^1]
        ? years
        : throw new ArgumentOutOfRangeException(name, years, $"payment cannot precede the last fixing, at {Years[^1]}");
}
