using Accel.Derivatives.Circuits;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Circuits;

/// <summary>What holds for every statement of the catalogue.</summary>
public sealed class CircuitCatalogTests(ITestOutputHelper output)
{
    /// <summary>Mutations reach most constraints; what they miss are single bit checks whose other value breaks more than one constraint.</summary>
    private const double KillRateMin = 0.7;

    private const int Mutations = 40;

    /// <summary>A third of the settlement is pricing, which leaves it near the bound: a sample of 40 would miss by chance what twice as many meet.</summary>
    private const int MutationsOfSettlement = 2 * Mutations;

    /// <summary>Bits of prices, where a wrong one moves a polynomial and so every later step, are the larger part of pricing.</summary>
    private const double KillRateOfPricingMin = 0.5;

    private const int UnitsLong = 100_000;

    public static TheoryData<string> Names => [.. CircuitCatalog.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_search_finds_no_flaw(string name)
    {
        int mutations = name == "SettlementBatch" ? MutationsOfSettlement : Mutations;
        CircuitFuzzOptions options = new() { Cases = TestScale.Count(6), Mutations = TestScale.Count(mutations) };
        CircuitFuzzReport report = CircuitFuzz.Run(CircuitCatalog.Find(name), options, cancel: TestContext.Current.CancellationToken);
        output.WriteLine(report.Soundness.ToString());
        Assert.True(report.IsClean, string.Join('\n', [.. report.FailedCases, report.Soundness.ToString()]));
        Assert.True(report.Soundness.KillRate >= (name == "MarketRisk" ? KillRateOfPricingMin : KillRateMin), report.Soundness.ToString());
    }

    /// <summary>The long count is the full one, a hundred thousand trades, accounts or strikes of the default size: hours for all statements together.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Circuit_equals_reference_over_random_units(string name)
    {
        CircuitEntry entry = CircuitCatalog.Find(name);
        string shape = TestScale.IsLong ? entry.DefaultShape : entry.SmallShape;
        int cases = TestScale.IsLong ? (UnitsLong + entry.UnitCount(shape) - 1) / entry.UnitCount(shape) : 20;
        CircuitFuzzOptions options = new() { Seed = 1000, Cases = cases, Shape = shape };
        Assert.Empty(CircuitFuzz.Compare(entry, options, cancel: TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_faces_show_the_references_public_fields(string name)
    {
        CircuitEntry entry = CircuitCatalog.Find(name.ToUpperInvariant());
        Fr[][] shown = [.. Enum.GetValues<PublicFace>().Select(face => PublicWiresOf(entry, face))];
        Assert.InRange(shown[0].Length, 2, PublicFields.CountMax);
        Assert.Equal([Poseidon.Hash(shown[0])], shown[1]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_stored_circuit_loads_with_its_hints_and_parts_add_up(string name)
    {
        CircuitEntry entry = CircuitCatalog.Find(name);
        IStatement statement = entry.Create(entry.SmallShape, PublicFace.RawFields);
        using CompiledCircuit circuit = CompiledCircuit.Compile(statement);
        Assert.InRange(statement.Parts.Sum(part => part.ConstraintCount), circuit.ConstraintCount * 0.9, circuit.ConstraintCount);
        Assert.Contains(entry.SmallShape, circuit.Name, StringComparison.Ordinal);
        Assert.True(entry.UnitCount(entry.DefaultShape) >= entry.UnitCount(entry.SmallShape));
        using TemporaryFolder folder = new();
        string path = folder["circuit"];
        circuit.Save(path);
        using CompiledCircuit loaded = CompiledCircuit.Load(path, entry.Hints);
        Assert.Null(WitnessSolver.TrySolve(loaded, entry.Draw(loaded, entry.SmallShape, PublicFace.RawFields, 3)).Violation);
    }

    [Fact]
    public void A_name_that_is_not_there_is_refused_with_the_names_that_are() =>
        Assert.Contains(nameof(Settlement), Assert.Throws<ArgumentException>(() => CircuitCatalog.Find("nothing")).Message, StringComparison.Ordinal);

    private static Fr[] PublicWiresOf(CircuitEntry entry, PublicFace face)
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(entry.Create(entry.SmallShape, face));
        return WitnessSolver.Solve(circuit, entry.Draw(circuit, entry.SmallShape, face, 2))[1..(1 + circuit.PublicCount)];
    }
}
