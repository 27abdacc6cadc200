using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Soundness;
using Accel.Proving.Tests.Gadgets;
using Xunit;

namespace Accel.Proving.Tests.Soundness;

/// <summary>The harness finds the flaws that were planted for it.</summary>
public sealed class SoundnessHarnessTests(ITestOutputHelper output)
{
    private static readonly SoundnessOptions Options = new() { Seed = 3 };

    [Fact]
    public void AnUnconstrainedHintIsFound()
    {
        SoundnessReport report = Examine("unconstrained", [9], (builder, x) => builder.ToWire(builder.Hint<RootHint>([x[0]], 1)[0] + 1));
        Assert.Contains(report.Defects, defect => defect.StartsWith("hint 'root' at wire 2", StringComparison.Ordinal));
    }

    [Fact]
    public void AWireThatNoConstraintMentionsIsFound()
    {
        SoundnessReport report = Examine("unused", [9], (builder, x) =>
        {
            builder.Hint<RootHint>([x[0]], 1);
            builder.AssertNonZero(x[0]);
        });
        Assert.Contains(report.Defects, defect => defect.Contains("occurs in no constraint", StringComparison.Ordinal));
    }

    [Fact]
    public void TheOtherRootIsFoundByWireByLieAndByEnumeration()
    {
        void Define(CircuitBuilder builder, Linear[] x)
        {
            Linear root = builder.Hint<RootHint>([x[0]], 1)[0];
            builder.AssertProduct(root, root, x[0], "root");
        }

        SoundnessReport report = Examine("root", [9], Define);
        Assert.Contains(report.Defects, defect => defect.Contains("(root) may change by -6", StringComparison.Ordinal));
        Assert.Contains(report.Defects, defect => defect.EndsWith("may answer -3", StringComparison.Ordinal));
        using CompiledCircuit circuit = LambdaCircuit.Compile("root", 1, Define);
        Fr[] candidates = [.. Enumerable.Range(-5, 11).Select(i => (Fr)i)];
        Assert.Equal(2, ExhaustiveSolutions.Find(circuit, LambdaCircuit.Assign(circuit, 9), candidates).Count);
        Assert.Single(ExhaustiveSolutions.Find(circuit, LambdaCircuit.Assign(circuit, 0), candidates));
        Assert.Empty(ExhaustiveSolutions.Find(circuit, LambdaCircuit.Assign(circuit, 7), candidates));
    }

    /// <summary>254 bits without the comparison with r − 1: a small value has a second decomposition, which only an alias shows.</summary>
    [Fact]
    public void AnAliasedDecompositionIsFound()
    {
        SoundnessReport report = Examine("aliased", [5], (builder, x) =>
        {
            Linear[] bits = builder.Hint<BitsHint>([x[0]], 254);
            Fr weight = Fr.One;
            Linear sum = Linear.Zero;
            foreach (Linear bit in bits)
            {
                builder.AssertBit(bit);
                sum += bit * weight;
                weight = weight.Double();
            }

            builder.AssertEqual(sum, x[0]);
        });
        Assert.Single(report.Defects);
        Assert.StartsWith("hint 'bits'", report.Defects[0], StringComparison.Ordinal);
    }

    [Fact]
    public void AForgottenBitCheckIsFound()
    {
        SoundnessReport report = Examine("not a bit", [5], (builder, x) =>
        {
            Linear[] bits = builder.Hint<BitsHint>([x[0]], 3);
            builder.AssertBit(bits[0]);
            builder.AssertBit(bits[1]);
            builder.AssertEqual(bits[0] + (bits[1] * 2) + (bits[2] * 4), x[0]);
        });
        Assert.NotEmpty(report.Defects);
    }

    [Fact]
    public void AFreedomThatTheHintDeclaresIsNoDefect()
    {
        SoundnessReport report = Examine("declared", [0], (builder, x) => builder.IsZero(x[0]));
        Assert.Empty(report.Defects);
        Assert.Equal((1, true), (report.FreeWireCount, report.FreeLieCount > 0));
    }

    [Fact]
    public void ARedundantConstraintSurvivesItsDeletionByName()
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("redundant", 2, (builder, x) =>
        {
            builder.AssertBit(x[0]);
            builder.AssertProduct(x[0] * 2, (x[0] * 3) - 3, 0, "the same again");
            builder.AssertProduct(x[0], x[1], x[1], "needed");
        });
        SoundnessReport report = new SoundnessHarness(circuit, LambdaCircuit.Assign(circuit, 1, 4), Options).DeleteConstraints().Report;
        Assert.Equal(["constraint 0 'bit'", "constraint 1 'the same again'"], report.Survivors);
        Assert.Equal((3, 1), (report.DeletionCount, report.KilledCount));
        Assert.Equal(1 / 3.0, report.KillRate, 6);
        SoundnessOptions keeping = Options with { KeptConstraints = ["the same"] };
        SoundnessReport kept = new SoundnessHarness(circuit, LambdaCircuit.Assign(circuit, 1, 4), keeping).DeleteConstraints().Report;
        Assert.Equal((2, 2, 1), (kept.DeletableCount, kept.DeletionCount, kept.KilledCount));
        Assert.Contains("1 of 3 deletions among 3 constraints caught", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LiesOfOnesOwnAreTold()
    {
        int told = 0;
        HintLies lies = new HintLies().With("root", (_, outputs) =>
        {
            told++;
            return [[outputs[0] + 17]];
        });
        Examine("own lies", [9], (builder, x) => builder.AssertEqual(builder.Hint<RootHint>([x[0]], 1)[0], 3), Options with { Lies = lies });
        Assert.Equal(1, told);
    }

    [Fact]
    public void ABigCircuitIsExaminedWholeForWiresAndBySampleForTheRest()
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("big", 4, (builder, x) =>
        {
            Linear node = x[0];
            for (int i = 0; i < 150; i++)
            {
                node = PoseidonGadget.Hash(builder, [node, .. x.AsSpan(1)]);
                builder.ToCanonicalBits(node);
            }
        });
        SoundnessOptions options = new() { HintSampleMax = 40, DeletionSampleMax = 40, MutationsPerDeletionMax = 30, TimeBudget = TimeSpan.FromSeconds(20) };
        SoundnessReport report = new SoundnessHarness(circuit, LambdaCircuit.Assign(circuit, 1, 2, 3, 4), options).CheckWires().LieToHints().DeleteConstraints().Report;
        output.WriteLine($"{circuit.ConstraintCount} constraints: {report}");
        Assert.Empty(report.Defects);
        Assert.True(report.HintSampleCount <= 40 && report.HintSampleCount < report.HintCount);
        Assert.Equal(circuit.WireCount - 5, report.WireCount);
    }

    private static SoundnessReport Examine(string name, Fr[] inputs, Action<CircuitBuilder, Linear[]> define, SoundnessOptions? options = null)
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile(name, inputs.Length, define);
        return new SoundnessHarness(circuit, LambdaCircuit.Assign(circuit, inputs), options ?? Options).CheckWires().LieToHints().Report;
    }

    /// <summary>The root of a small square; undetermined up to its sign, which it does not declare.</summary>
    private readonly struct RootHint : IHint
    {
        public static string Name => "root";

        public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs) =>
            outputs[0] = Fr.FromBigInteger((int)Math.Sqrt((double)inputs[0].ToBigInteger()));
    }
}
