namespace Accel.Derivatives.Pricing;

/// <summary>How a period's length counts as a share of a year.</summary>
public enum DayCount
{
    /// <summary>Days over 360 (ISDA 2006, 4.16(e)).</summary>
    Actual360 = 0,

    /// <summary>Days over 365 (ISDA 2006, 4.16(d)).</summary>
    Actual365Fixed = 1,

    /// <summary>Months of 30 days over 360, the bond basis (ISDA 2006, 4.16(f)).</summary>
    Thirty360 = 2,
}

/// <summary>Day counts as integers: a period is <see cref="Days"/> over <see cref="Basis"/> years.</summary>
public static class DayCounts
{
    /// <summary>Days of the year: 360 or 365.</summary>
    public static int Basis(this DayCount convention) => convention == DayCount.Actual365Fixed ? 365 : 360;

    /// <summary>Days of a period as the convention counts them; negative where it ends before it starts.</summary>
    public static int Days(this DayCount convention, DateOnly start, DateOnly end)
    {
        if (convention != DayCount.Thirty360)
        {
            return end.DayNumber - start.DayNumber;
        }

        int first = Math.Min(start.Day, 30);
        int last = end.Day == 31 && first == 30 ? 30 : end.Day;
        return (360 * (end.Year - start.Year)) + (30 * (end.Month - start.Month)) + last - first;
    }

    /// <summary>The period in years.</summary>
    public static double Years(this DayCount convention, DateOnly start, DateOnly end) => convention.Days(start, end) / (double)convention.Basis();
}
