using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>
/// The market-risk statement as a constraint system: every instrument of a signed snapshot priced under every scenario, with Greeks, and committed,
/// so that other statements open rows instead of pricing. The page <c>host/docs/market-risk.md</c> states it, with the attack that each check stops.
/// </summary>
/// <param name="shape">Sizes of the snapshot.</param>
/// <param name="face">How the public fields are shown.</param>
public sealed class MarketRiskCircuit(MarketShape shape, PublicFace face) : IStatement
{
    private readonly CircuitParts _parts = new();

    /// <summary>Hints of this circuit and of every gadget in it, for loading a stored circuit.</summary>
    public static HintSet Hints => new HintSet().With(Pricing.PricingHints.All).With(CoreHints.All);

    /// <summary>Sizes of the snapshot.</summary>
    public MarketShape Shape => shape;

    /// <inheritdoc />
    public PublicFace Face => face;

    /// <inheritdoc />
    public IReadOnlyList<CircuitPart> Parts => _parts.All;

    /// <inheritdoc />
    public string Name => $"MarketRisk({shape}, {face})";

    /// <inheritdoc />
    public void Define(CircuitBuilder builder)
    {
        shape.Validate();
        _parts.Clear();
        PublicFields fields = _parts.Define(builder, "public fields", () => PublicFields.Define(builder, face, MarketRiskPublicInputs.Names).Bind("domain"));
        ParameterWires parameters = _parts.Define(builder, "parameters and scenario grid", () => ParameterWires.Define(builder));
        builder.AssertEqual(parameters.Hash, fields["parameter hash"], "parameter hash");
        SnapshotWires snapshot = _parts.Define(builder, "snapshot: ranges, order, ids, hash", () => SnapshotWires.Define(builder, shape.Snapshot, fields["oracle time"]));
        _parts.Define(builder, "oracle signature", () => OracleGadget.Verify(builder, snapshot.Message, fields["oracle key hash"]));
        MarketWires market = _parts.Define(builder, "risk rows, Greeks and discounts", () => MarketWires.Define(builder, snapshot, parameters, fields["oracle time"]));
        _parts.Define(builder, "commitment", () => builder.AssertEqual(RiskMatrixCommitment.Root(builder, snapshot, market), fields["risk root"], "risk root"));
    }
}
