using Accel.Derivatives.Pricing.Analytic;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

public sealed class DoubleBarrierOptionTests
{
    private static readonly LognormalMarket Market = new(100, 0.07, 0.03, 0.25);

    [Fact]
    public void European_exercise_agrees_with_haug() => TableCheck.Agree(
        "ql_doublebarrieroption_testEuropeanHaugValues.csv", row => Option(row).Price(row.Market()), TableRows.Tolerance);

    [Theory]
    [InlineData(true, BarrierEffect.Out)]
    [InlineData(false, BarrierEffect.Out)]
    [InlineData(true, BarrierEffect.In)]
    [InlineData(false, BarrierEffect.In)]
    public void Greeks_are_the_derivatives_of_the_price(bool isCall, BarrierEffect effect)
    {
        DoubleBarrierOption option = new(isCall, effect, 80, 125, 101, 0.7);
        SensitivityAssert.AreDerivatives(option, Market, t => option with { Years = option.Years - t });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_far_barrier_leaves_the_single_one(bool isCall)
    {
        BarrierOption single = new(isCall, BarrierSide.Down, BarrierEffect.Out, 90, 100, 0, 0.7);
        DoubleBarrierOption corridor = new(isCall, BarrierEffect.Out, 90, 2000, 100, 0.7);
        Assert.Equal(single.Price(Market), corridor.Price(Market), 1e-11);
    }

    [Fact]
    public void Outside_the_corridor_it_has_ended()
    {
        DoubleBarrierOption option = new(true, BarrierEffect.Out, 90, 110, 100, 0.7);
        Assert.Equal(0, option.Price(Market with { Spot = 110 }));
        Assert.Equal(0, (option with { Strike = 120 }).Price(Market));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DoubleBarrierOption(true, BarrierEffect.Out, 90, 90, 100, 0.7));
    }

    private static DoubleBarrierOption Option(OutsideTable.Row row) => new(
        row.IsCall(),
        row.Text("barrierType") == "KnockOut" ? BarrierEffect.Out : BarrierEffect.In,
        row.Number("barrierlo"),
        row.Number("barrierhi"),
        row.Number("strike"),
        row.Number("t"));
}
