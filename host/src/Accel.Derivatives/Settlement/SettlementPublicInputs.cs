namespace Accel.Derivatives.Settlement;

/// <summary>What a settlement proof says in public.</summary>
/// <param name="Domain">Chain and contract that the proof is for; chosen by the verifier, bound by the proof.</param>
/// <param name="BatchNumber">Number of the batch in its chain of roots.</param>
/// <param name="FirstLeaf">First leaf of the settled range.</param>
/// <param name="OldRoot">Account root before.</param>
/// <param name="NewRoot">Account root after.</param>
/// <param name="OracleTime">Unix second of the snapshot.</param>
/// <param name="OracleKeyHash"><c>Poseidon(Ax, Ay)</c> of the oracle.</param>
/// <param name="ParameterHash">Hash of the margin parameters.</param>
/// <param name="DiffHash">Hash of the published difference.</param>
public sealed record SettlementPublicInputs(
    Fr Domain, ulong BatchNumber, int FirstLeaf, Fr OldRoot, Fr NewRoot, long OracleTime, Fr OracleKeyHash, Fr ParameterHash, Fr DiffHash)
{
    /// <summary>Number of raw public fields.</summary>
    public const int Count = 9;

    /// <summary>Names of the nine fields, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["domain", "batch number", "first leaf", "old root", "new root", "oracle time", "oracle key hash", "parameter hash", "diff hash"];

    /// <summary>The nine fields in order of declaration.</summary>
    public Fr[] ToFields() => [Domain, BatchNumber, FirstLeaf, OldRoot, NewRoot, OracleTime, OracleKeyHash, ParameterHash, DiffHash];

    /// <summary>The single field of the other face: <c>Poseidon</c> of the nine.</summary>
    public Fr Hash() => Poseidon.Hash(ToFields());
}
