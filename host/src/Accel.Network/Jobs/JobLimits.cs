namespace Accel.Network.Jobs;

/// <summary>How much a job store takes.</summary>
public sealed record JobLimits
{
    /// <summary>Jobs that may be unfinished, at least 1; the next is refused.</summary>
    public int UnfinishedMax { get; init; } = 64;

    /// <summary>Bytes of the witnesses of unfinished jobs.</summary>
    public long WitnessBytesMax { get; init; } = 4L << 30;

    /// <summary>Times that the proof of a job may be begun, at least 1: a job that ends the node, or fails on its backend, that often is failed.</summary>
    public int AttemptsMax { get; init; } = 3;
}

/// <summary>How much one client may ask for.</summary>
/// <param name="UnfinishedMax">Its jobs that may be unfinished.</param>
/// <param name="PerDayMax">Its jobs that may be accepted within 24 hours.</param>
public sealed record ClientQuota(int UnfinishedMax, int PerDayMax)
{
    /// <summary>What a client may who has no quota.</summary>
    public static ClientQuota None { get; } = new(int.MaxValue, int.MaxValue);
}
