using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>A <see cref="ScenarioGrid"/> as variables, once a statement.</summary>
public sealed class ScenarioGridVariables
{
    private ScenarioGridVariables(Integer[] shocks, Integer[] logShocks, VolatilityShockVariables volatility) =>
        (Shocks, LogShocks, Volatility) = (shocks, logShocks, volatility);

    /// <summary>Spot factors in 10⁻⁶, ascending, the middle one 10⁶.</summary>
    public Integer[] Shocks { get; }

    /// <summary>ln of the factors with 20 binary places, one wire each; the middle one is 0.</summary>
    public Integer[] LogShocks { get; }

    /// <summary>The rule for the volatility multipliers.</summary>
    public VolatilityShockVariables Volatility { get; }

    /// <summary>Holds nine shocks to what <see cref="ScenarioGrid"/> demands, range-checks the volatility parameters and takes the logarithms.</summary>
    public static ScenarioGridVariables Define(CircuitBuilder builder, ReadOnlySpan<Linear> shocks, ReadOnlySpan<Linear> volatility)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(shocks.Length, ScenarioGrid.ShockCount);
        using ScopeHandle scope = builder.Scope("scenario grid");
        Integer[] factors = new Integer[ScenarioGrid.ShockCount];
        Integer[] logarithms = new Integer[ScenarioGrid.ShockCount];
        for (int i = 0; i < factors.Length; i++)
        {
            if (i == ScenarioGrid.UnshockedIndex)
            {
                builder.AssertEqual(shocks[i], Integer.Constant(ScenarioGrid.ShockUnit), "the middle shock is one");
                (factors[i], logarithms[i]) = ((long)ScenarioGrid.ShockUnit, 0);
            }
            else
            {
                factors[i] = builder.Narrow(builder.ToUnsigned(shocks[i], 24), ScenarioGrid.ShockMin, ScenarioGrid.ShockLimit - 1);
                Integer difference = LogarithmGadget.Compute(builder, factors[i]).Value - NaturalLogarithm.Compute(ScenarioGrid.ShockUnit);
                logarithms[i] = builder.FloorShift(difference, FixedPointPricer.LogDropBits);
            }

            if (i > 0)
            {
                builder.AssertLess(factors[i - 1], factors[i]);
            }
        }

        logarithms = Array.ConvertAll(logarithms, logarithm => Integer.Assume(builder.ToWire(logarithm), logarithm.Min, logarithm.Max, "a copy of an integer with these bounds"));
        return new ScenarioGridVariables(factors, logarithms, VolatilityShockVariables.Define(builder, volatility));
    }
}
