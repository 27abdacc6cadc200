namespace Accel.Network.Settlement;

/// <summary>What a settlement contract pins for good when it is deployed.</summary>
public sealed record SettlementTerms
{
    /// <summary>State root before the first batch.</summary>
    public required Fr GenesisRoot { get; init; }

    /// <summary>Poseidon(Ax, Ay) of the oracle's key.</summary>
    public required Fr OracleKeyHash { get; init; }

    /// <summary>Hash of the margin parameters.</summary>
    public required Fr ParameterHash { get; init; }

    /// <summary>Registered accounts, at leaves 0 … AccountCount − 1; at least 1.</summary>
    public required ulong AccountCount { get; init; }

    /// <summary>Leaves that one proof covers; at least 1.</summary>
    public required ulong LeavesPerBatch { get; init; }

    /// <summary>Oldest snapshot accepted, against the chain's clock; large for historical snapshots.</summary>
    public ulong OracleAgeMaxSeconds { get; init; } = 3600;

    /// <summary>How far a snapshot may run ahead of the chain's clock.</summary>
    public ulong OracleLeadMaxSeconds { get; init; } = 60;
}

/// <summary>Where a settlement contract stands: what the next batch must start from.</summary>
/// <param name="StateRoot">Root of the account tree.</param>
/// <param name="NextBatchNumber">Number of the next batch, from 0.</param>
/// <param name="NextFirstLeaf">First leaf that the next batch must cover.</param>
/// <param name="LastOracleTime">Snapshot time of the last accepted batch, Unix seconds; 0 before the first.</param>
public sealed record SettlementState(Fr StateRoot, ulong NextBatchNumber, ulong NextFirstLeaf, ulong LastOracleTime);

/// <summary>What an operator submits beside the proof.</summary>
/// <param name="NewRoot">State root after the batch.</param>
/// <param name="OracleTime">Time of the oracle's snapshot, Unix seconds.</param>
/// <param name="DiffHash">Hash of the diff, to which the proof is bound.</param>
/// <param name="Diff">The diff's bytes; the contract passes them on without comparing them to the hash.</param>
public sealed record SettlementBatch(Fr NewRoot, ulong OracleTime, Fr DiffHash, ReadOnlyMemory<byte> Diff);
