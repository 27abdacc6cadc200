using Accel.Derivatives.Expiries;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits;

/// <summary>
/// Expiry as a constraint system: what <see cref="ExpiryReference"/> computes, proved. The page <c>host/docs/expiry.md</c> states it, with
/// the attack that each check stops.
/// </summary>
/// <param name="shape">Sizes of the batch.</param>
/// <param name="face">How the public fields are shown.</param>
public sealed class ExpiryCircuit(ExpiryShape shape, PublicFace face) : IStatement
{
    internal const string TermsName = "contract terms";
    private readonly CircuitParts _parts = new();

    /// <summary>Hints of this circuit and of every gadget in it, for loading a stored circuit.</summary>
    public static HintSet Hints => new HintSet().With(Pricing.PricingHints.All).With(CoreHints.All);

    /// <summary>Sizes of the batch.</summary>
    public ExpiryShape Shape => shape;

    /// <inheritdoc />
    public PublicFace Face => face;

    /// <inheritdoc />
    public IReadOnlyList<CircuitPart> Parts => _parts.All;

    /// <inheritdoc />
    public string Name => $"Expiry({shape}, {face})";

    /// <inheritdoc />
    public void Define(CircuitBuilder builder)
    {
        shape.Validate();
        _parts.Clear();
        PublicFields fields = _parts.Define(
            builder, "public fields", () => PublicFields.Define(builder, face, RangePublicInputs.Names).Bind("domain", "batch number"));
        FixingWires fixings = _parts.Define(
            builder, "fixings: ranges, order, hash", () => FixingWires.Define(builder, FixingKind.Price, shape.Fixings, fields["oracle time"]));
        _parts.Define(builder, "oracle signature", () => OracleGadget.Verify(builder, fixings.Message, fields["oracle key hash"]));
        PriceFixingWires prices = _parts.Define(builder, "logarithms of the fixings", () => PriceFixingWires.Define(builder, fixings));
        Linear[] contracts = _parts.Define(builder, "contracts: ids and pay-offs", () => DefineContracts(builder, prices));
        RangeUpdate.Define(builder, _parts, fields, shape.RangeHeight, () => DefineAccounts(builder, contracts), []);
    }

    /// <summary>The inputs of a proof of an expired batch.</summary>
    /// <param name="circuit">The compiled circuit, of the batch's shape.</param>
    /// <param name="face">The circuit's face.</param>
    /// <param name="result">The expired batch.</param>
    /// <exception cref="ArgumentException">The circuit has another shape.</exception>
    public static Assignment Assign(CompiledCircuit circuit, PublicFace face, ExpiryResult result)
    {
        var assignment = new Assignment(circuit);
        ExpiryShape shape = result.Batch.Shape;
        PublicFields.Assign(assignment, face, result.PublicInputs.ToFields());
        FixingWires.Assign(assignment, result.Batch.Fixings);
        assignment.Set(TermsName,
        [
            .. result.Batch.Contracts.SelectMany(ContractTemplate.Terms),
            .. new Fr[ContractTemplate.TermCount * (shape.Contracts - result.Batch.Contracts.Count)],
        ]);
        CarriedLeaf.Assign(assignment, [.. result.Range.Accounts.Select(a => a.Before)], shape.Positions);
        RangeUpdate.Assign(assignment, result.Range);
        return assignment;
    }

    /// <summary>Id and pay-off of each contract slot, one after the other.</summary>
    private Linear[] DefineContracts(CircuitBuilder builder, PriceFixingWires prices)
    {
        using ScopeHandle scope = builder.Scope("contracts");
        Linear[] terms = builder.SecretInputs(TermsName, ContractTemplate.TermCount * shape.Contracts);
        var template = new ContractTemplate(shape.Fixings);
        Linear[] shared = prices.ToArray();
        return [.. terms.Chunk(ContractTemplate.TermCount).SelectMany(slot => builder.Call(template, [.. shared, .. slot]))];
    }

    private ChangedLeaf[] DefineAccounts(CircuitBuilder builder, Linear[] contracts)
    {
        using ScopeHandle scope = builder.Scope("accounts");
        var template = new ExpiringAccountTemplate(shape.Contracts, shape.Positions);
        return [.. CarriedLeaf.Inputs(builder, shape.Accounts, shape.Positions)
            .Select(leaf => ChangedLeaf.Of(builder.Call(template, [.. leaf, .. contracts])))];
    }
}
