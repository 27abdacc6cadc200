using Accel.Derivatives.Pricing.Analytic;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

internal static class SensitivityAssert
{
    public static void Equal(Sensitivities expected, Sensitivities actual, double tolerance)
    {
        Close(expected.Price, actual.Price);
        Close(expected.Delta, actual.Delta);
        Close(expected.Gamma, actual.Gamma);
        Close(expected.Vega, actual.Vega);
        Close(expected.Theta, actual.Theta);
        Close(expected.Rho, actual.Rho);
        Close(expected.YieldRho, actual.YieldRho);

        void Close(double left, double right) => Assert.True(
            Math.Abs(left - right) <= tolerance * Math.Max(1, Math.Abs(left)), $"{left} and {right} differ in {expected} and {actual}");
    }

    /// <summary>
    /// Greeks against five-point differences of the price. <paramref name="later"/> is the option when a time has passed; volatility is flat.
    /// </summary>
    public static void AreDerivatives(LognormalOption option, LognormalMarket market, Func<double, LognormalOption> later)
    {
        const double years = 1;
        double h = 1e-3, volatility = market.Volatility.To(years), spotStep = market.Spot * 1e-3;
        Sensitivities greeks = option.Greeks(market);
        double At(double spot) => option.Price(market with { Spot = spot });
        double second = (16 * (At(market.Spot + spotStep) + At(market.Spot - spotStep))
            - (At(market.Spot + 2 * spotStep) + At(market.Spot - 2 * spotStep)) - 30 * At(market.Spot)) / (12 * spotStep * spotStep);
        Sensitivities differences = new(
            option.Price(market),
            Slope(d => At(market.Spot + d), spotStep),
            second,
            Slope(d => option.Price(market with { Volatility = volatility + d }), h),
            Slope(d => later(d).Price(market), h),
            Slope(d => option.Price(market with { Rate = market.Rate + d }), h),
            Slope(d => option.Price(market with { Yield = market.Yield + d }), h));
        Equal(differences, greeks, 1e-5);
    }

    private static double Slope(Func<double, double> f, double h) => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}
