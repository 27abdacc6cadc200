using Accel.Proving.Frontend;
using Accel.Proving.Solver;

namespace Accel.Proving.Tests.Groth16;

/// <summary>
/// "b is a permutation of a, and so is c, and Σ a is public", by products over random challenges. The second commitment also names the first challenge,
/// a public input and values that are committed already; a third one holds nothing of its own.
/// </summary>
internal sealed class CommittingCircuit(int count = 4, int commitments = 3) : ICircuit
{
    public string Name => $"Committing {count} {commitments}";

    public void Define(CircuitBuilder builder)
    {
        Linear sum = builder.PublicInput("sum");
        Linear label = builder.PublicInput("label");
        Linear[] a = builder.SecretInputs("a", count);
        Linear[] b = builder.SecretInputs("b", count);
        Linear[] c = builder.SecretInputs("c", count);
        builder.AssertEqual(Linear.Sum(a), sum, "sum");
        Linear first = builder.Commit([.. a, .. b]);
        builder.AssertEqual(Product(builder, a, first), Product(builder, b, first), "b");
        if (commitments > 1)
        {
            Linear second = builder.Commit([first, .. c, label, a[0], c[0]]);
            builder.AssertEqual(Product(builder, a, second), Product(builder, c, second), "c");
        }

        if (commitments > 2)
        {
            Linear third = builder.Commit([label, b[1]]);
            builder.AssertEqual(Product(builder, b, third), Product(builder, c, third), "b and c");
        }
    }

    /// <summary>A true assignment.</summary>
    public Assignment Assign(CompiledCircuit circuit, int label = 7)
    {
        Fr[] a = [.. Enumerable.Range(1, count).Select(i => (Fr)(i * i))];
        Fr[] rotated = [.. a[1..], a[0]];
        Fr[] reversed = [.. a.Reverse()];
        return new Assignment(circuit)
            .Set("sum", a.Aggregate(Fr.Zero, (sum, value) => sum + value)).Set("label", label)
            .Set("a", a).Set("b", rotated).Set("c", reversed);
    }

    private static Linear Product(CircuitBuilder builder, Linear[] values, Linear challenge) =>
        values.Aggregate(Linear.One, (product, value) => builder.Multiply(product, challenge - value));
}
