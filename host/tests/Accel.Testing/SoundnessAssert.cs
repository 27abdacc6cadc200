using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Accel.Proving.Soundness;
using Xunit;

namespace Accel.Testing;

/// <summary>The soundness searches of the library as assertions.</summary>
public static class SoundnessAssert
{
    /// <summary>Runs the checks of wires and hints and fails the test on any defect.</summary>
    public static SoundnessReport Sound(CompiledCircuit circuit, Assignment assignment, SoundnessOptions? options = null, IChallengeSource? challenges = null)
    {
        SoundnessReport report = new SoundnessHarness(circuit, assignment, options, challenges).CheckWires().LieToHints().Report;
        Assert.True(report.Defects.Count == 0, report.ToString());
        return report;
    }

    /// <summary>As <see cref="Sound"/>, and deletes constraints; one that is caught with any of the assignments counts as caught.</summary>
    public static SoundnessReport SoundAndTight(CompiledCircuit circuit, IReadOnlyList<Assignment> assignments, double killRateMin, SoundnessOptions? options = null)
    {
        SoundnessReport report = SoundnessHarness.Examine(circuit, assignments, options, cancel: TestContext.Current.CancellationToken);
        Assert.True(report.Defects.Count == 0, report.ToString());
        Assert.True(report.KillRate >= killRateMin, report.ToString());
        return report;
    }
}
