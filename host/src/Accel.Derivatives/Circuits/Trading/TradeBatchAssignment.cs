using Accel.Derivatives.Pricing;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>The inputs of a <see cref="TradeBatchCircuit"/> for a booked batch.</summary>
public static class TradeBatchAssignment
{
    /// <summary>Sets every input.</summary>
    /// <param name="circuit">The compiled circuit, of the batch's shape.</param>
    /// <param name="face">The circuit's face.</param>
    /// <param name="result">The booked batch.</param>
    /// <exception cref="ArgumentException">The circuit has another shape.</exception>
    public static Assignment Of(CompiledCircuit circuit, PublicFace face, TradeBatchResult result)
    {
        var assignment = new Assignment(circuit);
        PublicFields.Assign(assignment, face, result.PublicInputs.ToFields());
        assignment.Set(VenueParameterWires.ScalarsName, [.. result.Batch.Parameters.Scalars.Select(scalar => (Fr)scalar)]);
        RiskMatrixAssignment.Set(assignment, result.Batch.Risk, result.Rows, result.Batch.Shape.Instruments);
        SetAccounts(assignment, result);
        SetTrades(assignment, result);
        OpenInterestUpdate.Assign(assignment, result.OpenInterest, result.Batch.Risk, result.Rows, result.Batch.Shape.Instruments);
        ClearingWires.Assign(assignment, result.Clearing.Before, result.Clearing.Path);
        return assignment;
    }

    private static void SetAccounts(Assignment assignment, TradeBatchResult result)
    {
        IReadOnlyList<OpenedAccount> accounts = result.Accounts;
        assignment.Set(TradeBatchCircuit.LeavesName, [.. accounts.Select(account => (Fr)account.Leaf)]);
        assignment.Set(TradeBatchCircuit.LeafFieldsName, [.. accounts.SelectMany(account => LeafWires.Of(account.Before))]);
        assignment.Set(TradeBatchCircuit.CashName, [.. accounts.Select(account => FieldIntegers.FromInt128(account.Before.Cash.Value))]);
        assignment.Set(TradeBatchCircuit.OrdersName, [.. accounts.SelectMany(account => account.Before.Orders.Pairs())]);
        assignment.Set(TradeBatchCircuit.InitialMetName, [.. accounts.Select(account => account.IsInitialMet ? Fr.One : Fr.Zero)]);
        assignment.Set(TradeBatchCircuit.ScenarioName, [.. accounts.SelectMany(account => RiskMatrixAssignment.OneHot(account.ScenarioBefore, ScenarioGrid.ScenarioCount))]);
        assignment.Set(
            TradeBatchCircuit.QuantitiesName,
            [.. accounts.SelectMany(account => RiskMatrixAssignment.Dense(result.Batch.Risk, result.Rows, result.Batch.Shape.Instruments, account.Before.Positions))]);
        assignment.Set(TradeBatchCircuit.PathsName, [.. accounts.SelectMany(account => LeafRange.InPairOrder(account.Path))]);
    }

    private static void SetTrades(Assignment assignment, TradeBatchResult result)
    {
        TradeBatch batch = result.Batch;
        List<int> leaves = [.. result.Accounts.Select(account => account.Leaf)];
        var trades = new List<Fr>();
        var signatures = new List<Fr>();
        foreach (Trade trade in batch.Trades)
        {
            int row = result.Rows.ToList().IndexOf(batch.Risk.IndexOf(trade.Buy.Order.InstrumentId));
            trades.AddRange([Fr.One, trade.BuyerIsTaker ? Fr.One : Fr.Zero, leaves.IndexOf(trade.Buy.Order.Leaf), leaves.IndexOf(trade.Sell.Order.Leaf), row, trade.Price.Value, trade.Quantity]);
            foreach (SignedOrder order in (SignedOrder[])[trade.Buy, trade.Sell])
            {
                trades.AddRange([order.Order.Limit.Value, order.Order.Quantity, order.Order.ExpiresAt, order.Order.Nonce]);
                signatures.AddRange(OracleGadget.Fields(order.Signature));
            }
        }

        for (int t = batch.Trades.Count; t < batch.Shape.Trades; t++)
        {
            // A no-op: one unit between the first two accounts, unused, in orders that last until now.
            trades.AddRange([Fr.Zero, Fr.Zero, Fr.Zero, Fr.One, Fr.Zero, Fr.Zero, Fr.One]);
            trades.AddRange([Fr.Zero, Fr.Zero, batch.Risk.Time, Fr.Zero, Fr.Zero, Fr.Zero, batch.Risk.Time, Fr.Zero]);
            signatures.AddRange(new Fr[6]);
        }

        assignment.Set(TradeBatchCircuit.TradesName, [.. trades]);
        assignment.Set(TradeBatchCircuit.SignaturesName, [.. signatures]);
    }
}
