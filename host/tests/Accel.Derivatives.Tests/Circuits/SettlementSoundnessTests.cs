using Accel.Derivatives.Circuits;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.Tests.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Soundness;
using Xunit;

namespace Accel.Derivatives.Tests.Circuits;

/// <summary>The whole statement on the bundled book: every wire examined, hints and constraints sampled by seed.</summary>
public sealed class SettlementSoundnessTests(ITestOutputHelper output)
{
    /// <summary>Mutations reach most constraints; what they miss are single bit checks whose other value breaks more than one constraint.</summary>
    private const double KillRateMin = 0.65;

    [Fact]
    public void No_wire_of_the_statement_may_change_alone_no_hint_may_lie_and_constraints_are_missed_when_gone()
    {
        SettlementJob job = SettlementJob.Prepare(Samples.Market, Samples.Book, Samples.Options);
        using CompiledCircuit circuit = CompiledCircuit.Compile(new SettlementCircuit(job.Shape, PublicFace.RawFields));
        SoundnessOptions options = new() { HintSampleMax = 100, DeletionSampleMax = 100, MutationsPerDeletionMax = 3_000, TimeBudget = TimeSpan.FromMinutes(10) };
        SoundnessReport report = new SoundnessHarness(circuit, job.Assign(circuit, PublicFace.RawFields), options).CheckWires().LieToHints().DeleteConstraints().Report;
        output.WriteLine(report.ToString());
        Assert.Empty(report.Defects);
        Assert.True(report.KillRate >= KillRateMin, report.ToString());
    }
}
