using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>A state that changes leaf by leaf, as a circuit's chain of roots does.</summary>
internal sealed class StateChain(ExchangeState state)
{
    public ExchangeState State { get; private set; } = state;

    /// <summary>Replaces an account that exists.</summary>
    public OpenedAccount Replace(int leaf, Func<Account, Account> change)
    {
        Account before = State.Find(leaf) ?? throw new SettlementException($"leaf {leaf} is empty");
        Account after = change(before);
        SubtreePath path = State.Tree.Path(leaf, 0);
        State = State.With([KeyValuePair.Create(leaf, after)]);
        return new OpenedAccount(leaf, before, after, path, 0, true);
    }
}
