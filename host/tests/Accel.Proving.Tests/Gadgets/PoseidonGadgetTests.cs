using Accel.Proving.ConstraintSystems;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Soundness;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Gadgets;

public sealed class PoseidonGadgetTests(ITestOutputHelper output)
{
    [Fact]
    public void EqualsTheNativeHashAtEveryWidthForTheStatedConstraints()
    {
        for (int count = 1; count <= Poseidon.InputsMax; count++)
        {
            using CompiledCircuit circuit = Compile(count);
            Fr[] values = [.. Enumerable.Range(0, count).Select(i => (Fr)(i * i * 7919) - 3)];
            Assert.Equal([Poseidon.Hash(values)], LambdaCircuit.Results(circuit, 1, values));
            Assert.Equal(PoseidonGadget.ConstraintCount(count) + 1, circuit.ConstraintCount);

            TermCounter terms = new();
            circuit.VisitRows(ref terms);
            output.WriteLine($"t={count + 1}: {circuit.ConstraintCount - 1} constraints, {terms.A + terms.B} terms in A and B, {terms.C} in C, longest row {terms.Longest}");
        }
    }

    [Fact]
    public void StatedCountsAreTheDocumentedOnes() =>
        Assert.Equal([242, 301, 625], new[] { 2, 4, 16 }.Select(PoseidonGadget.ConstraintCount));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void IsSoundAndEveryConstraintIsNeeded(int count)
    {
        using CompiledCircuit circuit = Compile(count);
        Fr[] values = [.. Enumerable.Range(1, count).Select(i => (Fr)i)];
        SoundnessReport report = SoundnessAssert.SoundAndTight(circuit, [LambdaCircuit.Assign(circuit, values)], killRateMin: 1);
        output.WriteLine(report.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Poseidon.InputsMax + 1)]
    public void RefusesANumberOfInputsThatHasNoParameters(int count) =>
        Assert.Throws<ArgumentException>(() => Compile(count));

    private static CompiledCircuit Compile(int count) => LambdaCircuit.CompileFunction(
        $"Poseidon({count})", count, (builder, x) => [PoseidonGadget.Hash(builder, x)]);

    private struct TermCounter : IRowVisitor
    {
        public int A { get; private set; }

        public int B { get; private set; }

        public int C { get; private set; }

        public int Longest { get; private set; }

        public void VisitRow(int constraint, ReadOnlySpan<Term> a, ReadOnlySpan<Term> b, ReadOnlySpan<Term> c)
        {
            A += a.Length;
            B += b.Length;
            C += c.Length;
            Longest = Math.Max(Longest, Math.Max(a.Length, Math.Max(b.Length, c.Length)));
        }
    }
}
