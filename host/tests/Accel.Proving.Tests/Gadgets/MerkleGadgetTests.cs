using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Soundness;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Gadgets;

public sealed class MerkleGadgetTests(ITestOutputHelper output)
{
    private const int Depth = 2;
    private static readonly Fr[] Leaves = [.. Enumerable.Range(0, 16).Select(i => (Fr)((i * 31) + 5))];

    [Fact]
    public void EveryLeafLeadsToTheRootOfAllLeaves()
    {
        using CompiledCircuit circuit = CompilePath();
        using CompiledCircuit whole = LambdaCircuit.CompileFunction("subtree", 16, (builder, x) => [MerkleGadget.SubtreeRoot(builder, x)]);
        Fr root = NativeRoot(Leaves);
        Assert.Equal([root], LambdaCircuit.Results(whole, 1, Leaves));
        for (int index = 0; index < Leaves.Length; index++)
        {
            Assert.Equal([root], LambdaCircuit.Results(circuit, 1, PathInputs(Leaves, index)));
        }

        Assert.Equal((Depth * MerkleGadget.LevelConstraintCount) + (2 * Depth) + 1, circuit.ConstraintCount);
        Assert.Equal(304, MerkleGadget.LevelConstraintCount);
    }

    [Fact]
    public void AnUpdateGivesTheRootsBeforeAndAfter()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("update", 12, (builder, x) =>
        {
            Bit[] index = [.. x[1..5].Select(bit => builder.AssertBit(bit))];
            (Linear oldRoot, Linear newRoot) = MerkleGadget.Update(builder, x[0], x[11], index, x.AsSpan(5, 6));
            return [oldRoot, newRoot];
        });
        Fr[] changed = (Fr[])Leaves.Clone();
        changed[6] = 999;
        Assert.Equal([NativeRoot(Leaves), NativeRoot(changed)], LambdaCircuit.Results(circuit, 2, [.. PathInputs(Leaves, 6), 999]));
    }

    [Fact]
    public void IsSoundAndEveryConstraintIsNeeded()
    {
        using CompiledCircuit circuit = CompilePath();
        SoundnessReport report = SoundnessAssert.SoundAndTight(
            circuit, [LambdaCircuit.Assign(circuit, PathInputs(Leaves, 6)), LambdaCircuit.Assign(circuit, PathInputs(Leaves, 9))], killRateMin: 1);
        output.WriteLine(report.ToString());
    }

    [Fact]
    public void RefusesShapesThatAreNoTree()
    {
        Assert.Throws<ArgumentException>(() => LambdaCircuit.Compile("eight", 8, (builder, x) => MerkleGadget.SubtreeRoot(builder, x)));
        Assert.Throws<ArgumentException>(() => LambdaCircuit.Compile("none", 1, (builder, x) => MerkleGadget.SubtreeRoot(builder, [])));
        Assert.Throws<ArgumentException>(() => LambdaCircuit.Compile("odd", 4, (builder, x) => MerkleGadget.Root(builder, x[0], [Bit.True], x.AsSpan(1))));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleGadget.ToPairOrder(new Fr[3], 4));
        Assert.Equal(3, MerkleGadget.SiblingsPerLevel);
    }

    private static CompiledCircuit CompilePath() => LambdaCircuit.CompileFunction("path", 11, (builder, x) =>
        [MerkleGadget.Root(builder, x[0], [.. x[1..5].Select(bit => builder.AssertBit(bit))], x.AsSpan(5))]);

    private static Fr[] PathInputs(Fr[] leaves, int index)
    {
        List<Fr> inputs = [leaves[index], .. Enumerable.Range(0, 2 * Depth).Select(i => (Fr)((index >> i) & 1))];
        Fr[] nodes = leaves;
        for (int level = 0; level < Depth; level++, index >>= 2)
        {
            Fr[] children = nodes[(index & ~3)..((index & ~3) + 4)];
            inputs.AddRange(MerkleGadget.ToPairOrder([.. children.Where((_, i) => i != (index & 3))], index & 3));
            nodes = Parents(nodes);
        }

        return [.. inputs];
    }

    private static Fr NativeRoot(Fr[] leaves) => leaves.Length == 1 ? leaves[0] : NativeRoot(Parents(leaves));

    private static Fr[] Parents(Fr[] nodes) => [.. nodes.Chunk(4).Select(children => Poseidon.Hash(children))];
}
