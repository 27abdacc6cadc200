using Accel.Derivatives.Circuits.Pricing;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>The margin parameters as wires, each held to the bound that the arithmetic relies on, and their hash.</summary>
internal sealed class ParameterWires
{
    /// <summary>Input: the fourteen scalars in the order of the hash.</summary>
    public const string ScalarsName = "parameter scalars";

    /// <summary>Input: nine spot shocks.</summary>
    public const string ShocksName = "spot shocks";

    private const int ScalarCount = 14;

    // Ten, two and four in millionths.
    private const int FactorBits = 24;
    private const int GainDiscountBits = 21;
    private const int LossMarkupBits = 22;

    public required Integer MaintenanceFactor { get; init; }

    public required Integer InitialFactor { get; init; }

    public required Integer GainRateScale { get; init; }

    public required Integer GainRateAdd { get; init; }

    public required Integer GainDiscount { get; init; }

    public required Integer LossRateScale { get; init; }

    public required Integer LossRateAdd { get; init; }

    public required Integer LossMarkup { get; init; }

    public required ScenarioGridVariables Grid { get; init; }

    public required Linear Hash { get; init; }

    public static ParameterWires Define(CircuitBuilder builder)
    {
        using ScopeHandle scope = builder.Scope("parameters");
        Linear[] scalars = builder.SecretInputs(ScalarsName, ScalarCount);
        Linear[] shocks = builder.SecretInputs(ShocksName, ScenarioGrid.ShockCount);
        return new ParameterWires
        {
            MaintenanceFactor = builder.ToUnsigned(scalars[0], FactorBits),
            InitialFactor = builder.ToUnsigned(scalars[1], FactorBits),

            // The pricer takes range up, range down, short power, long power, floor, minimum; it bounds them and the shocks.
            Grid = ScenarioGridVariables.Define(builder, shocks, [scalars[2], scalars[3], scalars[5], scalars[6], scalars[7], scalars[4]]),
            GainRateScale = builder.ToUnsigned(scalars[8], FactorBits),
            GainRateAdd = builder.ToUnsigned(scalars[9], FactorBits),
            GainDiscount = builder.ToUnsigned(scalars[10], GainDiscountBits),
            LossRateScale = builder.ToUnsigned(scalars[11], FactorBits),
            LossRateAdd = builder.ToUnsigned(scalars[12], FactorBits),
            LossMarkup = builder.ToUnsigned(scalars[13], LossMarkupBits),
            Hash = PoseidonGadget.Hash(builder, [.. scalars, WordPacker.Pack(shocks, Margin.MarginParameters.SpotShockBits)]),
        };
    }
}
