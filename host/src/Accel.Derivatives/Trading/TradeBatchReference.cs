using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>
/// The trade statement in plain C#: what the circuit proves, bit for bit. Trades are booked one after the other; at the end of the batch every
/// account that traded meets initial margin, or has no less of it than before the batch. Between two trades of one batch there is no state
/// that anyone could withdraw from, so a batch is margined as one trade of several legs is.
/// </summary>
public static class TradeBatchReference
{
    /// <summary>Books a batch.</summary>
    /// <exception cref="SettlementException">A trade or an account breaks a rule; the message names it.</exception>
    public static TradeBatchResult Book(TradeBatch batch)
    {
        batch.Shape.Validate();
        batch.Parameters.Validate();
        int[] leaves = LeavesOf(batch);
        TradeLedger ledger = new(batch);
        for (int t = 0; t < batch.Trades.Count; t++)
        {
            ledger.Book(t, batch.Trades[t]);
        }

        int[] rows = OpenedRows.Of(
            batch.Risk,
            batch.Shape.Instruments,
            batch.Shape.Expiries,
            leaves.SelectMany(leaf => batch.State.Find(leaf)!.Positions).Concat(OpenInterestBook.Of(batch.State)).Select(position => position.InstrumentId)
                .Concat(batch.Trades.Select(trade => trade.Buy.Order.InstrumentId)));
        var chain = new StateChain(batch.State);
        OpenedAccount[] accounts = [.. leaves.Select(leaf => Open(batch, chain, ledger, leaf))];
        OpenedAccount openInterest = chain.Replace(ExchangeState.OpenInterestLeaf, account => account with { OpenInterest = OpenInterestBook.After(batch.Risk, batch.Parameters, account, accounts) });
        OpenedAccount clearing = chain.Replace(ExchangeState.ClearingLeaf, account => account with { Cash = TradeLedger.Checked(ExchangeState.ClearingLeaf, account.Cash.Value + ledger.Fees) });
        Fr[] words = Words(batch, rows);
        Fr[] ids = OpenedRows.Ids(batch.Risk, rows, batch.Shape.Instruments);
        return new TradeBatchResult(
            batch, chain.State, rows, accounts, openInterest, clearing, words, new TransitionPublicInputs(
                batch.Domain, batch.BatchNumber, batch.State.Root, chain.State.Root, batch.Risk.Root, batch.Parameters.Hash(), TradeDiff.Hash(ids, words)));
    }

    private static int[] LeavesOf(TradeBatch batch)
    {
        int[] leaves = [.. batch.Trades.SelectMany(trade => new[] { trade.Buy.Order.Leaf, trade.Sell.Order.Leaf }).Distinct()];
        if (batch.Trades.Count is 0 || batch.Trades.Count > batch.Shape.Trades || leaves.Length > batch.Shape.Accounts)
        {
            throw new SettlementException($"{batch.Trades.Count} trades of {leaves.Length} accounts: the shape {batch.Shape} holds 1 to {batch.Shape.Trades} of {batch.Shape.Accounts}");
        }

        return [.. leaves, .. Enumerable.Repeat(leaves[0], batch.Shape.Accounts - leaves.Length)];
    }

    private static OpenedAccount Open(TradeBatch batch, StateChain chain, TradeLedger ledger, int leaf) =>
        MarginRule.Hold(batch.Risk, batch.Shape.Positions, chain.Replace(leaf, _ => ledger.AccountOf(leaf)));

    private static Fr[] Words(TradeBatch batch, int[] rows)
    {
        var words = new Fr[batch.Shape.Trades];
        for (int t = 0; t < batch.Trades.Count; t++)
        {
            words[t] = TradeDiff.Word(batch.Trades[t], Array.IndexOf(rows, batch.Risk.IndexOf(batch.Trades[t].Buy.Order.InstrumentId)));
        }

        return words;
    }
}
