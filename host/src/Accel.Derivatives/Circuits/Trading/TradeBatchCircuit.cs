using Accel.Derivatives.Pricing;
using Accel.Derivatives.State;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>
/// The trade statement as a constraint system: what <see cref="TradeBatchReference"/> computes, proved. The page <c>host/docs/trade-batch.md</c>
/// states it, with the attack that each check stops.
/// </summary>
/// <param name="shape">Sizes of the batch.</param>
/// <param name="face">How the public fields are shown.</param>
public sealed class TradeBatchCircuit(TradeShape shape, PublicFace face) : IStatement
{
    internal const string LeavesName = "leaves";
    internal const string LeafFieldsName = "leaf fields";
    internal const string CashName = "cash";
    internal const string OrdersName = "order slots";
    internal const string QuantitiesName = "quantities";
    internal const string InitialMetName = "initial margin is met";
    internal const string ScenarioName = "scenario before";
    internal const string PathsName = "account paths";
    internal const string TradesName = "trades";
    internal const string SignaturesName = "signatures";

    private const int SignatureFields = 3;
    private const int PathFields = MerkleGadget.SiblingsPerLevel * AccountTree.Depth;

    private readonly CircuitParts _parts = new();

    /// <summary>Hints of this circuit and of every gadget in it, for loading a stored circuit.</summary>
    public static HintSet Hints => new HintSet().With(CoreHints.All).With<MinimumHint>();

    /// <summary>Sizes of the batch.</summary>
    public TradeShape Shape => shape;

    /// <inheritdoc />
    public PublicFace Face => face;

    /// <inheritdoc />
    public IReadOnlyList<CircuitPart> Parts => _parts.All;

    /// <inheritdoc />
    public string Name => $"TradeBatch({shape}, {face})";

    /// <inheritdoc />
    public void Define(CircuitBuilder builder)
    {
        shape.Validate();
        _parts.Clear();
        PublicFields fields = _parts.Define(builder, "public fields", () => PublicFields.Define(builder, face, TransitionPublicInputs.Names).Bind("domain", "batch number"));
        VenueParameterWires venue = _parts.Define(builder, "venue parameters", () => VenueParameterWires.Define(builder, fields["parameter hash"]));
        RiskMatrixWires risk = _parts.Define(builder, "risk rows", () => RiskMatrixWires.Define(builder, shape.Instruments, shape.Expiries, fields["risk root"]));
        AccountInputs accounts = _parts.Define(builder, "leaf indices", () => AccountInputs.Define(builder, shape));
        Linear[][] inputs = [.. builder.SecretInputs(TradesName, shape.Trades * TradeWires.Count).Chunk(TradeWires.Count)];
        BookedTradeWires[] trades = _parts.Define(builder, "trades", () => BookTrades(builder, fields["domain"], venue, risk, accounts, inputs));
        _parts.Define(builder, "signatures", () => VerifySignatures(builder, inputs, trades));
        Linear[] ordersAfter = _parts.Define(builder, "order slots", () => FillOrders(builder, accounts, inputs, trades));
        Linear[][] leaves = _parts.Define(builder, "accounts: margin and leaves", () => UpdateAccounts(builder, risk, accounts, ordersAfter, trades));
        Linear root = _parts.Define(builder, "account paths", () => ChainRoots(builder, accounts, leaves, fields["old root"]));
        root = _parts.Define(builder, "open interest", () => OpenInterestUpdate.Define(
            builder, venue, risk, [.. Enumerable.Range(0, shape.Instruments).Select(i => Linear.Sum([.. leaves.Select(leaf => leaf[2 + i])]))], root));
        Linear fees = Linear.Sum([.. trades.Select(trade => trade.Fees)]);
        _parts.Define(builder, "clearing account", () => ClearingWires.Pay(builder, -fees, root, fields["new root"]));
        _parts.Define(builder, "difference", () => builder.AssertEqual(
            Sponge.Hash(builder, [.. risk.Rows.Select(row => row.Id), .. trades.Select(trade => trade.Word)]), fields["diff hash"], "diff hash"));
    }

    private BookedTradeWires[] BookTrades(CircuitBuilder builder, Linear domain, VenueParameterWires venue, RiskMatrixWires risk, AccountInputs accounts, Linear[][] inputs)
    {
        using ScopeHandle scope = builder.Scope("trades");
        Linear[] shared =
        [
            domain, risk.Time, venue.MakerFee, venue.TakerFee,
            .. accounts.Leaves.SelectMany((leaf, a) => new[] { leaf, accounts.Fields[a].KeyX, accounts.Fields[a].KeyY }),
            .. risk.Rows.SelectMany(row => new[] { row.Id, row.IsLive }),
        ];
        var template = new TradeTemplate(shape);
        return [.. inputs.Select(trade => BookedTradeWires.Of(builder.Call(template, [.. trade, .. shared]), shape))];
    }

    /// <summary>Two a trade, apart from the chain of order slots, so that a solver verifies them side by side.</summary>
    private void VerifySignatures(CircuitBuilder builder, Linear[][] inputs, BookedTradeWires[] trades)
    {
        using ScopeHandle scope = builder.Scope("signatures");
        Linear[] signatures = builder.SecretInputs(SignaturesName, shape.Trades * 2 * SignatureFields);
        for (int t = 0; t < trades.Length; t++)
        {
            Bit isUsed = builder.AssertBit(inputs[t][0]);
            TradeSideWires[] sides = [trades[t].Buyer, trades[t].Seller];
            for (int side = 0; side < sides.Length; side++)
            {
                int first = ((2 * t) + side) * SignatureFields;
                EdDsaPoseidonGadget.VerifyWhen(
                    builder,
                    isUsed,
                    new SignatureWires(sides[side].KeyX, sides[side].KeyY, signatures[first], signatures[first + 1], signatures[first + 2]),
                    sides[side].Message);
            }
        }
    }

    private Linear[] FillOrders(CircuitBuilder builder, AccountInputs accounts, Linear[][] inputs, BookedTradeWires[] trades)
    {
        using ScopeHandle scope = builder.Scope("order slots");
        var template = new OrderFillTemplate(shape.Accounts);
        Linear[] slots = accounts.Orders;
        for (int t = 0; t < trades.Length; t++)
        {
            TradeWires trade = TradeWires.Read(new WireReader(inputs[t]));
            slots = builder.Call(template, [.. slots, .. trades[t].Buyer.Account, trade.IsUsed, trade.Buy.Nonce, trade.Buy.Quantity, trades[t].Filled]);
            slots = builder.Call(template, [.. slots, .. trades[t].Seller.Account, trade.IsUsed, trade.Sell.Nonce, trade.Sell.Quantity, trades[t].Filled]);
        }

        return slots;
    }

    /// <summary>Per account old leaf, new leaf, and what its long positions changed by.</summary>
    private Linear[][] UpdateAccounts(CircuitBuilder builder, RiskMatrixWires risk, AccountInputs accounts, Linear[] ordersAfter, BookedTradeWires[] trades)
    {
        using ScopeHandle scope = builder.Scope("accounts");
        var template = new TradedAccountTemplate(shape);
        Linear[] shared = risk.ToArray();
        var leaves = new Linear[shape.Accounts][];
        for (int a = 0; a < leaves.Length; a++)
        {
            var account = new TradedAccountWires(
                accounts.Fields[a],
                accounts.Cash[a],
                PoseidonGadget.Hash(builder, accounts.Orders.AsSpan(a * OrderSlots.PairCount, OrderSlots.PairCount)),
                PoseidonGadget.Hash(builder, ordersAfter.AsSpan(a * OrderSlots.PairCount, OrderSlots.PairCount)),
                accounts.IsInitialMet[a],
                accounts.Scenarios[a],
                Linear.Sum([.. trades.Select(trade => trade.CashChanges[a])]),
                accounts.Quantities[a],
                [.. Enumerable.Range(0, shape.Instruments).Select(i => Linear.Sum([.. trades.Select(trade => trade.QuantityChanges[(a * shape.Instruments) + i])]))]);
            leaves[a] = builder.Call(template, [.. account.ToArray(), .. shared]);
        }

        return leaves;
    }

    /// <summary>
    /// Each account is opened in the root that the one before left. A slot that is not needed opens some account again: it finds what that one
    /// left, and changes nothing.
    /// </summary>
    private Linear ChainRoots(CircuitBuilder builder, AccountInputs accounts, Linear[][] leaves, in Linear oldRoot)
    {
        using ScopeHandle scope = builder.Scope("account paths");
        Linear[] paths = builder.SecretInputs(PathsName, shape.Accounts * PathFields);
        Linear root = oldRoot;
        for (int a = 0; a < leaves.Length; a++)
        {
            (Linear before, Linear after) = MerkleGadget.Update(builder, leaves[a][0], leaves[a][1], accounts.LeafBits[a], paths.AsSpan(a * PathFields, PathFields));
            builder.AssertEqual(before, root, "the account is in the root");
            root = after;
        }

        return root;
    }

    /// <summary>The opened accounts as inputs.</summary>
    private sealed record AccountInputs(
        Linear[] Leaves, Bit[][] LeafBits, LeafWires[] Fields, Linear[] Cash, Linear[] Orders, Linear[] IsInitialMet, Linear[][] Scenarios, Linear[][] Quantities)
    {
        public static AccountInputs Define(CircuitBuilder builder, TradeShape shape)
        {
            using ScopeHandle scope = builder.Scope("account leaves");
            Linear[] leaves = builder.SecretInputs(LeavesName, shape.Accounts);
            return new AccountInputs(
                leaves,
                [.. leaves.Select(leaf => builder.ToBits(leaf, 2 * AccountTree.Depth))],
                [.. builder.SecretInputs(LeafFieldsName, shape.Accounts * LeafWires.Count).Chunk(LeafWires.Count).Select(fields => LeafWires.Read(new WireReader(fields)))],
                builder.SecretInputs(CashName, shape.Accounts),
                builder.SecretInputs(OrdersName, shape.Accounts * OrderSlots.PairCount),
                builder.SecretInputs(InitialMetName, shape.Accounts),
                [.. builder.SecretInputs(ScenarioName, shape.Accounts * ScenarioGrid.ScenarioCount).Chunk(ScenarioGrid.ScenarioCount)],
                [.. builder.SecretInputs(QuantitiesName, shape.Accounts * shape.Instruments).Chunk(shape.Instruments)]);
        }
    }
}
