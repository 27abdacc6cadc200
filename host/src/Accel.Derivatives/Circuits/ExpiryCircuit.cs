using Accel.Derivatives.Expiries;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.State;
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
    internal const string ScalarsName = "leaf fields";
    internal const string IdsName = "position ids";
    internal const string QuantitiesName = "position quantities";

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
            builder, "public fields", () => PublicFields.Define(builder, face, ExpiryPublicInputs.Names).Bind("domain", "batch number"));
        FixingWires fixings = _parts.Define(
            builder, "fixings: ranges, order, hash", () => FixingWires.Define(builder, FixingKind.Price, shape.Fixings, fields["oracle time"]));
        _parts.Define(builder, "oracle signature", () => OracleGadget.Verify(builder, fixings.Message, fields["oracle key hash"]));
        PriceFixingWires prices = _parts.Define(builder, "logarithms of the fixings", () => PriceFixingWires.Define(builder, fixings));
        Linear[] contracts = _parts.Define(builder, "contracts: ids and pay-offs", () => DefineContracts(builder, prices));
        Bit[] rangeIndex = LeafRange.Index(builder, fields["first leaf"], shape.RangeHeight);
        ExpiredAccountWires[] accounts = _parts.Define(builder, "accounts", () => DefineAccounts(builder, contracts));
        Linear between = _parts.Define(builder, "range of the tree", () => LeafRange.Update(
            builder, rangeIndex, [.. accounts.Select(a => a.OldLeaf)], [.. accounts.Select(a => a.NewLeaf)], fields["old root"]));
        Linear clearingWord = _parts.Define(builder, "clearing account", () => ClearingWires.Pay(
            builder, Linear.Sum([.. accounts.Select(a => a.CashReceived)]), between, fields["new root"]));
        _parts.Define(builder, "difference", () => builder.AssertEqual(
            Sponge.Hash(builder, [.. accounts.Select(a => a.Word), clearingWord]), fields["diff hash"], "diff hash"));
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
            .. result.Batch.Contracts.SelectMany(ContractTemplate.Terms), .. new Fr[ContractTemplate.TermCount * (shape.Contracts - result.Batch.Contracts.Count)],
        ]);
        Account?[] accounts = [.. result.Accounts.Select(a => a.Before)];
        assignment.Set(ScalarsName, [.. accounts.SelectMany(Scalars)]);
        assignment.Set(IdsName, [.. accounts.SelectMany(a => Padded(a, p => p.InstrumentId, shape.Positions))]);
        assignment.Set(QuantitiesName, [.. accounts.SelectMany(a => Padded(a, p => p.Quantity.Value, shape.Positions))]);
        LeafRange.Assign(assignment, result.RangePath);
        ClearingWires.Assign(assignment, result.ClearingBefore, result.ClearingPath);
        return assignment;
    }

    private static Fr[] Scalars(Account? a) => a is null
        ? [Fr.One, .. new Fr[ExpiringAccountTemplate.ScalarCount - 1]]
        : [Fr.Zero, a.KeyX, a.KeyY, a.PackedStatus, FieldIntegers.FromInt128(a.Cash.Value), a.Perpetual, a.Indices];

    private static Fr[] Padded(Account? account, Func<Position, Fr> field, int count)
    {
        var padded = new Fr[count];
        for (int i = 0; i < (account?.Positions.Count ?? 0); i++)
        {
            padded[i] = field(account!.Positions[i]);
        }

        return padded;
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

    private ExpiredAccountWires[] DefineAccounts(CircuitBuilder builder, Linear[] contracts)
    {
        using ScopeHandle scope = builder.Scope("accounts");
        Linear[][] scalars = [.. builder.SecretInputs(ScalarsName, ExpiringAccountTemplate.ScalarCount * shape.Accounts).Chunk(ExpiringAccountTemplate.ScalarCount)];
        Linear[][] ids = [.. builder.SecretInputs(IdsName, shape.Positions * shape.Accounts).Chunk(shape.Positions)];
        Linear[][] quantities = [.. builder.SecretInputs(QuantitiesName, shape.Positions * shape.Accounts).Chunk(shape.Positions)];
        var template = new ExpiringAccountTemplate(shape.Contracts, shape.Positions);
        return
        [
            .. Enumerable.Range(0, shape.Accounts).Select(a =>
                ExpiredAccountWires.Of(builder.Call(template, [.. scalars[a], .. ids[a], .. quantities[a], .. contracts]))),
        ];
    }
}
