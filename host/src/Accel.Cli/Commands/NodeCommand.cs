using System.CommandLine;
using System.Text.Json.Nodes;
using Accel.Cli.Configuration;
using Accel.Compute;
using Accel.Network.Jobs;
using Accel.Node;

namespace Accel.Cli.Commands;

/// <summary><c>accel node run</c>, a prover that takes jobs over HTTP, and <c>accel node key</c>, which lets a client in.</summary>
internal static class NodeCommand
{
    public static Command Create() => new("node", "Run a prover node.") { CreateRun(), CreateKey() };

    private static Command CreateRun()
    {
        Option<string> backend = CommonOptions.Backend();
        Option<int?> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json("Print one JSON object a line.");
        Command command = new(
            "run", "Take jobs over HTTP and prove them, by what accel.toml says under [node], until SIGTERM or Ctrl-C; the proof at work may end first, and what waits goes on at the next start.")
        {
            backend, threads, json,
        };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(backend), CommonOptions.ThreadCount(parsed, threads), parsed.GetValue(json), cancel));
        return command;
    }

    private static Command CreateKey()
    {
        Argument<string> name = new("name") { Description = "The client's name: letters, digits, dots, dashes and underscores." };
        Option<int> unfinished = new("--unfinished") { Description = "Jobs of the client that may be unfinished.", DefaultValueFactory = _ => 8 };
        Option<int> perDay = new("--per-day") { Description = "Jobs of the client that may be accepted within 24 hours.", DefaultValueFactory = _ => 1000 };
        Option<bool> json = CommonOptions.Json();
        Command command = new("key", "Make a key for a client of the node, and add its hash and quota to the file node.api_keys. The key is printed once and kept nowhere.")
        {
            name, unfinished, perDay, json,
        };
        command.SetAction(parsed => AddKey(
            new ApiClient(parsed.GetRequiredValue(name), new ClientQuota(parsed.GetValue(unfinished), parsed.GetValue(perDay))), new Reporter(parsed.GetValue(json))));
        return command;
    }

    private static async Task<int> RunAsync(string backendName, int threads, bool json, CancellationToken cancel)
    {
        NodeSettings settings = new(Settings.Current);
        NodeOptions options = settings.Server();
        string file = settings.Store;
        await using IComputeBackend backend = await Backends.Catalog.OpenAsync(backendName, threads, cancel);
        await using WitnessProver prover = await WitnessProver.OpenAsync(settings.Circuits, backend, threads, cancel);
        foreach (JobCircuit circuit in prover.Circuits.Values.Where(circuit => circuit.IsForDevelopment))
        {
            Reporter.Warn($"circuit '{circuit.Name}': its key was made by one party: for development, not safe for value");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        using JobStore store = JobStore.Open(file, settings.Limits, TimeProvider.System);
        if (store.MigratedFrom is { } copy)
        {
            Reporter.Warn($"{file} was brought to this program's version; {copy} is the file as it was");
        }

        await using JobRunner runner = JobRunner.Start(store, prover, TimeProvider.System);
        await using NodeServer server = await NodeServer.StartAsync(runner, options, cancel);
        Say(json, $"ready {server.Address.GetLeftPart(UriPartial.Authority)}", new JsonObject
        {
            ["event"] = "ready",
            ["address"] = server.Address.GetLeftPart(UriPartial.Authority),
            ["circuits"] = new JsonArray([.. prover.Circuits.Keys.Order(StringComparer.Ordinal).Select(name => (JsonNode)name)]),
        });

        await Task.WhenAny(runner.Completion, Task.Delay(Timeout.Infinite, cancel));
        await runner.DrainAsync(settings.Drain);
        long waiting = store.Count().Unfinished;
        Say(json, $"stopped; {waiting} jobs wait for the next start", new JsonObject { ["event"] = "stopped", ["waiting"] = waiting });
        return ExitStatus.Done;
    }

    private static int AddKey(ApiClient client, Reporter reporter)
    {
        string file = new NodeSettings(Settings.Current).Path(NodeKeys.ApiKeys);
        (string key, string line) = ApiKeyRing.Create(client);
        string[] lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        if (lines.Any(other => other.TrimStart().StartsWith(client.Name + ' ', StringComparison.Ordinal)))
        {
            throw new ArgumentException($"{file} has a key of '{client.Name}' already; remove its line first, or choose another name");
        }

        OutputFile.Write(file, stream =>
        {
            using StreamWriter writer = new(stream, leaveOpen: true);
            foreach (string text in lines.Append(line))
            {
                writer.WriteLine(text);
            }
        });
        reporter.Result(
            new JsonObject { ["client"] = client.Name, ["key"] = key, ["file"] = file },
            () => Console.Out.WriteLine(key));
        return ExitStatus.Done;
    }

    private static void Say(bool json, string text, JsonObject record)
    {
        if (json)
        {
            Reporter.Line(record);
        }
        else
        {
            Console.Out.WriteLine(text);
        }
    }
}
