namespace Accel.Proving.Ceremony;

/// <summary>What a ceremony's verification found.</summary>
/// <param name="Problem">The first thing that is wrong, with the section or contribution; null when the key is the ceremony's.</param>
/// <param name="CircuitHash">The 64 bytes by which the key names its circuit.</param>
/// <param name="Contributions">Who contributed, oldest first; means nothing unless the key is valid.</param>
public sealed record CeremonyVerdict(string? Problem, ReadOnlyMemory<byte> CircuitHash, IReadOnlyList<ContributionReceipt> Contributions)
{
    /// <summary>Whether the key is the circuit's, and each of its contributions is in it.</summary>
    public bool IsValid => Problem is null;

    /// <summary>Whether a random beacon came last, so that no contributor could choose the result.</summary>
    public bool EndsWithBeacon => Contributions.Count > 0 && Contributions[^1].IsBeacon;
}
