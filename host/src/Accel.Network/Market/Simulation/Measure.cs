namespace Accel.Network.Market.Simulation;

/// <summary>A figure of a scenario and, where it has one, its threshold.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Value">The figure; of several runs the worst where there is a threshold, else the mean.</param>
/// <param name="Unit">Its unit; empty for a count.</param>
public sealed record Measure(string Name, double Value, string Unit)
{
    /// <summary>Fails below it.</summary>
    public double? AtLeast { get; init; }

    /// <summary>Fails above it.</summary>
    public double? AtMost { get; init; }

    /// <summary>Whether there is a threshold at all.</summary>
    public bool HasThreshold => AtLeast is not null || AtMost is not null;

    /// <summary>Whether the figure keeps its threshold; a figure that is no number does not.</summary>
    public bool Passes => (AtLeast is not { } low || Value >= low) && (AtMost is not { } high || Value <= high);

    /// <summary>One measure of several runs.</summary>
    internal static Measure Merge(IReadOnlyList<Measure> runs) => runs[0] with
    {
        Value = runs.Any(run => double.IsNaN(run.Value)) ? double.NaN
            : runs[0].AtLeast is not null ? runs.Min(run => run.Value)
            : runs[0].AtMost is not null ? runs.Max(run => run.Value)
            : runs.Average(run => run.Value),
    };
}

/// <summary>Bars, one for each label.</summary>
/// <param name="Title">What they show.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="Bars">Label and value.</param>
public sealed record ScenarioChart(string Title, string Unit, IReadOnlyList<(string Label, double Value)> Bars);

/// <summary>What a scenario found.</summary>
/// <param name="Measures">Figures.</param>
/// <param name="Chart">A picture of the first run.</param>
public sealed record ScenarioOutcome(IReadOnlyList<Measure> Measures, ScenarioChart Chart)
{
    /// <summary>Whether every threshold is kept.</summary>
    public bool Passes => Measures.All(measure => measure.Passes);
}

/// <summary>A question to the market, and how it is answered.</summary>
/// <param name="Name">For the command line.</param>
/// <param name="Claim">What is to be shown.</param>
/// <param name="Simulate">One run from a seed.</param>
public sealed record MarketScenario(string Name, string Claim, Func<int, ScenarioOutcome> Simulate)
{
    /// <summary>Runs with seeds one after another; a threshold has to be kept by every run.</summary>
    /// <param name="seed">The first seed.</param>
    /// <param name="runs">At least 1.</param>
    /// <param name="cancel">Stops between two runs.</param>
    public ScenarioOutcome Run(int seed, int runs, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        List<ScenarioOutcome> outcomes = [];
        for (int i = 0; i < runs; i++)
        {
            cancel.ThrowIfCancellationRequested();
            outcomes.Add(Simulate(unchecked(seed + i)));
        }

        return new ScenarioOutcome(
            [.. outcomes[0].Measures.Select((_, m) => Measure.Merge([.. outcomes.Select(outcome => outcome.Measures[m])]))], outcomes[0].Chart);
    }
}
