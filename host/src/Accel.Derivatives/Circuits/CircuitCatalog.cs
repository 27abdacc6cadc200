using Accel.Derivatives.Circuits.Trading;
using Accel.Derivatives.Coupons;
using Accel.Derivatives.Expiries;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits;

/// <summary>The statements of this library by name. A new one is a line here; commands and tests over every circuit then find it.</summary>
public static class CircuitCatalog
{
    /// <summary>All statements.</summary>
    public static IReadOnlyList<CircuitEntry> All { get; } =
    [
        CircuitEntry.Of(
            "SettlementBatch", "account", BatchShape.Standard, BatchShape.Tiny, BatchShape.Parse, shape => shape.Accounts, SettlementCircuit.Hints,
            (shape, face) => new SettlementCircuit(shape, face),
            (circuit, shape, face, seed) => SettlementAssignment.Of(circuit, face, SettlementReference.Settle(RandomBatches.Draw(seed, shape)))),
        CircuitEntry.Of(
            "MarketRisk", "strike x scenario", MarketShape.Standard, MarketShape.Tiny, MarketShape.Parse, shape => shape.Instruments * ScenarioGrid.ScenarioCount,
            MarketRiskCircuit.Hints,
            (shape, face) => new MarketRiskCircuit(shape, face),
            (circuit, shape, face, seed) => MarketRiskAssignment.Of(circuit, face, MarketRiskReference.Compute(RandomBatches.Market(seed, shape)))),
        CircuitEntry.Of(
            "Expiry", "account", ExpiryShape.Standard, ExpiryShape.Tiny, ExpiryShape.Parse, shape => shape.Accounts, ExpiryCircuit.Hints,
            (shape, face) => new ExpiryCircuit(shape, face),
            (circuit, shape, face, seed) => ExpiryCircuit.Assign(circuit, face, ExpiryReference.Settle(RandomExpiries.Draw(seed, shape)))),
        CircuitEntry.Of(
            "SwapCoupon", "account", SwapCouponShape.Standard, SwapCouponShape.Tiny, SwapCouponShape.Parse, shape => shape.Accounts,
            SwapCouponCircuit.Hints,
            (shape, face) => new SwapCouponCircuit(shape, face),
            (circuit, shape, face, seed) => SwapCouponCircuit.Assign(circuit, face, SwapCouponReference.Pay(RandomCoupons.Draw(seed, shape)))),
        CircuitEntry.Of(
            "TradeBatch", "trade", TradeShape.Standard, TradeShape.Tiny, TradeShape.Parse, shape => shape.Trades, TradeBatchCircuit.Hints,
            (shape, face) => new TradeBatchCircuit(shape, face),
            (circuit, shape, face, seed) => TradeBatchAssignment.Of(circuit, face, RandomTrades.Booked(seed, shape))),
        CircuitEntry.Of(
            "Liquidation", "liquidation", LiquidationShape.Standard, LiquidationShape.Tiny, ParseLiquidation, shape => shape.Liquidations,
            LiquidationCircuit.Hints,
            (shape, face) => new LiquidationCircuit(shape, face),
            (circuit, shape, face, seed) => LiquidationAssignment.Of(circuit, face, RandomLiquidations.Done(seed, shape))),
        CircuitEntry.Of(
            "DepositWithdraw", "transfer", TransferShape.Standard, TransferShape.Tiny, ParseTransfer, shape => shape.Transfers, TransferCircuit.Hints,
            (shape, face) => new TransferCircuit(shape, face),
            (circuit, shape, face, seed) => TransferAssignment.Of(circuit, face, RandomTransfers.Done(seed, shape))),
    ];

    /// <summary>The statement of a name, in any case.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names.</exception>
    public static CircuitEntry Find(string name) => All.FirstOrDefault(entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"there is no circuit '{name}'; there are {string.Join(", ", All.Select(entry => entry.Name))}");

    private static LiquidationShape ParseLiquidation(string text) => ShapeText.Parse(
        text, "instruments x positions x expiries x liquidations", LiquidationShape.Standard,
        sizes => new LiquidationShape(sizes[0], sizes[1], sizes[2], sizes[3]), shape => shape.Validate());

    private static TransferShape ParseTransfer(string text) => ShapeText.Parse(
        text, "instruments x positions x expiries x transfers", TransferShape.Standard,
        sizes => new TransferShape(sizes[0], sizes[1], sizes[2], sizes[3]), shape => shape.Validate());
}

/// <summary>One statement of the catalogue: how it is made in any size, and how true instances of it are drawn.</summary>
public sealed class CircuitEntry
{
    private readonly Func<string, PublicFace, IStatement> _create;
    private readonly Func<string, int> _unitCount;
    private readonly Func<CompiledCircuit, string, PublicFace, int, Assignment> _draw;

    private CircuitEntry(
        Func<string, PublicFace, IStatement> create, Func<string, int> unitCount, Func<CompiledCircuit, string, PublicFace, int, Assignment> draw) =>
        (_create, _unitCount, _draw) = (create, unitCount, draw);

    /// <summary>The statement's name.</summary>
    public required string Name { get; init; }

    /// <summary>What constraints are counted by, such as <c>account</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>The size that figures are stated for.</summary>
    public required string DefaultShape { get; init; }

    /// <summary>A size that is small enough to be searched for flaws.</summary>
    public required string SmallShape { get; init; }

    /// <summary>Hints of the circuit, for loading a stored one.</summary>
    public required HintSet Hints { get; init; }

    /// <summary>The statement in one size and face.</summary>
    /// <exception cref="FormatException">The size is not one of this statement.</exception>
    public IStatement Create(string shape, PublicFace face) => _create(shape, face);

    /// <summary>How many units a size holds.</summary>
    /// <exception cref="FormatException">The size is not one of this statement.</exception>
    public int UnitCount(string shape) => _unitCount(shape);

    /// <summary>A true instance drawn from a seed: state and inputs at random, public fields from the reference.</summary>
    /// <exception cref="FormatException">The size is not one of this statement.</exception>
    public Assignment Draw(CompiledCircuit circuit, string shape, PublicFace face, int seed) => _draw(circuit, shape, face, seed);

    /// <summary>An entry for a statement whose size is a <typeparamref name="TShape"/>.</summary>
    /// <param name="name">The statement's name.</param>
    /// <param name="unit">What constraints are counted by.</param>
    /// <param name="standard">Default size.</param>
    /// <param name="small">Size for searches.</param>
    /// <param name="parse">Reads a size as it prints itself.</param>
    /// <param name="unitCount">Units of a size.</param>
    /// <param name="hints">Hints of the circuit.</param>
    /// <param name="create">Makes the circuit.</param>
    /// <param name="draw">Draws an assignment that satisfies it.</param>
    internal static CircuitEntry Of<TShape>(
        string name,
        string unit,
        TShape standard,
        TShape small,
        Func<string, TShape> parse,
        Func<TShape, int> unitCount,
        HintSet hints,
        Func<TShape, PublicFace, IStatement> create,
        Func<CompiledCircuit, TShape, PublicFace, int, Assignment> draw)
        where TShape : notnull => new(
            (shape, face) => create(parse(shape), face),
            shape => unitCount(parse(shape)),
            (circuit, shape, face, seed) => draw(circuit, parse(shape), face, seed))
        {
            Name = name,
            Unit = unit,
            DefaultShape = standard.ToString()!,
            SmallShape = small.ToString()!,
            Hints = hints,
        };
}
