using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
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
    ExchangeState State, SignedFixings Fixings, IReadOnlyList<ContractTerms> Contracts, ExpiryShape Shape, int FirstLeaf, ulong BatchNumber, Fr Domain);

/// <summary>What expiry does to one leaf.</summary>
/// <param name="Leaf">Index of the leaf.</param>
/// <param name="Before">The account before; null when the leaf is empty.</param>
/// <param name="After">The account after, before any clearing; null when the leaf is empty.</param>
/// <param name="CashReceived">What expired positions paid, in 10⁻⁸ USD.</param>
/// <param name="Gone">For each position, in order, whether it expired.</param>
public sealed record AccountExpiry(int Leaf, Account? Before, Account? After, Int128 CashReceived, IReadOnlyList<bool> Gone);

/// <summary>An expired batch: the new state, what happened to each account, and everything that a proof of it takes.</summary>
/// <param name="Batch">What was to expire.</param>
/// <param name="NewState">State after.</param>
/// <param name="Payoffs">Ticks per contract, for each contract that has expired.</param>
/// <param name="Accounts">One entry per leaf of the range.</param>
/// <param name="ClearingBefore">The clearing account after the range expired and before it paid.</param>
/// <param name="ClearingAfter">The clearing account after the batch.</param>
/// <param name="RangePath">From the range's subtree to the old root; the same siblings lead to the root between.</param>
/// <param name="ClearingPath">From leaf 0 to the root between; the same siblings lead to the new root.</param>
/// <param name="DiffWords">The published difference.</param>
/// <param name="PublicInputs">What a proof says in public.</param>
public sealed record ExpiryResult(
    ExpiryBatch Batch,
    ExchangeState NewState,
    IReadOnlyDictionary<Fr, long> Payoffs,
    IReadOnlyList<AccountExpiry> Accounts,
    Account ClearingBefore,
    Account ClearingAfter,
    SubtreePath RangePath,
    SubtreePath ClearingPath,
    IReadOnlyList<Fr> DiffWords,
    ExpiryPublicInputs PublicInputs);

/// <summary>What a proof of expiry says in public.</summary>
/// <param name="Domain">Chain and contract that the proof is for; chosen by the verifier, bound by the proof.</param>
/// <param name="BatchNumber">Number of the batch in its chain of roots.</param>
/// <param name="FirstLeaf">First leaf of the range.</param>
/// <param name="OldRoot">Account root before.</param>
/// <param name="NewRoot">Account root after.</param>
/// <param name="OracleTime">Unix second of the fixing series: what expires at or before it has expired.</param>
/// <param name="OracleKeyHash"><c>Poseidon(Ax, Ay)</c> of the oracle.</param>
/// <param name="DiffHash">Hash of the published difference.</param>
public sealed record ExpiryPublicInputs(Fr Domain, ulong BatchNumber, int FirstLeaf, Fr OldRoot, Fr NewRoot, long OracleTime, Fr OracleKeyHash, Fr DiffHash)
{
    /// <summary>Names of the fields, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["domain", "batch number", "first leaf", "old root", "new root", "oracle time", "oracle key hash", "diff hash"];

    /// <summary>The fields in order.</summary>
    public Fr[] ToFields() => [Domain, BatchNumber, FirstLeaf, OldRoot, NewRoot, OracleTime, OracleKeyHash, DiffHash];
}
