using System.Numerics;
using Accel.Derivatives.Market;
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

        int[] rows = RowsOf(batch, leaves);
        var chain = new StateChain(batch.State);
        OpenedAccount[] accounts = [.. leaves.Select(leaf => Open(batch, chain, ledger, leaf))];
        OpenedAccount openInterest = chain.Replace(ExchangeState.OpenInterestLeaf, account => account with { OpenInterest = OpenInterestAfter(batch, account, accounts) });
        OpenedAccount clearing = chain.Replace(ExchangeState.ClearingLeaf, account => account with { Cash = TradeLedger.Checked(ExchangeState.ClearingLeaf, account.Cash.Value + ledger.Fees) });
        Fr[] words = Words(batch, rows);
        Fr[] ids = [.. rows.Select(row => batch.Risk.Instruments[row].Id), .. new Fr[batch.Shape.Instruments - rows.Length]];
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

    /// <summary>Every row that an account, a trade or the open interest needs, ascending by id.</summary>
    private static int[] RowsOf(TradeBatch batch, int[] leaves)
    {
        IEnumerable<Fr> ids = leaves.SelectMany(leaf => batch.State.Find(leaf)!.Positions).Concat(OpenInterestOf(batch.State)).Select(position => position.InstrumentId)
            .Concat(batch.Trades.Select(trade => trade.Buy.Order.InstrumentId));
        Fr[] distinct = [.. ids.Distinct().Order(Comparer<Fr>.Create(PositionBlocks.Compare))];
        if (distinct.Length > batch.Shape.Instruments)
        {
            throw new SettlementException($"the batch needs {distinct.Length} instruments; the shape {batch.Shape} opens {batch.Shape.Instruments}");
        }

        int[] rows = [.. distinct.Select(batch.Risk.IndexOf)];
        int missing = Array.IndexOf(rows, -1);
        if (missing >= 0)
        {
            throw new SettlementException($"the risk matrix does not price instrument {distinct[missing]}");
        }

        return Array.TrueForAll(rows, row => batch.Risk.Instruments[row].HasExpired || batch.Risk.Instruments[row].ExpirySlot < batch.Shape.Expiries)
            ? rows
            : throw new SettlementException($"an instrument lies in an expiry slot that the shape {batch.Shape} does not have");
    }

    private static IReadOnlyList<Position> OpenInterestOf(ExchangeState state) => state.Find(ExchangeState.OpenInterestLeaf)?.OpenInterest
        ?? throw new SettlementException($"leaf {ExchangeState.OpenInterestLeaf} must hold the open interest");

    private static OpenedAccount Open(TradeBatch batch, StateChain chain, TradeLedger ledger, int leaf)
    {
        OpenedAccount opened = chain.Replace(leaf, _ => ledger.AccountOf(leaf));
        if (opened.After.Positions.Count > batch.Shape.Positions || opened.Before.Positions.Count > batch.Shape.Positions)
        {
            throw new SettlementException($"leaf {leaf} holds more positions than the shape {batch.Shape} allows");
        }

        if (!opened.After.Perpetual.IsZero)
        {
            throw new SettlementException($"leaf {leaf} holds a perpetual, which this statement does not margin");
        }

        return opened with { ScenarioBefore = ScenarioBefore(batch, leaf, opened), IsInitialMet = IsInitialMet(batch, leaf, opened) };
    }

    private static int ScenarioBefore(TradeBatch batch, int leaf, OpenedAccount opened) => ScenarioMargin.Of(batch.Risk, leaf, opened.Before.Positions).WorstScenario;

    private static bool IsInitialMet(TradeBatch batch, int leaf, OpenedAccount opened)
    {
        BigInteger after = ScenarioMargin.Of(batch.Risk, leaf, opened.After.Positions).Exact(opened.After.Cash, batch.Risk.InitialFactor);
        if (after.Sign >= 0)
        {
            return true;
        }

        BigInteger before = ScenarioMargin.Of(batch.Risk, leaf, opened.Before.Positions).Exact(opened.Before.Cash, batch.Risk.InitialFactor);
        return after >= before
            ? false
            : throw new SettlementException($"leaf {leaf} would be below initial margin, and further than before");
    }

    /// <summary>Σ max(q, 0) per instrument, moved by what the accounts' long positions changed by; expired instruments leave the list.</summary>
    private static Position[] OpenInterestAfter(TradeBatch batch, Account before, OpenedAccount[] accounts)
    {
        Dictionary<Fr, long> interest = before.OpenInterest!.ToDictionary(position => position.InstrumentId, position => position.Quantity.Value);
        foreach (OpenedAccount account in accounts)
        {
            foreach (Position position in account.After.Positions.Where(position => position.Quantity.Value > 0))
            {
                interest[position.InstrumentId] = interest.GetValueOrDefault(position.InstrumentId) + position.Quantity.Value;
            }

            foreach (Position position in account.Before.Positions.Where(position => position.Quantity.Value > 0))
            {
                interest[position.InstrumentId] = interest.GetValueOrDefault(position.InstrumentId) - position.Quantity.Value;
            }
        }

        foreach ((Fr id, long quantity) in interest)
        {
            bool hasExpired = batch.Risk.Instruments[batch.Risk.IndexOf(id)].HasExpired;
            if (!hasExpired && (quantity < 0 || quantity > batch.Parameters.OpenInterestMax))
            {
                throw new SettlementException($"open interest of instrument {id} would be {quantity}; the limit is {batch.Parameters.OpenInterestMax}");
            }
        }

        return
        [
            .. interest.Where(pair => pair.Value != 0 && !batch.Risk.Instruments[batch.Risk.IndexOf(pair.Key)].HasExpired)
                .Select(pair => new Position(pair.Key, new PositionQuantity(pair.Value)))
                .OrderBy(position => position.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare)),
        ];
    }

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
