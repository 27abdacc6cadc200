using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using CsCheck;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing;

public sealed class SwapCouponTests
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

    [Fact]
    public void A_coupon_is_the_exact_quotient_floored_once() => Gen.Select(
        Gen.Long[0, long.MaxValue], Gen.Int[0, 6], Gen.Long[-SwapCoupon.RateMax, SwapCoupon.RateMax],
        Gen.Long[-SwapCoupon.RateMax, SwapCoupon.RateMax],
        Gen.Int[0, SwapCoupon.DaysMax], Gen.Int[0, 2]).Sample((units, shift, paid, received, days, convention) =>
        {
            var notional = new CashAmount((Int128)units << shift);
            CashAmount net = SwapCoupon.Net(notional, paid, received, days, (DayCount)convention);
            BigInteger dividend = (BigInteger)notional.Value * (received - paid) * days;
            BigInteger divisor = ((DayCount)convention).Basis() * (BigInteger)1_000_000_000;
            BigInteger error = dividend - ((BigInteger)net.Value * divisor);
            Assert.True(error >= 0 && error < divisor, $"{net.Value} for {dividend}/{divisor}");
        }, iter: 2_000, seed: "0000KOIPe648");

    [Fact]
    public void A_known_coupon()
    {
        // 10 million at 3.25 % against 3 % for 92 days of 360: 6388.888… USD.
        CashAmount notional = CashAmount.Parse("10000000");
        Assert.Equal("6388.88888888", SwapCoupon.Net(notional, 30_000_000, 32_500_000, 92, DayCount.Actual360).ToString());
        Assert.Equal("-6388.88888889", SwapCoupon.Net(notional, 32_500_000, 30_000_000, 92, DayCount.Actual360).ToString());
        Assert.Equal("6301.36986301", SwapCoupon.Net(
            notional, 30_000_000, 32_500_000, new DateOnly(2026, 1, 15), new DateOnly(2026, 4, 17), DayCount.Actual365Fixed).ToString());
    }

    [Fact]
    public void The_largest_inputs_stay_exact()
    {
        var notional = new CashAmount((Int128.One << SwapCoupon.NotionalBits) - 1);
        BigInteger expected = (((BigInteger.One << SwapCoupon.NotionalBits) - 1) * 2 * SwapCoupon.DaysMax) / 360;
        Assert.Equal(expected, (BigInteger)SwapCoupon.Net(notional, -SwapCoupon.RateMax, SwapCoupon.RateMax, SwapCoupon.DaysMax, DayCount.Actual360)
            .Value);
        Assert.True(SwapCoupon.Net(notional, -SwapCoupon.RateMax, SwapCoupon.RateMax, SwapCoupon.DaysMax, DayCount.Actual360).IsInDomain);
    }

    [Fact]
    public void Inputs_outside_the_domain_are_named()
    {
        CashAmount one = CashAmount.Parse("1");
        Assert.Throws<ArgumentOutOfRangeException>("notional", () => SwapCoupon.Net(CashAmount.Parse("-1"), 0, 0, 1, DayCount.Actual360));
        Assert.Throws<ArgumentOutOfRangeException>(
            "notional", () => SwapCoupon.Net(new CashAmount(Int128.One << SwapCoupon.NotionalBits), 0, 0, 1, DayCount.Actual360));
        Assert.Throws<ArgumentOutOfRangeException>("fixedRate", () => SwapCoupon.Net(one, SwapCoupon.RateMax + 1, 0, 1, DayCount.Actual360));
        Assert.Throws<ArgumentOutOfRangeException>("floatingRate", () => SwapCoupon.Net(one, 0, -SwapCoupon.RateMax - 1, 1, DayCount.Actual360));
        Assert.Throws<ArgumentOutOfRangeException>("days", () => SwapCoupon.Net(one, 0, 0, SwapCoupon.DaysMax + 1, DayCount.Actual360));
        Assert.Throws<ArgumentOutOfRangeException>(
            "days", () => SwapCoupon.Net(one, 0, 0, new DateOnly(2026, 1, 2), new DateOnly(2026, 1, 1), DayCount.Actual360));
    }
}
