using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>What is to be booked.</summary>
/// <param name="State">State before.</param>
/// <param name="Risk">Prices under every scenario, which a market-risk proof stands for.</param>
/// <param name="Parameters">Fees and limits.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Trades">Trades in the order of their booking.</param>
/// <param name="BatchNumber">Number of the batch.</param>
/// <param name="Domain">Chain and contract.</param>
public sealed record TradeBatch(
    ExchangeState State, RiskMatrix Risk, VenueParameters Parameters, TradeShape Shape, IReadOnlyList<Trade> Trades, ulong BatchNumber, Fr Domain);

/// <summary>An account that a batch opens.</summary>
/// <param name="Leaf">Its leaf.</param>
/// <param name="Before">The account before.</param>
/// <param name="After">The account after.</param>
/// <param name="Path">From its leaf to the root; the same siblings serve before and after.</param>
/// <param name="ScenarioBefore">The scenario that bound it before: what its margin is compared with when it is below initial margin.</param>
/// <param name="IsInitialMet">Whether initial margin is met; otherwise it is no lower than before.</param>
public sealed record OpenedAccount(int Leaf, Account Before, Account After, SubtreePath Path, int ScenarioBefore, bool IsInitialMet);

/// <summary>The public fields of a trade batch, in this order.</summary>
/// <param name="Domain">Chain and contract.</param>
/// <param name="BatchNumber">Number of the batch.</param>
/// <param name="OldRoot">Root before.</param>
/// <param name="NewRoot">Root after.</param>
/// <param name="RiskRoot">The risk matrix.</param>
/// <param name="ParameterHash">The venue's parameters.</param>
/// <param name="DiffHash">What is published.</param>
public sealed record TransitionPublicInputs(Fr Domain, ulong BatchNumber, Fr OldRoot, Fr NewRoot, Fr RiskRoot, Fr ParameterHash, Fr DiffHash)
{
    /// <summary>The fields' names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["domain", "batch number", "old root", "new root", "risk root", "parameter hash", "diff hash"];

    /// <summary>The fields.</summary>
    public Fr[] ToFields() => [Domain, BatchNumber, OldRoot, NewRoot, RiskRoot, ParameterHash, DiffHash];
}

/// <summary>A booked batch: the new state and everything that a proof of it takes.</summary>
/// <param name="Batch">What was booked.</param>
/// <param name="NewState">State after.</param>
/// <param name="Rows">Indices in the risk matrix of the rows that the batch opens, ascending by instrument id.</param>
/// <param name="Accounts">The accounts, as many as the shape has; a slot that is not needed opens the first account again and leaves it.</param>
/// <param name="OpenInterest">The account that keeps the open interest.</param>
/// <param name="Clearing">The clearing account, which receives the fees.</param>
/// <param name="Words">The published words.</param>
/// <param name="PublicInputs">What a proof says in public.</param>
public sealed record TradeBatchResult(
    TradeBatch Batch,
    ExchangeState NewState,
    IReadOnlyList<int> Rows,
    IReadOnlyList<OpenedAccount> Accounts,
    OpenedAccount OpenInterest,
    OpenedAccount Clearing,
    IReadOnlyList<Fr> Words,
    TransitionPublicInputs PublicInputs);
