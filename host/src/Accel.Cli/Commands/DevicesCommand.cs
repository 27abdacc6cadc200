using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Accel.Compute;
using Accel.Device;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel devices</c>: the backends of this machine and their limits.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        Command command = new("devices", "List the compute backends of this machine.") { json };
        command.SetAction((parsed, cancel) => RunAsync(new Reporter(parsed.GetValue(json)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(Reporter reporter, CancellationToken cancel)
    {
        List<BackendInfo> infos = [];
        foreach (FoundDevice device in await Backends.Catalog.FindAsync(cancel))
        {
            try
            {
                await using IComputeBackend backend = await Backends.Catalog.OpenAsync(device.Name, threads: null, cancel);
                infos.Add(backend.Info);
            }
            catch (DeviceException absent)
            {
                Reporter.Warn($"{device.Name}: {absent.Message}");
            }
        }

        foreach (string missing in Backends.Missing)
        {
            Reporter.Warn(missing);
        }

        reporter.Result(new JsonObject { ["devices"] = JsonSerializer.SerializeToNode(infos, OutputSchema.Default.ListBackendInfo) }, () =>
        {
            Table table = new Table().AddColumns("backend", "device", "curves", "NTT up to", "MSM up to", "on the host").Border(TableBorder.Simple);
            foreach (BackendInfo info in infos)
            {
                table.AddRow(info.Kind, info.Device, string.Join(", ", info.Curves), $"2^{info.NttLog2SizeMax}", $"{info.MsmCountMax:N0}", string.Join("; ", info.OnHost));
            }

            Reporter.Console.Write(table);
        });
        return ExitStatus.Done;
    }
}
