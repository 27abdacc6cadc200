using Accel.Derivatives.Margin;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Settlement;

/// <summary>What is to be settled.</summary>
/// <param name="State">State before.</param>
/// <param name="Snapshot">The signed market; its shape is the batch's.</param>
/// <param name="Parameters">Margin parameters.</param>
/// <param name="FirstLeaf">First leaf of the range, a multiple of the shape's account count.</param>
/// <param name="BatchNumber">Number of the batch.</param>
/// <param name="Domain">Chain and contract.</param>
public sealed record SettlementBatch(ExchangeState State, SignedSnapshot Snapshot, MarginParameters Parameters, int FirstLeaf, ulong BatchNumber, Fr Domain)
{
    /// <summary>Sizes of the batch.</summary>
    public BatchShape Shape => Snapshot.Shape;
}

/// <summary>A settled batch: the new state, what happened to each account, and everything that a proof of it takes.</summary>
/// <param name="Batch">What was settled.</param>
/// <param name="NewState">State after.</param>
/// <param name="Market">Prices under every scenario.</param>
/// <param name="Accounts">One entry per leaf of the range.</param>
/// <param name="ClearingBefore">The clearing account after the range was settled and before it paid.</param>
/// <param name="ClearingAfter">The clearing account after the batch.</param>
/// <param name="RangePath">From the range's subtree to the old root; the same siblings lead to the root between.</param>
/// <param name="ClearingPath">From leaf 0 to the root between; the same siblings lead to the new root.</param>
/// <param name="DiffWords">The published difference.</param>
/// <param name="PublicInputs">What a proof says in public.</param>
public sealed record SettlementResult(
    SettlementBatch Batch,
    ExchangeState NewState,
    MarketRisk Market,
    IReadOnlyList<AccountSettlement> Accounts,
    Account ClearingBefore,
    Account ClearingAfter,
    SubtreePath RangePath,
    SubtreePath ClearingPath,
    IReadOnlyList<Fr> DiffWords,
    SettlementPublicInputs PublicInputs);
