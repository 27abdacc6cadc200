using Accel.Derivatives.Market;

namespace Accel.Derivatives.Pricing;

/// <summary>
/// A swap's coupon in fixed point: net = ⌊notional·(floating − fixed)·days / (basis·10⁹)⌋ in 10⁻⁸ USD, the only rounding. A notional below 2⁷⁰,
/// a difference of rates of at most 2·10⁹ &lt; 2³¹ and days below 2¹² keep the product below 2¹¹³.
/// The floor is taken for the receiver of the floating rate; the payer pays exactly that, so a coupon mints nothing.
/// </summary>
public static class SwapCoupon
{
    /// <summary>One, in the unit of rates: 10⁻⁹ per year.</summary>
    public const long RateUnit = 1_000_000_000;

    /// <summary>Rates lie within ±this, 100 % per year.</summary>
    public const long RateMax = RateUnit;

    /// <summary>A period has at most this many days, ten years and some.</summary>
    public const int DaysMax = 4_095;

    /// <summary>Notionals lie in [0, 2^<see cref="NotionalBits"/>) units of 10⁻⁸ USD, 11 trillion USD.</summary>
    public const int NotionalBits = 70;

    /// <summary>What the receiver of the floating rate gets, negative when it pays.</summary>
    /// <param name="notional">Notional, in [0, 2⁷⁰) units.</param>
    /// <param name="fixedRate">Fixed rate, 10⁻⁹ per year.</param>
    /// <param name="floatingRate">The period's floating rate, 10⁻⁹ per year.</param>
    /// <param name="days">Days as the convention counts them, in [0, 4095].</param>
    /// <param name="convention">Gives the year's length.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input is outside its domain.</exception>
    public static CashAmount Net(CashAmount notional, long fixedRate, long floatingRate, int days, DayCount convention)
    {
        if (notional.Value < 0 || notional.Value >= Int128.One << NotionalBits)
        {
            throw new ArgumentOutOfRangeException(nameof(notional), notional, $"must lie in [0, 2^{NotionalBits}) units");
        }

        CheckRate(fixedRate, nameof(fixedRate));
        CheckRate(floatingRate, nameof(floatingRate));
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, DaysMax);
        Int128 divisor = (Int128)convention.Basis() * RateUnit;
        return new CashAmount(Floor(notional.Value * (floatingRate - fixedRate) * days, divisor));
    }

    /// <summary>The same for a period given by its dates.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An input is outside its domain, or the period ends before it starts or is too long.</exception>
    public static CashAmount Net(CashAmount notional, long fixedRate, long floatingRate, DateOnly start, DateOnly end, DayCount convention) =>
        Net(notional, fixedRate, floatingRate, convention.Days(start, end), convention);

    private static void CheckRate(long rate, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rate, -RateMax, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, RateMax, name);
    }

    private static Int128 Floor(Int128 dividend, Int128 divisor)
    {
        (Int128 quotient, Int128 remainder) = Int128.DivRem(dividend, divisor);
        return remainder < 0 ? quotient - 1 : quotient;
    }
}
