using Accel.Derivatives.Circuits;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Accel.Proving.Soundness;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Circuits;

/// <summary>The account template by itself, on a market of one instrument: no wire may change alone and no hint may lie.</summary>
public sealed class AccountSoundnessTests(ITestOutputHelper output)
{
    private const int OutputCount = 6;

    private static readonly BatchShape Shape = new(1, 1, 1, 1);

    [Theory]
    [InlineData(false, 5_000)]
    [InlineData(false, -5_000)]
    [InlineData(true, -5_000)]
    public void A_settled_account_is_unique(bool hasExpired, long quantity)
    {
        var definition = new AccountCircuit();
        CompiledCircuit circuit = CompiledCircuit.Compile(definition);
        SoundnessReport report = SoundnessAssert.Sound(circuit, Assign(circuit, definition, hasExpired, quantity));
        output.WriteLine(report.ToString());
    }

    private static Assignment Assign(CompiledCircuit circuit, AccountCircuit definition, bool hasExpired, long quantity)
    {
        Fr id = Instrument.Parse("BTC-16JAN26-82000-C").Id;
        long[] ticks = [.. Enumerable.Range(0, 23).Select(s => 40_000_000L + (s * 1_000_000))];
        Fr[] account = [0, 11, 12, 3, 1, 1_700_000_000, -77, 0, id, quantity];
        Fr[] market =
        [
            1_800_000_000, 800_000, 1_000_000, 1 << 30, 1_020_000_000, 1 << 30,
            id, hasExpired ? 1 : 0, hasExpired ? 1234 : 0, hasExpired ? 0 : 1, .. ticks.Select(t => (Fr)t), 500_000_000, 1_000, 2_000, -3_000,
        ];
        Assignment assignment = new Assignment(circuit).Set("inputs", [.. account, Fr.Zero, .. market]);

        // A solve with zeros computes the outputs, which the inputs define, and breaks only their equations.
        Fr[] wires = WitnessSolver.TrySolve(circuit, assignment.Set("outputs", new Fr[OutputCount])).Wires;
        return assignment.Set("outputs", [.. definition.Settled.Select(value => Evaluate(value, wires))]);
    }

    private static Fr Evaluate(in Linear value, Fr[] wires)
    {
        Fr sum = Fr.Zero;
        foreach (ref readonly WeightedWire term in value.Terms)
        {
            sum += term.Coefficient * wires[term.Wire];
        }

        return sum;
    }

    /// <summary>The template's body; inputs and outputs are public, so that only what lies between may change.</summary>
    private sealed class AccountCircuit : ICircuit
    {
        public string Name => "SettleAccount";

        public Linear[] Settled { get; private set; } = [];

        public void Define(CircuitBuilder builder)
        {
            var template = new AccountTemplate(Shape);
            Linear[] inputs = builder.PublicInputs("inputs", template.InputCount);
            Linear[] outputs = builder.PublicInputs("outputs", OutputCount);
            Settled = template.Define(builder, inputs);
            for (int i = 0; i < outputs.Length; i++)
            {
                builder.AssertEqual(outputs[i], Settled[i], "output");
            }
        }
    }
}
