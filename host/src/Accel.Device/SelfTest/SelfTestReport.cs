namespace Accel.Device;

/// <summary>How a step of a self-test ended.</summary>
public enum SelfTestOutcome
{
    /// <summary>Every answer was right.</summary>
    Passed,

    /// <summary>An answer was wrong, or none came.</summary>
    Failed,

    /// <summary>The device has no such part and says so.</summary>
    Unsupported,

    /// <summary>Left out, because the device was lost in an earlier step.</summary>
    NotRun,
}

/// <summary>One step of a self-test.</summary>
/// <param name="Name">What was tested, in a few words.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Elapsed">Time on this host's clock.</param>
/// <param name="Detail">What was done; or what was wrong, where, and what would be right.</param>
public sealed record SelfTestStep(string Name, SelfTestOutcome Outcome, TimeSpan Elapsed, string Detail)
{
    /// <summary>Whether nothing speaks against the device: the answers were right, or it does not claim to have the part.</summary>
    public bool Passed => Outcome is SelfTestOutcome.Passed or SelfTestOutcome.Unsupported;
}

/// <summary>What a self-test found.</summary>
/// <param name="Steps">Every step, in order.</param>
public sealed record SelfTestReport(IReadOnlyList<SelfTestStep> Steps)
{
    /// <summary>Whether no step speaks against the device, and at least one speaks for it.</summary>
    public bool Passed => Steps.All(step => step.Passed) && Steps.Any(step => step.Outcome == SelfTestOutcome.Passed);
}

/// <summary>What one step found.</summary>
/// <param name="IsRight">Whether every answer was right.</param>
/// <param name="Detail">What was done, or what was wrong.</param>
public readonly record struct SelfTestVerdict(bool IsRight, string Detail);
