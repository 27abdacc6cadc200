using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
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
    internal const string RangePathName = "range path";
    internal const string ClearingName = "clearing leaf";
    internal const string ClearingPathName = "clearing path";
    internal const string OracleKeyName = "oracle key";
    internal const string SignatureName = "oracle signature";

    /// <summary>Fields of the clearing leaf as the input lists them: key x and y, packed status, cash, perpetual, indices, positions root, orders root.</summary>
    internal const int LeafFields = 8;

    private const int CashField = 3;

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
        _parts.Define(builder, "oracle signature", () => VerifyOracle(builder, snapshot.Message, fields["oracle key hash"]));
        MarketWires market = _parts.Define(builder, "risk rows and discounts", () => MarketWires.Define(builder, snapshot, parameters, fields["oracle time"]));
        Bit[] rangeIndex = RangeIndex(builder, fields["first leaf"]);
        SettledAccountWires[] accounts = _parts.Define(builder, "accounts", () => SettleAccounts(builder, market, builder.IsZero(fields["first leaf"])));
        Linear between = _parts.Define(builder, "range of the tree", () => UpdateRange(builder, rangeIndex, accounts, fields["old root"]));
        Linear clearingWord = _parts.Define(builder, "clearing account", () => UpdateClearing(builder, accounts, between, fields["new root"]));
        _parts.Define(builder, "difference", () => HashDifference(builder, accounts, clearingWord, fields["diff hash"]));
    }

    private static void HashDifference(CircuitBuilder builder, SettledAccountWires[] accounts, in Linear clearingWord, in Linear diffHash)
    {
        using ScopeHandle scope = builder.Scope("difference");
        builder.AssertEqual(Sponge.Hash(builder, [.. accounts.SelectMany(a => a.Words), clearingWord]), diffHash, "diff hash");
    }

    private static void VerifyOracle(CircuitBuilder builder, in Linear message, in Linear keyHash)
    {
        using ScopeHandle scope = builder.Scope("oracle");
        Linear[] key = builder.SecretInputs(OracleKeyName, 2);
        Linear[] signature = builder.SecretInputs(SignatureName, 3);
        builder.AssertEqual(PoseidonGadget.Hash(builder, key), keyHash, "oracle key hash");
        EdDsaPoseidonGadget.Verify(builder, new SignatureWires(key[0], key[1], signature[0], signature[1], signature[2]), message);
    }

    /// <summary>The first leaf is a multiple of the range's size below the tree's: its higher bits are the range's index.</summary>
    private Bit[] RangeIndex(CircuitBuilder builder, in Linear firstLeaf)
    {
        Fr inverseSize = ((Fr)shape.Accounts).Inverse();
        return builder.ToBits(firstLeaf * inverseSize, 2 * (AccountTree.Depth - shape.RangeHeight));
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

    /// <summary>One path serves the range before and after, so nothing outside it can change.</summary>
    private Linear UpdateRange(CircuitBuilder builder, Bit[] index, SettledAccountWires[] accounts, in Linear oldRoot)
    {
        using ScopeHandle scope = builder.Scope("range");
        Linear[] siblings = builder.SecretInputs(RangePathName, MerkleGadget.SiblingsPerLevel * (AccountTree.Depth - shape.RangeHeight));
        Linear before = MerkleGadget.SubtreeRoot(builder, [.. accounts.Select(a => a.OldLeaf)]);
        Linear after = MerkleGadget.SubtreeRoot(builder, [.. accounts.Select(a => a.NewLeaf)]);
        (Linear root, Linear between) = MerkleGadget.Update(builder, before, after, index, siblings);
        builder.AssertEqual(root, oldRoot, "old root");
        return between;
    }

    /// <summary>The clearing account pays what the range received; its cash alone changes. Returns its word of the difference.</summary>
    private static Linear UpdateClearing(CircuitBuilder builder, SettledAccountWires[] accounts, in Linear between, in Linear newRoot)
    {
        using ScopeHandle scope = builder.Scope("clearing");
        Linear[] leaf = builder.SecretInputs(ClearingName, LeafFields);
        Linear[] siblings = builder.SecretInputs(ClearingPathName, MerkleGadget.SiblingsPerLevel * AccountTree.Depth);
        builder.ToSigned(leaf[CashField], CashAmount.MagnitudeBits);
        Linear[] paid = [.. leaf];
        paid[CashField] = leaf[CashField] - Linear.Sum([.. accounts.Select(a => a.CashReceived)]);
        Integer cash = builder.ToSigned(paid[CashField], CashAmount.MagnitudeBits);
        builder.AssertEqual(FirstLeafRoot(builder, PoseidonGadget.Hash(builder, leaf), siblings), between, "root between");
        builder.AssertEqual(FirstLeafRoot(builder, PoseidonGadget.Hash(builder, paid), siblings), newRoot, "new root");
        return WordPacker.PackHighestFirst((cash + (System.Numerics.BigInteger.One << CashAmount.MagnitudeBits), SettlementDiff.CashBits));
    }

    /// <summary>Leaf 0 is the first child on every level, so no selection is needed.</summary>
    private static Linear FirstLeafRoot(CircuitBuilder builder, in Linear leaf, Linear[] siblings)
    {
        Linear node = leaf;
        for (int level = 0; level < AccountTree.Depth; level++)
        {
            int first = MerkleGadget.SiblingsPerLevel * level;
            node = PoseidonGadget.Hash(builder, node, siblings[first], siblings[first + 1], siblings[first + 2]);
        }

        return node;
    }
}
