using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Expiries;

/// <summary>
/// Expiry in plain C#: what the circuit proves, bit for bit. Positions in expired contracts turn into cash by their pay-off and leave the
/// list, all others stay as they are, and the clearing account pays for it all. Margin is not looked at: the next settlement does that.
/// </summary>
public static class ExpiryReference
{
    /// <summary>Settles a batch.</summary>
    /// <exception cref="SettlementException">The signature is wrong, the range is not aligned, a contract's fixings are not all there, an account
    /// has more positions than the shape, there is no clearing account, or cash leaves its domain.</exception>
    /// <exception cref="ArgumentException">A contract's terms are not valid, or there are more of something than the shape has room for.</exception>
    public static ExpiryResult Settle(ExpiryBatch batch)
    {
        Check(batch);
        Dictionary<Fr, long> payoffs = batch.Contracts.Where(c => c.Expiry <= batch.Fixings.Series.Time)
            .ToDictionary(c => c.Id, c => ContractPayoff.Compute(c, batch.Fixings.Series));
        AccountExpiry[] accounts = [.. Enumerable.Range(batch.FirstLeaf, batch.Shape.Accounts).Select(leaf => Expire(batch, payoffs, leaf))];
        ExchangeState between = batch.State.With(accounts.Where(a => a.After is not null).Select(a => KeyValuePair.Create(a.Leaf, a.After!)));
        Account clearingBefore = between.Find(ExchangeState.ClearingLeaf)
            ?? throw new SettlementException("leaf 0 is empty; a clearing account must hold it");
        Int128 paid = accounts.Aggregate((Int128)0, (sum, account) => sum + account.CashReceived);
        Account clearingAfter = clearingBefore with { Cash = Checked(ExchangeState.ClearingLeaf, clearingBefore.Cash.Value - paid) };
        ExchangeState after = between.With([KeyValuePair.Create(ExchangeState.ClearingLeaf, clearingAfter)]);
        Fr[] words = ExpiryDiff.Words(accounts, clearingAfter);
        return new ExpiryResult(
            batch,
            after,
            payoffs,
            accounts,
            clearingBefore,
            clearingAfter,
            batch.State.Tree.Path(batch.FirstLeaf, batch.Shape.RangeHeight),
            between.Tree.Path(ExchangeState.ClearingLeaf, 0),
            words,
            new ExpiryPublicInputs(
                batch.Domain, batch.BatchNumber, batch.FirstLeaf, batch.State.Root, after.Root, batch.Fixings.Series.Time, batch.Fixings.KeyHash, FieldSponge.Hash(words)));
    }

    private static void Check(ExpiryBatch batch)
    {
        batch.Shape.Validate();
        foreach (ContractTerms contract in batch.Contracts)
        {
            contract.Validate();
        }

        if (batch.Contracts.Count > batch.Shape.Contracts || batch.Fixings.Slots != batch.Shape.Fixings)
        {
            throw new ArgumentException($"{batch.Contracts.Count} contracts and {batch.Fixings.Slots} fixing slots do not fit the shape {batch.Shape}", nameof(batch));
        }

        if (batch.Contracts.Select(c => c.Id).Distinct().Count() != batch.Contracts.Count)
        {
            throw new ArgumentException("a contract is listed twice", nameof(batch));
        }

        if (batch.Contracts.FirstOrDefault(c => c.Underlying != batch.Fixings.Series.Name) is { } foreign)
        {
            throw new SettlementException($"a contract on {foreign.Underlying} cannot expire in a batch of {batch.Fixings.Series.Name}");
        }

        if (!batch.Fixings.IsValid || batch.Fixings.Series.Kind != FixingKind.Price)
        {
            throw new SettlementException("the fixings are no price series with its oracle's signature");
        }

        if (batch.FirstLeaf < 0 || batch.FirstLeaf >= AccountTree.Capacity || batch.FirstLeaf % batch.Shape.Accounts != 0)
        {
            throw new SettlementException($"first leaf {batch.FirstLeaf} is not a multiple of {batch.Shape.Accounts} below {AccountTree.Capacity}");
        }
    }

    private static AccountExpiry Expire(ExpiryBatch batch, Dictionary<Fr, long> payoffs, int leaf)
    {
        if (batch.State.Find(leaf) is not { } account)
        {
            return new AccountExpiry(leaf, null, null, 0, []);
        }

        if (account.Positions.Count > batch.Shape.Positions)
        {
            throw new SettlementException($"leaf {leaf} holds {account.Positions.Count} positions; the shape {batch.Shape} allows {batch.Shape.Positions}");
        }

        Int128 received = 0;
        foreach (Position position in account.Positions)
        {
            received += (Int128)position.Quantity.Value * payoffs.GetValueOrDefault(position.InstrumentId);
        }

        bool[] gone = [.. account.Positions.Select(p => payoffs.ContainsKey(p.InstrumentId))];
        Account after = account with
        {
            Cash = Checked(leaf, account.Cash.Value + received),
            Positions = [.. account.Positions.Where(p => !payoffs.ContainsKey(p.InstrumentId))],
        };
        return new AccountExpiry(leaf, account, after, received, gone);
    }

    private static CashAmount Checked(int leaf, Int128 value)
    {
        var cash = new CashAmount(value);
        return cash.IsInDomain ? cash : throw new SettlementException($"cash of leaf {leaf} would leave ±2^80 units of 10^-8 USD");
    }
}
