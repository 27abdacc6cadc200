using System.Numerics;
using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Settlement;

/// <summary>
/// The settlement statement in plain C#: what the circuit proves, bit for bit. For every account of an aligned range, expired positions
/// turn into cash, the rest is marked and margined, and accounts below maintenance are flagged; then the clearing account pays for it all.
/// </summary>
public static class SettlementReference
{
    /// <summary>Settles a batch.</summary>
    /// <exception cref="SettlementException">The signature is wrong, the range is not aligned, an account is outside the statement (too many
    /// positions, a perpetual, an instrument that the snapshot lacks), there is no clearing account, or cash or an expiry's value leaves its domain.</exception>
    public static SettlementResult Settle(SettlementBatch batch)
    {
        Check(batch);
        MarketRisk market = MarketRisk.Compute(batch.Snapshot.Snapshot, batch.Parameters);
        AccountSettlement[] accounts =
            [.. Enumerable.Range(batch.FirstLeaf, batch.Shape.Accounts).Select(leaf => SettleLeaf(batch, market, leaf, batch.State.Find(leaf)))];
        ExchangeState between = batch.State.With(accounts.Where(a => a.After is not null).Select(a => KeyValuePair.Create(a.Leaf, a.After!)));
        Account clearingBefore = between.Find(ExchangeState.ClearingLeaf)
            ?? throw new SettlementException("leaf 0 is empty; a clearing account must hold it");
        Account clearingAfter = Pay(clearingBefore, accounts);
        ExchangeState after = between.With([KeyValuePair.Create(ExchangeState.ClearingLeaf, clearingAfter)]);
        Fr[] words = SettlementDiff.Words(accounts, clearingAfter);
        return new SettlementResult(
            batch,
            after,
            market,
            accounts,
            clearingBefore,
            clearingAfter,
            batch.State.Tree.Path(batch.FirstLeaf, batch.Shape.RangeHeight),
            between.Tree.Path(ExchangeState.ClearingLeaf, 0),
            words,
            PublicInputs(batch, after, words));
    }

    /// <summary>The statement's margin of cash and positions: expired positions turn into cash first.</summary>
    /// <param name="parameters">Valid parameters.</param>
    /// <param name="market">Prices every position.</param>
    /// <param name="leaf">Named in messages.</param>
    /// <param name="cash">Cash before.</param>
    /// <param name="positions">Positions, each instrument once.</param>
    /// <exception cref="SettlementException">The market lacks an instrument, or cash or an expiry's value leaves its domain.</exception>
    public static MarginResult MarginOf(MarginParameters parameters, MarketRisk market, int leaf, CashAmount cash, IEnumerable<Position> positions)
    {
        Holding[] holdings = [.. positions.Select(p => new Holding(p, Find(market, leaf, p)))];
        return PortfolioMargin.Compute(parameters, CheckedCash(leaf, cash.Value + Received(holdings)), ExpirySumsOf(market, leaf, holdings));
    }

    private static void Check(SettlementBatch batch)
    {
        batch.Shape.Validate();
        batch.Parameters.Validate();
        if (!batch.Snapshot.IsValid)
        {
            throw new SettlementException("the snapshot's signature is not its oracle's");
        }

        if (batch.FirstLeaf < 0 || batch.FirstLeaf >= AccountTree.Capacity || batch.FirstLeaf % batch.Shape.Accounts != 0)
        {
            throw new SettlementException($"first leaf {batch.FirstLeaf} is not a multiple of {batch.Shape.Accounts} below {AccountTree.Capacity}");
        }
    }

    private static AccountSettlement SettleLeaf(SettlementBatch batch, MarketRisk market, int leaf, Account? account)
    {
        if (account is null)
        {
            return AccountSettlement.Empty(leaf);
        }

        CheckInStatement(batch, leaf, account);
        Holding[] holdings = [.. account.Positions.Select(p => new Holding(p, Find(market, leaf, p)))];
        Int128 received = Received(holdings);
        CashAmount cash = CheckedCash(leaf, account.Cash.Value + received);
        MarginResult margin = PortfolioMargin.Compute(batch.Parameters, cash, ExpirySumsOf(market, leaf, holdings));
        Account after = account with { Cash = cash, Positions = [.. holdings.Where(h => !h.Risk.HasExpired).Select(h => h.Position)] };
        return new AccountSettlement(leaf, account, Flag(after, leaf, margin, batch.Snapshot.Snapshot.Time), received, margin, GreeksOf(holdings));
    }

    private static Int128 Received(Holding[] holdings)
    {
        Int128 received = 0;
        foreach (Holding holding in holdings)
        {
            received += (Int128)holding.Position.Quantity.Value * holding.Risk.PayoffTicks;
        }

        return received;
    }

    private static void CheckInStatement(SettlementBatch batch, int leaf, Account account)
    {
        if (account.Positions.Count > batch.Shape.Positions)
        {
            throw new SettlementException($"leaf {leaf} holds {account.Positions.Count} positions; the shape {batch.Shape} allows {batch.Shape.Positions}");
        }

        if (!account.Perpetual.IsZero)
        {
            throw new SettlementException($"leaf {leaf} holds a perpetual, which this statement does not margin");
        }
    }

    private static InstrumentRisk Find(MarketRisk market, int leaf, Position position) => market.Find(position.InstrumentId)
        ?? throw new SettlementException($"leaf {leaf} holds instrument {position.InstrumentId}, which the snapshot does not price");

    private static List<ExpirySums> ExpirySumsOf(MarketRisk market, int leaf, Holding[] holdings)
    {
        var sums = new List<ExpirySums>();
        for (int slot = 0; slot < market.Terms.Count; slot++)
        {
            if (market.Terms[slot] is not { } factors)
            {
                continue;
            }

            var scenarioSums = new BigInteger[ScenarioGrid.ScenarioCount];
            foreach (Holding holding in holdings.Where(h => h.Risk.ExpirySlot == slot))
            {
                for (int s = 0; s < scenarioSums.Length; s++)
                {
                    scenarioSums[s] += (BigInteger)holding.Position.Quantity.Value * holding.Risk.ScenarioTicks[s];
                }
            }

            sums.Add(Array.TrueForAll(scenarioSums, PortfolioMargin.IsInDomain)
                ? new ExpirySums(factors, scenarioSums)
                : throw new SettlementException($"leaf {leaf} holds more than 46 billion USD (2^62 units) in expiry slot {slot} under some scenario"));
        }

        return sums;
    }

    private static BigInteger[] GreeksOf(Holding[] holdings)
    {
        var greeks = new BigInteger[InstrumentRisk.GreekCount];
        foreach (Holding holding in holdings)
        {
            for (int g = 0; g < greeks.Length; g++)
            {
                greeks[g] += (BigInteger)holding.Position.Quantity.Value * holding.Risk.Greeks[g];
            }
        }

        return greeks;
    }

    /// <summary>The clearing account is never flagged: it is the exchange's own, and nobody could liquidate it.</summary>
    private static Account Flag(Account account, int leaf, MarginResult margin, long time)
    {
        if (leaf == ExchangeState.ClearingLeaf)
        {
            return account;
        }

        bool wasBelow = account.Status.HasFlag(AccountStatus.BelowMaintenance);
        return margin.Maintenance.Sign < 0
            ? account with { Status = account.Status | AccountStatus.BelowMaintenance, FlaggedAt = wasBelow ? account.FlaggedAt : time }
            : account with { Status = account.Status & ~AccountStatus.BelowMaintenance, FlaggedAt = 0 };
    }

    private static Account Pay(Account clearing, AccountSettlement[] accounts)
    {
        Int128 paid = 0;
        foreach (AccountSettlement account in accounts)
        {
            paid += account.CashReceived;
        }

        return clearing with { Cash = CheckedCash(ExchangeState.ClearingLeaf, clearing.Cash.Value - paid) };
    }

    private static CashAmount CheckedCash(int leaf, Int128 value)
    {
        var cash = new CashAmount(value);
        return cash.IsInDomain ? cash : throw new SettlementException($"cash of leaf {leaf} would leave ±2^80 units of 10^-8 USD");
    }

    private static SettlementPublicInputs PublicInputs(SettlementBatch batch, ExchangeState after, Fr[] words) => new(
        batch.Domain,
        batch.BatchNumber,
        batch.FirstLeaf,
        batch.State.Root,
        after.Root,
        batch.Snapshot.Snapshot.Time,
        batch.Snapshot.KeyHash,
        batch.Parameters.Hash(),
        FieldSponge.Hash(words));

    private readonly record struct Holding(Position Position, InstrumentRisk Risk);
}
