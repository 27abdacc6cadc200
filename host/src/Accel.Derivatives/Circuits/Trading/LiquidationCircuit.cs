using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.State;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>
/// The liquidation statement as a constraint system: what <see cref="LiquidationReference"/> computes, proved. The page
/// <c>host/docs/liquidation.md</c> states it, with the attack that each check stops.
/// </summary>
/// <param name="shape">Sizes of the batch.</param>
/// <param name="face">How the public fields are shown.</param>
public sealed class LiquidationCircuit(LiquidationShape shape, PublicFace face) : IStatement
{
    internal const string BidsName = "bids";
    internal const string SignaturesName = "signatures";
    internal const string LiquidatedName = "liquidated accounts";
    internal const string LiquidatedPathsName = "liquidated paths";
    internal const string LiquidatorsName = "liquidators";
    internal const string LiquidatorPathsName = "liquidator paths";
    internal const string OrdersName = "order slots";

    private const int SignatureFields = 3;
    private const int PathFields = MerkleGadget.SiblingsPerLevel * AccountTree.Depth;
    private const int LeafBits = 2 * AccountTree.Depth;
    private const int PaymentBits = CashAmount.MagnitudeBits + 1;

    private readonly CircuitParts _parts = new();

    /// <summary>Hints of this circuit and of every gadget in it, for loading a stored circuit.</summary>
    public static HintSet Hints => TradeBatchCircuit.Hints;

    /// <summary>Sizes of the batch.</summary>
    public LiquidationShape Shape => shape;

    /// <inheritdoc />
    public PublicFace Face => face;

    /// <inheritdoc />
    public IReadOnlyList<CircuitPart> Parts => _parts.All;

    /// <inheritdoc />
    public string Name => $"Liquidation({shape}, {face})";

    /// <summary>Scalars of a liquidated account in the order of its input: key x and y, nonce, flags, flaggedAt, cash, indices, orders root; then scenario and quantities.</summary>
    internal static int LiquidatedFields(LiquidationShape shape) => 8 + ScenarioGrid.ScenarioCount + shape.Instruments;

    /// <summary>Fields of a liquidator in the order of its input: what stays, cash, whether initial margin is met, scenario before, quantities.</summary>
    internal static int LiquidatorFields(LiquidationShape shape) => LeafWires.Count + 2 + ScenarioGrid.ScenarioCount + shape.Instruments;

    /// <inheritdoc />
    public void Define(CircuitBuilder builder)
    {
        shape.Validate();
        _parts.Clear();
        PublicFields fields = _parts.Define(builder, "public fields", () => PublicFields.Define(builder, face, TransitionPublicInputs.Names).Bind("domain", "batch number"));
        VenueParameterWires venue = _parts.Define(builder, "venue parameters", () => VenueParameterWires.Define(builder, fields["parameter hash"]));
        RiskMatrixWires risk = _parts.Define(builder, "risk rows", () => RiskMatrixWires.Define(builder, shape.Instruments, shape.Expiries, fields["risk root"]));
        var inputs = Inputs.Define(builder, shape);
        Linear root = fields["old root"];
        var words = new Linear[shape.Liquidations];
        Linear[] longChanges = new Linear[shape.Instruments];
        _parts.Define(builder, "liquidations", () =>
        {
            for (int l = 0; l < words.Length; l++)
            {
                using ScopeHandle scope = builder.Scope("liquidation");
                (root, words[l], Linear[] changes) = Liquidate(builder, fields["domain"], venue, risk, inputs, l, root);
                longChanges = [.. longChanges.Zip(changes, (sum, change) => sum + change)];
            }
        });
        _parts.Define(builder, "open interest", () => builder.AssertEqual(OpenInterestUpdate.Define(builder, venue, risk, longChanges, root), fields["new root"], "new root"));
        _parts.Define(builder, "difference", () => builder.AssertEqual(
            Sponge.Hash(builder, [.. risk.Rows.Select(row => row.Id), .. words]), fields["diff hash"], "diff hash"));
    }

    private (Linear Root, Linear Word, Linear[] LongChanges) Liquidate(
        CircuitBuilder builder, Linear domain, VenueParameterWires venue, RiskMatrixWires risk, Inputs inputs, int index, in Linear root)
    {
        BidWires bid = BidWires.Define(builder, inputs.Bids[index], venue, risk.Time);
        var reader = new WireReader(inputs.Liquidated[index]);
        var account = new LiquidatedAccountWires(
            bid.IsUsed.Value, reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(),
            reader.Take(ScenarioGrid.ScenarioCount), bid.Share, reader.Take(shape.Instruments));
        var liquidated = LiquidatedWires.Of(builder.Call(
            new LiquidatedAccountTemplate(shape), [.. account.ToArray(), venue.AuctionDiscountMax, venue.AuctionSeconds, venue.LiquidationBuffer, .. risk.ToArray()]));
        using (builder.Scope("payment within the bid"))
        {
            builder.AssertNonNegative(builder.Multiply(
                bid.IsUsed, bid.PaymentMax - Integer.Assume(liquidated.Payment, -(System.Numerics.BigInteger.One << 100), System.Numerics.BigInteger.One << 100, "a quotient whose dividend is bounded")));
        }

        (Linear before, Linear between) = MerkleGadget.Update(builder, liquidated.OldLeaf, liquidated.NewLeaf, bid.LiquidatedBits, inputs.LiquidatedPaths[index]);
        builder.AssertEqual(before, root, "the liquidated account is in the root");

        var taker = new WireReader(inputs.Liquidators[index]);
        LeafWires leaf = LeafWires.Read(taker);
        VerifyBid(builder, domain, bid, leaf, inputs.Signatures[index]);
        Linear[] ordersAfter = builder.Call(new OrderFillTemplate(1), [.. inputs.Orders[index], Linear.One, bid.IsUsed.Value, bid.Nonce, Linear.One, bid.IsUsed.Value]);
        var liquidator = new TradedAccountWires(
            leaf,
            taker.Next(),
            PoseidonGadget.Hash(builder, inputs.Orders[index]),
            PoseidonGadget.Hash(builder, ordersAfter),
            taker.Next(),
            taker.Take(ScenarioGrid.ScenarioCount),
            -liquidated.Payment,
            taker.Take(shape.Instruments),
            liquidated.Taken);
        Linear[] traded = builder.Call(new TradedAccountTemplate(shape.AccountShape), [.. liquidator.ToArray(), .. risk.ToArray()]);
        (Linear opened, Linear after) = MerkleGadget.Update(builder, traded[0], traded[1], bid.LiquidatorBits, inputs.LiquidatorPaths[index]);
        builder.AssertEqual(opened, between, "the liquidator is in the root");
        Linear scenario = Linear.Sum([.. account.Scenario.Select((isChosen, s) => isChosen * (Fr)s)]);
        return (after, bid.Word(builder, scenario), [.. liquidated.LongChanges.Zip(traded[2..], (a, b) => a + b)]);
    }

    private static void VerifyBid(CircuitBuilder builder, in Linear domain, BidWires bid, LeafWires leaf, Linear[] signature)
    {
        Linear message = PoseidonGadget.Hash(builder, domain, bid.Leaf + Order.ActionTag(SignedAction.LiquidationBid, 0), bid.LiquidatedLeaf, bid.PackedTerms);
        EdDsaPoseidonGadget.VerifyWhen(builder, bid.IsUsed, new SignatureWires(leaf.KeyX, leaf.KeyY, signature[0], signature[1], signature[2]), message);
    }

    /// <summary>A bid's terms, held to their widths.</summary>
    internal sealed record BidWires(
        Bit IsUsed, Linear LiquidatedLeaf, Bit[] LiquidatedBits, Linear Leaf, Bit[] LiquidatorBits, Linear Share, Integer PaymentMax, Linear Nonce, Linear PackedTerms)
    {
        /// <summary>Used, liquidated leaf, leaf, share, greatest payment, expiry, nonce.</summary>
        public const int Count = 7;

        public static BidWires Define(CircuitBuilder builder, Linear[] inputs, VenueParameterWires venue, in Integer time)
        {
            using ScopeHandle scope = builder.Scope("bid");
            Bit isUsed = builder.AssertBit(inputs[0]);
            Bit[] liquidated = builder.ToBits(inputs[1], LeafBits);
            Bit[] liquidator = builder.ToBits(inputs[2], LeafBits);
            Integer share = builder.ToUnsigned(inputs[3] - 1, VenueParameters.RateBits) + 1;
            Integer paymentMax = builder.ToSigned(inputs[4], CashAmount.MagnitudeBits);
            Integer expiresAt = builder.ToUnsigned(inputs[5], Account.TimeBits);
            builder.AssertLessOrEqual(builder.Multiply(isUsed, share), venue.LiquidatedShareMax);
            builder.AssertLessOrEqual(builder.Multiply(isUsed, time), expiresAt);
            Linear unused = Linear.One - isUsed.Value;
            builder.AssertNonZero(unused + builder.Multiply(isUsed, inputs[1]));
            builder.AssertNonZero(unused + builder.Multiply(isUsed, inputs[1] - inputs[2]));

            // The nonce is held to its width where it takes its slot.
            Linear packed = (share.Value * WordPacker.PowerOfTwo(PaymentBits)) + paymentMax.Value + WordPacker.PowerOfTwo(CashAmount.MagnitudeBits);
            packed = (((packed * WordPacker.PowerOfTwo(Account.TimeBits)) + expiresAt.Value) * WordPacker.PowerOfTwo(OrderFill.NonceBits)) + inputs[6];
            return new BidWires(isUsed, inputs[1], liquidated, inputs[2], liquidator, inputs[3], paymentMax, inputs[6], packed);
        }

        /// <summary>The published word, zero when unused.</summary>
        public Linear Word(CircuitBuilder builder, in Linear scenario)
        {
            Linear word = Linear.Constant(WordPacker.PowerOfTwo(LeafBits)) + LiquidatedLeaf;
            word = (word * WordPacker.PowerOfTwo(LeafBits)) + Leaf;
            word = (word * WordPacker.PowerOfTwo(VenueParameters.RateBits)) + Share;
            word = (word * WordPacker.PowerOfTwo(LiquidationDiff.ScenarioBits)) + scenario;
            return builder.Multiply(IsUsed, (word * WordPacker.PowerOfTwo(OrderFill.NonceBits)) + Nonce);
        }
    }

    private sealed record Inputs(Linear[][] Bids, Linear[][] Signatures, Linear[][] Liquidated, Linear[][] LiquidatedPaths, Linear[][] Liquidators, Linear[][] LiquidatorPaths, Linear[][] Orders)
    {
        public static Inputs Define(CircuitBuilder builder, LiquidationShape shape) => new(
            Take(builder, BidsName, shape, BidWires.Count),
            Take(builder, SignaturesName, shape, SignatureFields),
            Take(builder, LiquidatedName, shape, LiquidatedFields(shape)),
            Take(builder, LiquidatedPathsName, shape, PathFields),
            Take(builder, LiquidatorsName, shape, LiquidatorFields(shape)),
            Take(builder, LiquidatorPathsName, shape, PathFields),
            Take(builder, OrdersName, shape, OrderSlots.PairCount));

        private static Linear[][] Take(CircuitBuilder builder, string name, LiquidationShape shape, int fields) =>
            [.. builder.SecretInputs(name, shape.Liquidations * fields).Chunk(fields)];
    }
}

/// <summary>The inputs of a <see cref="LiquidationCircuit"/> for a batch as it was done.</summary>
public static class LiquidationAssignment
{
    /// <summary>Sets every input.</summary>
    /// <param name="circuit">The compiled circuit, of the batch's shape.</param>
    /// <param name="face">The circuit's face.</param>
    /// <param name="result">The batch.</param>
    /// <exception cref="ArgumentException">The circuit has another shape.</exception>
    public static Assignment Of(CompiledCircuit circuit, PublicFace face, LiquidationResult result)
    {
        var assignment = new Assignment(circuit);
        LiquidationBatch batch = result.Batch;
        PublicFields.Assign(assignment, face, result.PublicInputs.ToFields());
        assignment.Set(VenueParameterWires.ScalarsName, [.. batch.Parameters.Scalars.Select(scalar => (Fr)scalar)]);
        RiskMatrixAssignment.Set(assignment, batch.Risk, result.Rows, batch.Shape.Instruments);
        OpenInterestUpdate.Assign(assignment, result.OpenInterest, batch.Risk, result.Rows, batch.Shape.Instruments);
        var bids = new List<Fr>();
        var signatures = new List<Fr>();
        var liquidated = new List<Fr>();
        for (int l = 0; l < result.Steps.Count; l++)
        {
            LiquidationStep step = result.Steps[l];
            Liquidation? liquidation = l < batch.Liquidations.Count ? batch.Liquidations[l] : null;
            bids.AddRange(Bid(batch, step, liquidation));
            signatures.AddRange(liquidation is null ? new Fr[3] : OracleGadget.Fields(liquidation.Bid.Signature));
            liquidated.AddRange(Liquidated(result, step, liquidation?.Scenario ?? 0));
        }

        assignment.Set(LiquidationCircuit.BidsName, [.. bids]);
        assignment.Set(LiquidationCircuit.SignaturesName, [.. signatures]);
        assignment.Set(LiquidationCircuit.LiquidatedName, [.. liquidated]);
        assignment.Set(LiquidationCircuit.LiquidatorsName, [.. result.Steps.SelectMany(step => Liquidator(result, step.Liquidator))]);
        assignment.Set(LiquidationCircuit.OrdersName, [.. result.Steps.SelectMany(step => step.Liquidator.Before.Orders.Pairs())]);
        assignment.Set(LiquidationCircuit.LiquidatedPathsName, [.. result.Steps.SelectMany(step => LeafRange.InPairOrder(step.Liquidated.Path))]);
        assignment.Set(LiquidationCircuit.LiquidatorPathsName, [.. result.Steps.SelectMany(step => LeafRange.InPairOrder(step.Liquidator.Path))]);
        return assignment;
    }

    private static Fr[] Bid(LiquidationBatch batch, LiquidationStep step, Liquidation? liquidation)
    {
        if (liquidation is null)
        {
            return [Fr.Zero, step.Liquidated.Leaf, step.Liquidator.Leaf, Fr.One, Fr.Zero, batch.Risk.Time, Fr.Zero];
        }

        LiquidationBid bid = liquidation.Bid.Bid;
        return [Fr.One, bid.LiquidatedLeaf, bid.Leaf, bid.ShareMillionths, FieldIntegers.FromInt128(bid.PaymentMax.Value), bid.ExpiresAt, bid.Nonce];
    }

    private static Fr[] Liquidated(LiquidationResult result, LiquidationStep step, int scenario)
    {
        Account account = step.Liquidated.Before;
        return
        [
            account.KeyX, account.KeyY, account.Nonce, (int)account.Status, account.FlaggedAt, FieldIntegers.FromInt128(account.Cash.Value), account.Indices, account.OrdersRoot,
            .. RiskMatrixAssignment.OneHot(scenario, ScenarioGrid.ScenarioCount),
            .. RiskMatrixAssignment.Dense(result.Batch.Risk, result.Rows, result.Batch.Shape.Instruments, account.Positions),
        ];
    }

    private static Fr[] Liquidator(LiquidationResult result, OpenedAccount liquidator) =>
    [
        .. LeafWires.Of(liquidator.Before), FieldIntegers.FromInt128(liquidator.Before.Cash.Value), liquidator.IsInitialMet ? Fr.One : Fr.Zero,
        .. RiskMatrixAssignment.OneHot(liquidator.ScenarioBefore, ScenarioGrid.ScenarioCount),
        .. RiskMatrixAssignment.Dense(result.Batch.Risk, result.Rows, result.Batch.Shape.Instruments, liquidator.Before.Positions),
    ];
}
