using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>
/// The settlement statement as a constraint system: what <see cref="SettlementReference"/> computes, proved. The page
/// <c>host/docs/settlement-batch.md</c> states it, with the attack that each check stops.
/// </summary>
/// <param name="shape">Sizes of the batch.</param>
/// <param name="face">How the public fields are shown.</param>
public sealed class SettlementCircuit(BatchShape shape, PublicFace face) : IStatement
{
    internal const string EmptyName = "leaf is empty";
    internal const string KeyXName = "key x";
    internal const string KeyYName = "key y";
    internal const string NonceName = "nonce";
    internal const string StatusName = "status";
    internal const string FlaggedAtName = "flagged at";
    internal const string CashName = "cash";
    internal const string IndicesName = "indices";
    internal const string OrdersName = "orders";
    internal const string IdsName = "position ids";
    internal const string QuantitiesName = "position quantities";

    private readonly CircuitParts _parts = new();

    /// <summary>Hints of this circuit and of every gadget in it, for loading a stored circuit.</summary>
    public static HintSet Hints => new HintSet().With(Pricing.PricingHints.All).With(CoreHints.All).With<MinimumHint>();

    /// <summary>Sizes of the batch.</summary>
    public BatchShape Shape => shape;

    /// <inheritdoc />
    public PublicFace Face => face;

    /// <inheritdoc />
    public IReadOnlyList<CircuitPart> Parts => _parts.All;

    /// <inheritdoc />
    public string Name => $"SettlementBatch({shape}, {face})";

    /// <inheritdoc />
    public void Define(CircuitBuilder builder)
    {
        shape.Validate();
        _parts.Clear();
        PublicFields fields = _parts.Define(
            builder, "public fields", () => PublicFields.Define(builder, face, SettlementPublicInputs.Names).Bind("domain", "batch number"));
        ParameterWires parameters = _parts.Define(builder, "parameters and scenario grid", () => ParameterWires.Define(builder));
        builder.AssertEqual(parameters.Hash, fields["parameter hash"], "parameter hash");
        SnapshotWires snapshot = _parts.Define(builder, "snapshot: ranges, order, ids, hash", () => SnapshotWires.Define(builder, shape, fields["oracle time"]));
        _parts.Define(builder, "oracle signature", () => OracleGadget.Verify(builder, snapshot.Message, fields["oracle key hash"]));
        MarketWires market = _parts.Define(builder, "risk rows and discounts", () => MarketWires.Define(builder, snapshot, parameters, fields["oracle time"]));
        Bit[] rangeIndex = LeafRange.Index(builder, fields["first leaf"], shape.RangeHeight);
        SettledAccountWires[] accounts = _parts.Define(builder, "accounts", () => SettleAccounts(builder, market, builder.IsZero(fields["first leaf"])));
        Linear between = _parts.Define(builder, "range of the tree", () => LeafRange.Update(
            builder, rangeIndex, [.. accounts.Select(a => a.OldLeaf)], [.. accounts.Select(a => a.NewLeaf)], fields["old root"]));
        Linear clearingWord = _parts.Define(builder, "clearing account", () => ClearingWires.Pay(
            builder, Linear.Sum([.. accounts.Select(a => a.CashReceived)]), between, fields["new root"]));
        _parts.Define(builder, "difference", () => HashDifference(builder, accounts, clearingWord, fields["diff hash"]));
    }

    private static void HashDifference(CircuitBuilder builder, SettledAccountWires[] accounts, in Linear clearingWord, in Linear diffHash)
    {
        using ScopeHandle scope = builder.Scope("difference");
        builder.AssertEqual(Sponge.Hash(builder, [.. accounts.SelectMany(a => a.Words), clearingWord]), diffHash, "diff hash");
    }

    private SettledAccountWires[] SettleAccounts(CircuitBuilder builder, MarketWires market, Bit startsAtZero)
    {
        using ScopeHandle scope = builder.Scope("accounts");
        Linear[][] fields =
        [
            .. new[] { EmptyName, KeyXName, KeyYName, NonceName, StatusName, FlaggedAtName, CashName, IndicesName, OrdersName }
                .Select(name => builder.SecretInputs(name, shape.Accounts)),
        ];
        Linear[] ids = builder.SecretInputs(IdsName, shape.Accounts * shape.Positions);
        Linear[] quantities = builder.SecretInputs(QuantitiesName, shape.Accounts * shape.Positions);
        var template = new AccountTemplate(shape);
        Linear[] shared = market.ToArray();
        var accounts = new SettledAccountWires[shape.Accounts];
        for (int a = 0; a < accounts.Length; a++)
        {
            int first = a * shape.Positions;
            Linear isClearing = a == 0 ? startsAtZero.Value : Linear.Zero;
            accounts[a] = SettledAccountWires.Of(builder.Call(
                template,
                [.. fields.Select(f => f[a]), .. ids[first..(first + shape.Positions)], .. quantities[first..(first + shape.Positions)], isClearing, .. shared]));
        }

        return accounts;
    }
}
