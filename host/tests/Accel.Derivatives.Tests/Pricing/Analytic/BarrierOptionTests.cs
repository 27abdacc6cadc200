using Accel.Derivatives.Pricing.Analytic;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

public sealed class BarrierOptionTests
{
    /// <summary>What test-suite/barrieroption.cpp allows its analytic engine.</summary>
    private const double BabsiriTolerance = 1e-5, BeagleholeTolerance = 1e-3;

    private static readonly LognormalMarket Market = new(100, 0.07, 0.03, 0.25);

    public static TheoryData<bool, BarrierSide, BarrierEffect, double> Kinds()
    {
        TheoryData<bool, BarrierSide, BarrierEffect, double> kinds = [];
        foreach (BarrierSide side in Enum.GetValues<BarrierSide>())
        {
            foreach (BarrierEffect effect in Enum.GetValues<BarrierEffect>())
            {
                foreach (double strike in (double[])[85, 103, 120])
                {
                    kinds.Add(true, side, effect, strike);
                    kinds.Add(false, side, effect, strike);
                }
            }
        }

        return kinds;
    }

    [Fact]
    public void European_exercise_agrees_with_haug() => TableCheck.Agree(
        "ql_barrieroption_testHaugValues.csv",
        row => Option(row, "barrierType", row.IsCall(), row.Number("rebate"), row.Number("t")).Price(row.Market()),
        TableRows.Tolerance,
        row => row.Text("exType") == "european");

    [Fact]
    public void Knock_ins_agree_with_babsiri_and_noel() => TableCheck.Agree(
        "ql_barrieroption_testBabsiriValues.csv",
        row => row.Number("callValue"),
        row => Option(row, "type", isCall: true, rebate: 0, years: 1).Price(new LognormalMarket(100, 0.05, 0.02, row.Number("volatility"))),
        _ => BabsiriTolerance);

    [Fact]
    public void A_knock_out_agrees_with_beaglehole() => TableCheck.Agree(
        "ql_barrieroption_testBeagleholeValues.csv",
        row => row.Number("callValue"),
        row => Option(row, "type", isCall: true, rebate: 0, years: 1).Price(new LognormalMarket(50, Math.Log(1.1), 0, row.Number("volatility"))),
        _ => BeagleholeTolerance);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Greeks_are_the_derivatives_of_the_price(bool isCall, BarrierSide side, BarrierEffect effect, double strike)
    {
        BarrierOption option = new(isCall, side, effect, side == BarrierSide.Down ? 90 : 112, strike, 2.5, 0.7);
        SensitivityAssert.AreDerivatives(option, Market, t => option with { Years = option.Years - t });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void In_and_out_without_rebate_make_the_vanilla(bool isCall, BarrierSide side, BarrierEffect effect, double strike)
    {
        BarrierOption option = new(isCall, side, effect, side == BarrierSide.Down ? 90 : 112, strike, 0, 0.7);
        BarrierOption other = option with { Effect = effect == BarrierEffect.In ? BarrierEffect.Out : BarrierEffect.In };
        double vanilla = new EuropeanOption(isCall, strike, 0.7).Price(Market);
        Assert.Equal(vanilla, option.Price(Market) + other.Price(Market), 1e-12);
        Assert.InRange(option.Price(Market), -1e-12, vanilla + 1e-12);
    }

    [Fact]
    public void A_rebate_at_touch_is_refused_where_its_formula_ends()
    {
        BarrierOption option = new(true, BarrierSide.Up, BarrierEffect.Out, 120, 100, 1, 1);
        LognormalMarket market = new(100, -0.05, -0.0525, 0.1);
        Assert.Throws<ArgumentOutOfRangeException>(() => option.Price(market));
        Assert.True((option with { Rebate = 0 }).Price(market) > 0);
    }

    [Fact]
    public void Greeks_are_finite_where_lambda_is_zero()
    {
        BarrierOption option = new(true, BarrierSide.Up, BarrierEffect.Out, 120, 100, 1, 1);
        LognormalMarket market = new(100, 0, -0.25 * 0.25 / 2, 0.25);
        SensitivityAssert.Equal(option.Greeks(market with { Rate = 1e-7 }), option.Greeks(market), 1e-4);
    }

    private static BarrierOption Option(OutsideTable.Row row, string typeColumn, bool isCall, double rebate, double years)
    {
        (BarrierSide side, BarrierEffect effect) = row.Barrier(typeColumn);
        return new BarrierOption(isCall, side, effect, row.Number("barrier"), row.Number("strike"), rebate, years);
    }
}
