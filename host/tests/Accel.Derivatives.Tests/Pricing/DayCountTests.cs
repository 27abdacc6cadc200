using Accel.Derivatives.Coupons;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing;

public sealed class DayCountTests
{
    [Theory]
    // ISDA's and SWX's examples of the bond basis, then the counts that differ between conventions.
    [InlineData("2007-01-15", "2007-01-30", 15, 15)]
    [InlineData("2007-01-15", "2007-02-15", 30, 31)]
    [InlineData("2007-01-15", "2007-07-15", 180, 181)]
    [InlineData("2007-09-30", "2008-03-31", 180, 183)]
    [InlineData("2007-09-30", "2007-10-31", 30, 31)]
    [InlineData("2007-09-30", "2008-09-30", 360, 366)]
    [InlineData("2007-01-15", "2007-01-31", 16, 16)]
    [InlineData("2007-01-31", "2007-02-28", 28, 28)]
    [InlineData("2007-02-28", "2007-03-31", 33, 31)]
    [InlineData("2006-08-31", "2007-02-28", 178, 181)]
    [InlineData("2007-02-28", "2007-08-31", 183, 184)]
    [InlineData("2007-02-14", "2007-02-28", 14, 14)]
    [InlineData("2007-02-26", "2008-02-29", 363, 368)]
    [InlineData("2008-02-29", "2009-02-28", 359, 365)]
    [InlineData("2008-02-29", "2008-03-30", 31, 30)]
    [InlineData("2008-02-29", "2008-03-31", 32, 31)]
    [InlineData("2007-10-31", "2007-11-30", 30, 30)]
    public void Days_are_counted_as_published(string start, string end, int thirty, int actual)
    {
        DateOnly from = DateOnly.Parse(start, System.Globalization.CultureInfo.InvariantCulture);
        DateOnly to = DateOnly.Parse(end, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(thirty, DayCount.Thirty360.Days(from, to));
        Assert.Equal(actual, DayCount.Actual360.Days(from, to));
        Assert.Equal(actual, DayCount.Actual365Fixed.Days(from, to));
        Assert.Equal((actual / 360d, actual / 365d, thirty / 360d),
            (DayCount.Actual360.Years(from, to), DayCount.Actual365Fixed.Years(from, to), DayCount.Thirty360.Years(from, to)));
    }

    [Theory]
    [InlineData(DayCount.Actual360, 638_8888, -638_8889)]
    [InlineData(DayCount.Actual365Fixed, 630_1369, -630_1370)]
    [InlineData(DayCount.Thirty360, 638_8888, -638_8889)]
    public void A_proved_coupon_accrues_by_these_days_and_is_floored_once(DayCount convention, long received, long paid)
    {
        // One million at 3.25 % against 3 % from 15 January to 17 April 2026: 92 days by every convention.
        DateOnly start = new(2026, 1, 15), end = new(2026, 4, 17);
        SwapCoupon coupon = new()
        {
            Index = "SOFR",
            ResetTime = 1,
            PayTime = 2,
            FixedRate = 3_000_000,
            AccrualNumerator = convention.Days(start, end),
            AccrualDenominator = convention.Basis(),
            Notional = PriceTicks.FromUsd(1_000_000),
            Next = Fr.Zero,
        };
        coupon.Validate();
        Assert.Equal(received, coupon.Amount(3_250_000));
        Assert.Equal(paid, (coupon with { FixedRate = 3_250_000 }).Amount(3_000_000));
    }
}
