namespace Accel.Proving.ConstraintSystems;

/// <summary>Keeps circuits that draw challenges from whatever cannot bind them.</summary>
internal static class ChallengeGuard
{
    /// <summary>Refuses a system that draws challenges.</summary>
    /// <param name="system">The system.</param>
    /// <param name="consumer">What would leave the challenges to the prover, as the subject of the message.</param>
    /// <exception cref="ArgumentException">The system draws a challenge.</exception>
    public static void RequireNoChallenges(this IConstraintSystem system, string consumer)
    {
        if (system.Commitments.Count > 0)
        {
            throw new ArgumentException(
                $"the circuit draws {system.Commitments.Count} challenges from commitments; {consumer} would leave them to the prover, so the circuit must do without Commit",
                nameof(system));
        }
    }
}
