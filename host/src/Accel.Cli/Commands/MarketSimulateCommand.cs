using System.CommandLine;
using Accel.Cli.Market;
using Accel.Network.Market.Simulation;
using Accel.Network.Market.Simulation.Scenarios;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel market simulate</c>: agents on the prover market's rules.</summary>
internal static class MarketSimulateCommand
{
    public static Command Create()
    {
        Option<string?> scenario = new("--scenario")
        {
            Description = $"One scenario; all by default. One of {string.Join(", ", MarketScenarios.All.Select(s => s.Name))}.",
        };
        Option<int> seed = new("--seed") { Description = "Seed of the first run; the following ones count up.", DefaultValueFactory = _ => 1 };
        Option<int> runs = new("--runs")
        {
            Description = "Runs of each scenario; a threshold is held to the worst of them, other figures are means.",
            DefaultValueFactory = _ => 3,
        };
        runs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 10_000)
            {
                result.AddError("--runs must be within 1…10000");
            }
        });
        Option<string?> html = new("--html") { Description = "Write one self-contained page with tables and plots." };
        Option<bool> json = CommonOptions.Json();
        Command command = new(
            "simulate",
            "Simulate the prover market: honest, careless and hostile agents on the contract's rules, event by event, from a seed. "
            + "Exit status 1 when a threshold is missed.")
        {
            scenario, seed, runs, html, json,
        };
        command.SetAction((parsed, cancel) => Task.FromResult(Run(
            parsed.GetValue(scenario), parsed.GetValue(seed), parsed.GetValue(runs), parsed.GetValue(html), new Reporter(parsed.GetValue(json)), cancel)));
        return command;
    }

    private static int Run(string? name, int seed, int runs, string? html, Reporter reporter, CancellationToken cancel)
    {
        IReadOnlyList<MarketScenario> scenarios = name is null ? MarketScenarios.All : [MarketScenarios.Find(name)];
        MarketSimulationReport report = new(seed, runs, [.. scenarios.Select(s => (s, s.Run(seed, runs, cancel)))]);
        if (html is not null)
        {
            OutputFile.WriteText(html, MarketSimulationPage.Render(report));
        }

        reporter.Result(report.ToJson(), () =>
        {
            report.Show(Reporter.Console);
            if (html is not null)
            {
                Reporter.Console.WriteLine($"written to {html}");
            }
        });
        return report.Passes ? ExitStatus.Done : ExitStatus.Refused;
    }
}
