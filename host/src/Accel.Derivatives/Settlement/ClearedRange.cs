using Accel.Derivatives.Market;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Settlement;

/// <summary>A leaf of which cash and positions change.</summary>
/// <param name="Leaf">Index of the leaf.</param>
/// <param name="Before">The account before; null when the leaf is empty.</param>
/// <param name="After">The account after, before any clearing; null when the leaf is empty.</param>
/// <param name="CashReceived">What its positions paid, in 10⁻⁸ USD.</param>
/// <param name="Marks">For each position before, in order, whether it changed.</param>
public sealed record AccountChange(int Leaf, Account? Before, Account? After, Int128 CashReceived, IReadOnlyList<bool> Marks);

/// <summary>A range of leaves after its accounts changed, and the clearing account after it paid for that.</summary>
/// <param name="NewState">State after.</param>
/// <param name="Accounts">One entry per leaf of the range.</param>
/// <param name="ClearingBefore">The clearing account after the range changed and before it paid.</param>
/// <param name="ClearingAfter">The clearing account after the batch.</param>
/// <param name="RangePath">From the range's subtree to the old root; the same siblings lead to the root between.</param>
/// <param name="ClearingPath">From leaf 0 to the root between; the same siblings lead to the new root.</param>
public sealed record ClearedRange(
    ExchangeState NewState,
    IReadOnlyList<AccountChange> Accounts,
    Account ClearingBefore,
    Account ClearingAfter,
    SubtreePath RangePath,
    SubtreePath ClearingPath)
{
    /// <summary>Changes every account of an aligned range and lets the clearing account pay.</summary>
    /// <param name="state">State before.</param>
    /// <param name="firstLeaf">First leaf of the range, a multiple of 4^height.</param>
    /// <param name="height">The range spans 4^height leaves.</param>
    /// <param name="positionsMax">Most positions of an account.</param>
    /// <param name="change">What each position pays, in 10⁻⁸ USD, and what takes its place: nothing, itself, or another position.</param>
    /// <exception cref="SettlementException">The range is not aligned, an account has too many positions, there is no clearing account, or
    /// cash leaves its domain.</exception>
    internal static ClearedRange Settle(
        ExchangeState state, int firstLeaf, int height, int positionsMax, Func<Position, (Int128 Paid, Position? Successor)> change)
    {
        int count = 1 << (2 * height);
        if (firstLeaf < 0 || firstLeaf >= AccountTree.Capacity || firstLeaf % count != 0)
        {
            throw new SettlementException($"first leaf {firstLeaf} is not a multiple of {count} below {AccountTree.Capacity}");
        }

        AccountChange[] accounts = [.. Enumerable.Range(firstLeaf, count).Select(leaf => Change(leaf, state.Find(leaf), positionsMax, change))];
        ExchangeState between = state.With(accounts.Where(a => a.After is not null).Select(a => KeyValuePair.Create(a.Leaf, a.After!)));
        Account clearingBefore = between.Find(ExchangeState.ClearingLeaf)
            ?? throw new SettlementException("leaf 0 is empty; a clearing account must hold it");
        Int128 paid = accounts.Aggregate((Int128)0, (sum, account) => sum + account.CashReceived);
        Account clearingAfter = clearingBefore with { Cash = Checked(ExchangeState.ClearingLeaf, clearingBefore.Cash.Value - paid) };
        ExchangeState after = between.With([KeyValuePair.Create(ExchangeState.ClearingLeaf, clearingAfter)]);
        return new ClearedRange(
            after, accounts, clearingBefore, clearingAfter, state.Tree.Path(firstLeaf, height), between.Tree.Path(ExchangeState.ClearingLeaf, 0));
    }

    private static AccountChange Change(int leaf, Account? account, int positionsMax, Func<Position, (Int128 Paid, Position? Successor)> change)
    {
        if (account is null)
        {
            return new AccountChange(leaf, null, null, 0, []);
        }

        if (account.Positions.Count > positionsMax)
        {
            throw new SettlementException($"leaf {leaf} holds {account.Positions.Count} positions; the shape allows {positionsMax}");
        }

        (Int128 Paid, Position? Successor)[] changes = [.. account.Positions.Select(change)];
        Int128 received = changes.Aggregate((Int128)0, (sum, c) => sum + c.Paid);
        Account after = account with
        {
            Cash = Checked(leaf, account.Cash.Value + received),
            Positions = [.. changes.Where(c => c.Successor is not null).Select(c => c.Successor!.Value)
                .OrderBy(p => p.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare))],
        };
        return new AccountChange(leaf, account, after, received, [.. changes.Select((c, p) => c.Successor != account.Positions[p])]);
    }

    private static CashAmount Checked(int leaf, Int128 value)
    {
        var cash = new CashAmount(value);
        return cash.IsInDomain ? cash : throw new SettlementException($"cash of leaf {leaf} would leave ±2^80 units of 10^-8 USD");
    }
}
