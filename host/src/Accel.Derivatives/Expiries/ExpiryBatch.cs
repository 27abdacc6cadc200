using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Expiries;

/// <summary>What is to expire.</summary>
/// <param name="State">State before.</param>
/// <param name="Fixings">The signed series of the underlying; its slots are the shape's.</param>
/// <param name="Contracts">The contracts to settle, distinct; those that have not expired change nothing.</param>
/// <param name="Shape">Sizes of the batch.</param>
/// <param name="FirstLeaf">First leaf of the range, a multiple of the shape's account count.</param>
/// <param name="BatchNumber">Number of the batch.</param>
/// <param name="Domain">Chain and contract.</param>
public sealed record ExpiryBatch(
    ExchangeState State, SignedFixings Fixings, IReadOnlyList<ContractTerms> Contracts, ExpiryShape Shape, int FirstLeaf, ulong BatchNumber,
    Fr Domain);

/// <summary>An expired batch: the new state, what happened to each account, and everything that a proof of it takes.</summary>
/// <param name="Batch">What was to expire.</param>
/// <param name="Range">The accounts, the clearing account and the paths; marked positions are gone.</param>
/// <param name="Payoffs">Ticks per contract, for each contract that has expired.</param>
/// <param name="DiffWords">The published difference.</param>
/// <param name="PublicInputs">What a proof says in public.</param>
public sealed record ExpiryResult(
    ExpiryBatch Batch, ClearedRange Range, IReadOnlyDictionary<Fr, long> Payoffs, IReadOnlyList<Fr> DiffWords, RangePublicInputs PublicInputs);
