using System.Globalization;
using System.Text.Json.Nodes;
using Accel.Network.Market.Simulation;
using Spectre.Console;

namespace Accel.Cli.Market;

/// <summary>What <c>accel market simulate</c> found, as tables or JSON.</summary>
/// <param name="Seed">Of the first run.</param>
/// <param name="Runs">Runs of each scenario.</param>
/// <param name="Outcomes">Scenarios and what they found.</param>
internal sealed record MarketSimulationReport(int Seed, int Runs, IReadOnlyList<(MarketScenario Scenario, ScenarioOutcome Outcome)> Outcomes)
{
    public bool Passes => Outcomes.All(pair => pair.Outcome.Passes);

    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{Outcomes.Count(pair => pair.Outcome.Passes)} scenarios passed, {Outcomes.Count(pair => !pair.Outcome.Passes)} failed; seed {Seed}, {Runs} runs");

    public void Show(IAnsiConsole console)
    {
        foreach ((MarketScenario scenario, ScenarioOutcome outcome) in Outcomes)
        {
            console.WriteLine($"{scenario.Name}: {scenario.Claim}");
            Table table = new Table().Border(TableBorder.Simple).AddColumn("measure").AddColumn(new TableColumn("figure").RightAligned())
                .AddColumn("unit").AddColumn(new TableColumn("threshold").RightAligned()).AddColumn("verdict");
            foreach (Measure measure in outcome.Measures)
            {
                table.AddRow(Markup.Escape(measure.Name), Number(measure.Value), Markup.Escape(measure.Unit), Threshold(measure), Verdict(measure));
            }

            console.Write(table);
        }

        console.WriteLine(Summary);
    }

    public JsonObject ToJson() => new()
    {
        ["seed"] = Seed,
        ["runs"] = Runs,
        ["passed"] = Passes,
        ["scenarios"] = new JsonArray([.. Outcomes.Select(pair => (JsonNode)new JsonObject
        {
            ["name"] = pair.Scenario.Name,
            ["claim"] = pair.Scenario.Claim,
            ["passed"] = pair.Outcome.Passes,
            ["measures"] = new JsonArray([.. pair.Outcome.Measures.Select(measure => (JsonNode)new JsonObject
            {
                ["name"] = measure.Name,
                ["value"] = double.IsFinite(measure.Value) ? measure.Value : null,
                ["unit"] = measure.Unit,
                ["atLeast"] = measure.AtLeast,
                ["atMost"] = measure.AtMost,
                ["verdict"] = Verdict(measure),
            })]),
        })]),
    };

    internal static string Number(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    internal static string Threshold(Measure measure) => measure switch
    {
        { AtLeast: { } low } => $"≥ {Number(low)}",
        { AtMost: { } high } => $"≤ {Number(high)}",
        _ => string.Empty,
    };

    internal static string Verdict(Measure measure) => !measure.HasThreshold ? "reported" : measure.Passes ? "PASS" : "FAIL";
}
