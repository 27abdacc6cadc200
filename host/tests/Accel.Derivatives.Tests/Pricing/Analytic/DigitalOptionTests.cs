using Accel.Derivatives.Pricing.Analytic;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

public sealed class DigitalOptionTests
{
    /// <summary>The cash that test-suite/digitaloption.cpp pays, in European and American digitals.</summary>
    private const double EuropeanCash = 10, AmericanCash = 15;

    /// <summary>The payment strike of its gap option.</summary>
    private const double GapStrike = 57;

    private static readonly LognormalMarket Market = new(100, 0.06, 0.02, 0.3);

    [Fact]
    public void Cash_or_nothing_agrees_with_haug() => TableCheck.Agree(
        "ql_digitaloption_testCashOrNothingEuropeanValues.csv",
        row => new CashOrNothing(row.IsCall(), row.Number("strike"), EuropeanCash, row.Number("t")).Price(row.Market()),
        TableRows.Tolerance);

    [Fact]
    public void Asset_or_nothing_agrees_with_haug() => TableCheck.Agree(
        "ql_digitaloption_testAssetOrNothingEuropeanValues.csv",
        row => new AssetOrNothing(row.IsCall(), row.Number("strike"), row.Number("t")).Price(row.Market()),
        TableRows.Tolerance);

    [Fact]
    public void Gap_options_agree_with_haug() => TableCheck.Agree(
        "ql_digitaloption_testGapEuropeanValues.csv",
        row => new GapOption(row.IsCall(), row.Number("strike"), GapStrike, row.Number("t")).Price(row.Market()),
        TableRows.Tolerance);

    [Theory]
    [InlineData("ql_binaryoption_testCashOrNothingHaugValues.csv", DigitalPayment.Cash)]
    [InlineData("ql_binaryoption_testAssetOrNothingHaugValues.csv", DigitalPayment.Asset)]
    public void Barrier_digitals_agree_with_haug(string path, DigitalPayment payment) =>
        TableCheck.Agree(path, row => BarrierDigital(row, payment).Price(row.Market()), TableRows.Tolerance);

    [Theory]
    [InlineData("ql_digitaloption_testCashAtHitOrNothingAmericanValues.csv", DigitalPayment.Cash, TouchTiming.AtTouch)]
    [InlineData("ql_digitaloption_testAssetAtHitOrNothingAmericanValues.csv", DigitalPayment.Asset, TouchTiming.AtTouch)]
    [InlineData("ql_digitaloption_testCashAtExpiryOrNothingAmericanValues.csv", DigitalPayment.Cash, TouchTiming.AtExpiry)]
    [InlineData("ql_digitaloption_testAssetAtExpiryOrNothingAmericanValues.csv", DigitalPayment.Asset, TouchTiming.AtExpiry)]
    public void Touch_options_agree_with_haug(string path, DigitalPayment payment, TouchTiming timing) => TableCheck.Agree(
        path, row => Expected(row.Text("result")), row => Touch(row, payment, timing).Price(row.Market()), TableRows.Tolerance);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Greeks_are_the_derivatives_of_the_price(bool isCall)
    {
        CashOrNothing cash = new(isCall, 95, 10, 0.8);
        SensitivityAssert.AreDerivatives(cash, Market, t => cash with { Years = cash.Years - t });
        AssetOrNothing asset = new(isCall, 105, 0.8);
        SensitivityAssert.AreDerivatives(asset, Market, t => asset with { Years = asset.Years - t });
        GapOption gap = new(isCall, 95, 102, 0.8);
        SensitivityAssert.AreDerivatives(gap, Market, t => gap with { Years = gap.Years - t });
        BarrierSide side = isCall ? BarrierSide.Up : BarrierSide.Down;
        double barrier = isCall ? 115 : 88;
        BarrierDigital digital = new(isCall, side, BarrierEffect.Out, barrier, 101, DigitalPayment.Asset, 1, 0.8);
        SensitivityAssert.AreDerivatives(digital, Market, t => digital with { Years = digital.Years - t });
        NoTouch noTouch = new(side, barrier, DigitalPayment.Asset, 1, 0.8);
        SensitivityAssert.AreDerivatives(noTouch, Market, t => noTouch with { Years = noTouch.Years - t });
        foreach (TouchTiming timing in Enum.GetValues<TouchTiming>())
        {
            OneTouch touch = new(side, barrier, DigitalPayment.Cash, 20, timing, 0.8);
            SensitivityAssert.AreDerivatives(touch, Market, t => touch with { Years = touch.Years - t });
        }
    }

    private static BarrierDigital BarrierDigital(OutsideTable.Row row, DigitalPayment payment)
    {
        (BarrierSide side, BarrierEffect effect) = row.Barrier("barrierType");
        double amount = payment == DigitalPayment.Cash ? row.Number("cash") : 1;
        return new BarrierDigital(row.IsCall(), side, effect, row.Number("barrier"), row.Number("strike"), payment, amount, row.Number("t"));
    }

    private static LognormalOption Touch(OutsideTable.Row row, DigitalPayment payment, TouchTiming timing)
    {
        BarrierSide side = row.IsCall() ? BarrierSide.Up : BarrierSide.Down;
        double amount = payment == DigitalPayment.Cash ? AmericanCash : 1, years = row.Number("t");
        return row.Text("knockin") == "true"
            ? new OneTouch(side, row.Number("strike"), payment, amount, timing, years)
            : new NoTouch(side, row.Number("strike"), payment, amount, years);
    }

    /// <summary>A number, or a number times std::exp of one.</summary>
    private static double Expected(string text)
    {
        string[] factors = text.Replace("*std::exp(", ";", StringComparison.Ordinal).TrimEnd(')').Split(';');
        double Number(int i) => double.Parse(factors[i], System.Globalization.CultureInfo.InvariantCulture);
        return factors.Length == 1 ? Number(0) : Number(0) * Math.Exp(Number(1));
    }
}
