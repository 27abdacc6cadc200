using Accel.Network.Market.Simulation;
using Accel.Network.Market.Simulation.Scenarios;
using Accel.Testing;
using Xunit;

namespace Accel.Network.Tests.Market.Simulation;

/// <summary>Each scenario keeps its thresholds, and a run follows from its seed.</summary>
public sealed class MarketScenarioTests
{
    private const int Seed = 1, RunsUsual = 2;

    public static TheoryData<string> Names => [.. MarketScenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Keeps_its_thresholds(string name)
    {
        int runs = name == "truthful-single" ? 1 : TestScale.Count(RunsUsual);
        ScenarioOutcome outcome = MarketScenarios.Find(name).Run(Seed, runs, TestContext.Current.CancellationToken);
        TestContext.Current.SendDiagnosticMessage(string.Join("; ", outcome.Measures.Select(measure => $"{measure.Name}: {measure.Value:0.###} {measure.Unit}")));
        Assert.All(outcome.Measures, measure => Assert.True(
            measure.Passes && !double.IsNaN(measure.Value), $"{measure.Name}: {measure.Value} {measure.Unit}, at least {measure.AtLeast}, at most {measure.AtMost}"));
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        MarketScenario scenario = MarketScenarios.Find("burst");
        Assert.Equal(scenario.Simulate(5).Measures, scenario.Simulate(5).Measures);
        Assert.NotEqual(scenario.Simulate(5).Measures, scenario.Simulate(6).Measures);
    }

    [Fact]
    public void Refuses_a_name_that_is_none_and_lists_those_that_are()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => MarketScenarios.Find("brust"));
        Assert.Contains("burst", refusal.Message, StringComparison.Ordinal);
    }
}
