using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Proving.Tests.Groth16;

/// <summary>"I know x and y with Poseidon(Poseidon(x, y), y) = hash", with hash public.</summary>
internal sealed class PreimageCircuit : ICircuit
{
    public string Name => "Preimage";

    public void Define(CircuitBuilder builder)
    {
        Linear hash = builder.PublicInput("hash");
        Linear[] x = builder.SecretInputs("x", 2);
        builder.AssertEqual(PoseidonGadget.Hash(builder, PoseidonGadget.Hash(builder, x[0], x[1]), x[1]), hash);
    }

    public static Fr HashOf(Fr x, Fr y) => Poseidon.Hash([Poseidon.Hash([x, y]), y]);

    public static Fr[] Witness(CompiledCircuit circuit, Fr x, Fr y) =>
        WitnessSolver.Solve(circuit, new Assignment(circuit).Set("hash", [HashOf(x, y)]).Set("x", [x, y]));
}
