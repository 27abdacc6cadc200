using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Accel.Testing;

namespace Accel.Proving.Tests.Gadgets;

/// <summary>A circuit around one gadget: secret inputs x₀…, and a definition over them.</summary>
internal sealed class LambdaCircuit(string name, int inputCount, Action<CircuitBuilder, Linear[]> define) : ICircuit
{
    private static readonly SolverOptions Options = new() { Challenges = HashedChallenges.Instance };

    public string Name => name;

    public void Define(CircuitBuilder builder) => define(builder, builder.SecretInputs("x", inputCount));

    /// <summary>Compiles the gadget.</summary>
    public static CompiledCircuit Compile(string name, int inputCount, Action<CircuitBuilder, Linear[]> define, CompilerOptions? options = null) =>
        CompiledCircuit.Compile(new LambdaCircuit(name, inputCount, define), options);

    /// <summary>Compiles a gadget with results: they become wires that <see cref="Results"/> reads.</summary>
    public static CompiledCircuit CompileFunction(
        string name, int inputCount, Func<CircuitBuilder, Linear[], Linear[]> define, CompilerOptions? options = null) =>
        CompiledCircuit.Compile(new FunctionCircuit(name, inputCount, define), options);

    public static Assignment Assign(CompiledCircuit circuit, params ReadOnlySpan<Fr> values) => new Assignment(circuit).Set("x", values);

    public static bool IsSatisfied(CompiledCircuit circuit, params ReadOnlySpan<Fr> values) =>
        WitnessSolver.TrySolve(circuit, Assign(circuit, values), Options).Violation is null;

    /// <summary>Solves and reads the results, which are the last wires of a function circuit.</summary>
    public static Fr[] Results(CompiledCircuit circuit, int count, params ReadOnlySpan<Fr> values) =>
        Array.ConvertAll(WitnessSolver.Solve(circuit, Assign(circuit, values), Options)[^count..], shifted => shifted - Fr.One);

    private sealed class FunctionCircuit(string name, int inputCount, Func<CircuitBuilder, Linear[], Linear[]> define) : ICircuit
    {
        public string Name => name;

        public void Define(CircuitBuilder builder)
        {
            Linear[] results = define(builder, builder.SecretInputs("x", inputCount));

            // Shifted by one, so that each gets a fresh wire even where it is a wire already: one constraint a result.
            foreach (Linear result in results)
            {
                builder.ToWire(result + Linear.One);
            }
        }
    }
}
