using Accel.Derivatives.Circuits.Pricing;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Pricing.Analytic;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing;

public sealed class ExpiryRiskTests
{
    private const int Seed = 20261126;
    private const double TauUnit = 0.75e6 / (1L << 52);
    private static readonly double RootUnit = 0.75 / (1L << FixedPointPricer.VarianceRootBits);

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(86_400UL)]
    [InlineData(2_592_000UL)]
    [InlineData(134_217_727UL)]
    [InlineData(1UL << 39)]
    public void Roots_of_time_agree_with_doubles_and_carry_the_multipliers(ulong seconds)
    {
        ExpiryRisk expiry = new(1_000_000_000, seconds, ScenarioGrid.Published);
        double root = Math.Sqrt((double)Math.Min(seconds, ExpiryRisk.SecondsMax) / ExpiryRisk.SecondsPerYear);
        (long up, long down) = ScenarioGrid.Published.Volatility.Multipliers(seconds);
        double unit = 1.0 / (1 << VolatilityShock.MultiplierBits);
        Assert.Equal(root, expiry.Tau * TauUnit, 1e-9);
        Assert.Equal(Math.Min(root * up * unit, ExpiryRisk.TauMax * TauUnit), expiry.Taus[(int)VolatilityShift.Up] * TauUnit, 1e-9);
        Assert.Equal(expiry.Tau, expiry.Taus[(int)VolatilityShift.None]);
        Assert.Equal(root * down * unit, expiry.Taus[(int)VolatilityShift.Down] * TauUnit, 1e-9);
        Assert.Equal(Math.Max(0.45 * root, ExpiryRisk.VarianceRootMin * RootUnit), expiry.VarianceRootMins[(int)VolatilityShift.Up] * RootUnit, 1e-8);
        Assert.Equal(ExpiryRisk.VarianceRootMin, expiry.VarianceRootMins[(int)VolatilityShift.Down]);
        double divisor = Math.Max(expiry.Tau, ExpiryRisk.TauMin);
        Assert.Equal(Math.Pow(2, 54) / divisor, expiry.ThetaFactor, 1.0);
    }

    [Fact]
    public void Logarithms_agree_with_doubles_and_the_unshocked_one_is_zero()
    {
        ExpiryRisk expiry = new(1_234_567_890, 1_000, ScenarioGrid.Published);
        Assert.Equal(Math.Log(1_234_567_890), expiry.LogForward / (double)(1L << NaturalLogarithm.FractionBits), 2e-9);
        Assert.Equal(0, expiry.LogShocks[ScenarioGrid.UnshockedIndex]);
        for (int i = 0; i < ScenarioGrid.ShockCount; i++)
        {
            uint shock = ScenarioGrid.Published.ShocksPpm[i];
            Assert.Equal(expiry.LogShocks[i], ExpiryRisk.LogShock(shock));
            Assert.Equal(Math.Log(shock / 1e6), expiry.LogShocks[i] / (double)(1 << 20), 1.1e-6);
        }
    }

    [Fact]
    public void Quantised_deviations_give_the_distribution_at_both_ends_of_v()
    {
        const long root = 123_456_789;
        const double logMoneyness = 0.07;
        FixedPointPricer.D1 d1 = FixedPointPricer.Quantise((long)(logMoneyness * Math.Pow(2, 30)), root, FixedPointPricer.Precision.Mark);
        double v = root * RootUnit;
        double exact = logMoneyness / v + v / 2;
        double cell = 0.75 / (1 << NormalDistribution.CellBits);
        Assert.False(d1.IsNegative);
        Assert.Equal(exact, (d1.Cell + 0.5 + d1.Residual / 4096.0) * cell, 2 * cell / 4096);
        double scale = Math.Pow(2, NormalDistribution.CdfScaleBits);
        double quantised = (d1.Cell + 0.5) * cell;
        Assert.Equal(Gaussian.Cdf(quantised) - 0.5, (double)FixedPointPricer.CdfOfD1(d1) / scale, 6e-9);
        Assert.Equal(Gaussian.Cdf(quantised - v) - 0.5, (double)FixedPointPricer.CdfOfD2(d1, root) / scale, 1.1e-8);
    }

    [Fact]
    public void Circuit_equals_the_reference()
    {
        ScenarioGrid grid = ScenarioGrid.Published;
        GadgetCircuit source = new("expiry", [ExpiryRisk.PriceBits, 40], ScenarioGrid.ShockCount + 7, (b, x) =>
        {
            Linear[] shocks = [.. grid.ShocksPpm.Select(shock => (Linear)(Fr)(ulong)shock)];
            Linear[] volatility = Array.ConvertAll(VolatilityShockVariables.Values(grid.Volatility), value => (Linear)value);
            ScenarioGridVariables variables = ScenarioGridVariables.Define(b, shocks, volatility);
            ExpiryRiskVariables expiry = ExpiryRiskVariables.Define(b, variables, x[0], x[1]);
            Assert.Same(variables, expiry.Grid);
            Assert.Equal(ScenarioGrid.ShockCount, expiry.Grid.LogShocks.Length);
            Integer[] outputs = [.. expiry.ShockedForwards, .. expiry.Taus, expiry.LogForward, expiry.CoarseLogForward, expiry.VarianceRootMinUp, expiry.ThetaFactor];
            return Array.ConvertAll(outputs, output => output.Value);
        });
        using CompiledCircuit circuit = CompiledCircuit.Compile(source);
        Random random = new(Seed);
        for (int i = 0; i < TestScale.Count(40); i++)
        {
            OptionQuote quote = FixedPointPricerTests.WildQuote(random);
            ExpiryRisk expiry = new(quote.ForwardTicks, quote.SecondsToExpiry, grid);
            long[] expected =
            [
                .. expiry.ShockedForwards, .. expiry.Taus, expiry.LogForward, expiry.LogForward >> 10,
                expiry.VarianceRootMins[(int)VolatilityShift.Up], expiry.ThetaFactor,
            ];
            long[] inputs = [(long)quote.ForwardTicks, (long)quote.SecondsToExpiry];
            Violation? violation = WitnessSolver.TrySolve(circuit, GadgetCircuit.Assign(circuit, inputs, Array.ConvertAll(expected, value => (Fr)value))).Violation;
            Assert.True(violation is null, $"seed {Seed}, {quote}: {violation}");
        }
    }
}
