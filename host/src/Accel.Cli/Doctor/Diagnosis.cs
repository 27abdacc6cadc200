namespace Accel.Cli.Doctor;

/// <summary>How something that a backend needs was found.</summary>
internal enum Finding
{
    Ok,
    Missing,
    NoPermission,
}

/// <summary>One thing that a backend needs.</summary>
/// <param name="Backend">The backend or path to a card.</param>
/// <param name="What">What it needs.</param>
/// <param name="Finding">How it was found.</param>
/// <param name="Detail">Where it was found, or what was looked for.</param>
/// <param name="Why">Why it matters.</param>
/// <param name="Fix">The command that gets it; null when there is nothing to do, or no command does it.</param>
internal sealed record Diagnosis(string Backend, string What, Finding Finding, string Detail, string Why, string? Fix);

/// <summary>What the doctor is told about this program rather than about the machine's files.</summary>
/// <param name="Engines">The processor's arithmetic: name, what it needs, and what of that is missing; empty when nothing is.</param>
/// <param name="HasSimulatedCard">Whether the simulated card's library is found.</param>
/// <param name="OpenClVendors">The folder that <c>OCL_ICD_VENDORS</c> names; null for the system's.</param>
internal sealed record ProgramFacts(IReadOnlyList<(string Name, string Needs, string Missing)> Engines, bool HasSimulatedCard, string? OpenClVendors);
