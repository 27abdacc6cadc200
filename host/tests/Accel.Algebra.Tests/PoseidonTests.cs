using System.Text.Json;
using Xunit;

namespace Accel.Algebra.Tests;

public sealed class PoseidonTests
{
    [Fact]
    public void PermutationGivesTheOutputsThatCircomlibPublishes()
    {
        foreach (JsonElement vector in OutsideVectors.Read("crypto_kat/poseidon_bn254_circomlib.json").EnumerateArray())
        {
            Fr[] state = [Fr.Parse(vector.GetProperty("initState").GetString()!), .. vector.GetProperty("inputs").ReadElements()];
            Fr[] expected = vector.GetProperty("out").ReadElements();
            Poseidon.Permute(state);
            Assert.Equal(expected, state[..expected.Length]);
        }
    }

    [Fact]
    public void HashStartsFromAZeroCapacityElement()
    {
        Assert.Equal(Fr.Parse("7853200120776062878684798364095072458815029376092732009249414926327459813530"), Poseidon.Hash(1, 2));
        Assert.NotEqual(Poseidon.Hash(1, 2), Poseidon.Hash(1, 2, 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Poseidon.InputsMax + 1)]
    public void HashRefusesANumberOfInputsThatHasNoParameters(int count)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Poseidon.Hash(new Fr[count]));
        Assert.Contains($"not {count}", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The native hash moves constants and factors matrices; this is the definition, as a circuit computes it.</summary>
    [Fact]
    public void SparseScheduleEqualsTheDefinitionAtEveryWidth()
    {
        for (int width = PoseidonParameters.WidthMin; width <= PoseidonParameters.WidthMax; width++)
        {
            Fr[] state = [.. Enumerable.Range(0, width).Select(i => (Fr)(i * i) - 5)];
            Fr[] expected = PermuteByDefinition(Poseidon.Parameters(width), state);
            Poseidon.Permute(state);
            Assert.Equal(expected, state);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(18)]
    public void ParametersExistOnlyForWidthsTwoToSeventeen(int width)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PoseidonParameters.ForWidth(width));
        Assert.Throws<ArgumentOutOfRangeException>(() => Poseidon.Permute(new Fr[width]));
    }

    [Fact]
    public void ParametersRefuseIndicesOutsideTheirTables()
    {
        PoseidonParameters parameters = Poseidon.Parameters(3);
        Assert.Same(parameters, PoseidonParameters.ForWidth(3));
        Assert.Equal((3, 8, 57), (parameters.Width, parameters.FullRounds, parameters.PartialRounds));
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters.RoundConstant(65, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters.RoundConstant(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters.Mds(3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters.Mds(0, -1));
    }

    private static Fr[] PermuteByDefinition(PoseidonParameters parameters, Fr[] state)
    {
        int rounds = parameters.FullRounds + parameters.PartialRounds;
        for (int round = 0; round < rounds; round++)
        {
            bool full = round < parameters.FullRounds / 2 || round >= rounds - (parameters.FullRounds / 2);
            Fr[] boxed = [.. state.Select((x, i) => full || i == 0 ? (x + parameters.RoundConstant(round, i)).Pow(5) : x + parameters.RoundConstant(round, i))];
            state = [.. boxed.Select((_, row) => boxed.Select((x, column) => parameters.Mds(row, column) * x).Aggregate((a, b) => a + b))];
        }

        return state;
    }
}
