namespace Accel.Derivatives.Settlement;

/// <summary>What a proof over a range of leaves that settles by an oracle's fixings says in public.</summary>
/// <param name="Domain">Chain and contract that the proof is for; chosen by the verifier, bound by the proof.</param>
/// <param name="BatchNumber">Number of the batch in its chain of roots.</param>
/// <param name="FirstLeaf">First leaf of the range.</param>
/// <param name="OldRoot">Account root before.</param>
/// <param name="NewRoot">Account root after.</param>
/// <param name="OracleTime">Unix second of the fixing series: what is due at or before it is due.</param>
/// <param name="OracleKeyHash"><c>Poseidon(Ax, Ay)</c> of the oracle.</param>
/// <param name="DiffHash">Hash of the published difference.</param>
public sealed record RangePublicInputs(Fr Domain, ulong BatchNumber, int FirstLeaf, Fr OldRoot, Fr NewRoot, long OracleTime, Fr OracleKeyHash,
    Fr DiffHash)
{
    /// <summary>Names of the fields, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["domain", "batch number", "first leaf", "old root", "new root", "oracle time", "oracle key hash", "diff hash"];

    /// <summary>The fields in order.</summary>
    public Fr[] ToFields() => [Domain, BatchNumber, FirstLeaf, OldRoot, NewRoot, OracleTime, OracleKeyHash, DiffHash];
}
