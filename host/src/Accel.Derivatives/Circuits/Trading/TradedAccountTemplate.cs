using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>The private fields of an account that a trade batch opens, and what its trades change.</summary>
/// <param name="Leaf">What stays.</param>
/// <param name="Cash">Cash before.</param>
/// <param name="OrdersBefore">Root of the order slots before.</param>
/// <param name="OrdersAfter">Root of the order slots after.</param>
/// <param name="IsInitialMet">Whether initial margin is met; otherwise it must be no lower than before.</param>
/// <param name="ScenarioBefore">One-hot: a scenario that bounds the margin before from above.</param>
/// <param name="CashChange">What the trades paid and cost.</param>
/// <param name="Quantities">Per opened instrument, before.</param>
/// <param name="QuantityChanges">Per opened instrument.</param>
internal sealed record TradedAccountWires(
    LeafWires Leaf, Linear Cash, Linear OrdersBefore, Linear OrdersAfter, Linear IsInitialMet, Linear[] ScenarioBefore, Linear CashChange, Linear[] Quantities, Linear[] QuantityChanges)
{
    public static int Count(TradeShape shape) => LeafWires.Count + 5 + ScenarioGrid.ScenarioCount + (2 * shape.Instruments);

    public Linear[] ToArray() => [.. Leaf.ToArray(), Cash, OrdersBefore, OrdersAfter, IsInitialMet, .. ScenarioBefore, CashChange, .. Quantities, .. QuantityChanges];

    public static TradedAccountWires Read(WireReader reader, TradeShape shape) => new(
        LeafWires.Read(reader), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Take(ScenarioGrid.ScenarioCount), reader.Next(),
        reader.Take(shape.Instruments), reader.Take(shape.Instruments));
}

/// <summary>
/// An account before and after the batch: its two leaves, its margin, and per instrument what its long position changed by. Inputs:
/// <see cref="TradedAccountWires"/>, then the risk matrix. Outputs: old leaf, new leaf, changes of the long positions.
/// </summary>
internal sealed class TradedAccountTemplate(TradeShape shape) : ITemplate
{
    public string Key => $"TradedAccount({shape})";

    public int InputCount => TradedAccountWires.Count(shape) + RiskMatrixWires.Count(shape.Instruments, shape.Expiries);

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        var reader = new WireReader(inputs.ToArray());
        TradedAccountWires account = TradedAccountWires.Read(reader, shape);
        RiskMatrixWires risk = RiskMatrixWires.Read(reader, shape.Instruments, shape.Expiries);
        BigInteger cashMax = BigInteger.One << CashAmount.MagnitudeBits;
        Integer cashBefore = Integer.Assume(account.Cash, -cashMax, cashMax - 1, "every statement that writes cash into a leaf checks it");
        Integer cashAfter = builder.ToSigned(account.Cash + account.CashChange, CashAmount.MagnitudeBits);
        Linear[] after = [.. account.Quantities.Zip(account.QuantityChanges, (quantity, change) => builder.ToWire(quantity + change))];
        Linear[] longChanges = [.. account.Quantities.Zip(after, (before, now) => LongPart(builder, now) - LongPart(builder, before))];
        AssertMargin(builder, account, risk, cashBefore, cashAfter, after);
        Linear[] ids = [.. risk.Rows.Select(row => row.Id)];
        Linear oldLeaf = account.Leaf.Hash(builder, account.Cash, PositionList.Root(builder, ids, account.Quantities, shape.Blocks), account.OrdersBefore);
        Linear newLeaf = account.Leaf.Hash(builder, cashAfter, PositionList.Root(builder, ids, after, shape.Blocks), account.OrdersAfter);
        return [oldLeaf, newLeaf, .. longChanges];
    }

    /// <summary>
    /// Margin after is at least zero, or at least what it was before. For the latter any one scenario will do: the margin before was at most
    /// what it was under that scenario.
    /// </summary>
    private static void AssertMargin(
        CircuitBuilder builder, TradedAccountWires account, RiskMatrixWires risk, in Integer cashBefore, in Integer cashAfter, Linear[] after)
    {
        using ScopeHandle scope = builder.Scope("margin");
        Bit isInitialMet = builder.AssertBit(account.IsInitialMet);
        Bit[] scenario = [.. account.ScenarioBefore.Select(isChosen => builder.AssertBit(isChosen))];
        builder.AssertEqual(Linear.Sum(account.ScenarioBefore), Linear.One, "one scenario is compared");
        PortfolioWires before = PortfolioWires.Define(builder, risk, account.Quantities);
        Integer marginBefore = before.Exact(cashBefore, risk.InitialFactor, before.GainUnder(scenario));
        PortfolioWires now = PortfolioWires.Define(builder, risk, after);
        Integer marginAfter = now.Exact(cashAfter, risk.InitialFactor, now.WorstGain());
        Integer least = builder.Select(isInitialMet, Integer.Constant(0), marginBefore);
        builder.AssertNonNegative(marginAfter - least);
    }

    /// <summary>max(q, 0), and q held to its domain.</summary>
    private static Linear LongPart(CircuitBuilder builder, in Linear quantity)
    {
        Bit[] bits = builder.ToBits(quantity + WordPacker.PowerOfTwo(PositionQuantity.MagnitudeBits), PositionQuantity.MagnitudeBits + 1);
        return builder.Multiply(bits[^1], quantity);
    }
}
