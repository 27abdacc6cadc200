namespace Accel.Network.Jobs;

/// <summary>What kept a job from being accepted, though it might be later.</summary>
public enum RefusalCause
{
    /// <summary>As many jobs, or bytes of their witnesses, wait as may.</summary>
    QueueFull,

    /// <summary>The client has as many unfinished jobs, or had as many accepted in 24 hours, as it may.</summary>
    QuotaSpent,

    /// <summary>The node is about to end.</summary>
    Draining,
}

/// <summary>Not now: nothing is wrong with the job, and it was not accepted.</summary>
public sealed class JobRefusedException : Exception
{
    /// <summary>A refusal.</summary>
    /// <param name="cause">What stands in the way.</param>
    /// <param name="message">The same in words, with the limit.</param>
    /// <param name="retryAfter">When to ask again.</param>
    public JobRefusedException(RefusalCause cause, string message, TimeSpan retryAfter)
        : base(message)
    {
        Cause = cause;
        RetryAfter = retryAfter;
    }

    /// <summary>What stands in the way.</summary>
    public RefusalCause Cause { get; }

    /// <summary>When to ask again.</summary>
    public TimeSpan RetryAfter { get; }
}

/// <summary>The client has used its key for another request.</summary>
public sealed class JobConflictException : Exception
{
    /// <summary>A conflict.</summary>
    /// <param name="clientKey">The key.</param>
    /// <param name="job">The job that has it.</param>
    public JobConflictException(string clientKey, JobId job)
        : base($"the key '{clientKey}' was used for job {job}, whose circuit or witness is another: send the same request again, or choose another key") => Job = job;

    /// <summary>The job that has the key.</summary>
    public JobId Job { get; }
}

/// <summary>No proof can be made of what was asked for; asking again does not help.</summary>
public sealed class UnprovableRequestException : Exception
{
    /// <summary>A request that cannot be proved.</summary>
    /// <param name="message">What is wrong with it: the constraint that does not hold, or the place in the file.</param>
    /// <param name="inner">The exception that revealed it, if any.</param>
    public UnprovableRequestException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
