using System.CommandLine;
using Accel.Compute;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel devices</c>: the backends of this machine and their limits.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        Command command = new("devices", "List the compute backends of this machine.") { json };
        command.SetAction((parsed, _) => RunAsync(new Reporter(parsed.GetValue(json))));
        return command;
    }

    private static async Task<int> RunAsync(Reporter reporter)
    {
        List<BackendInfo> infos = [];
        foreach (string kind in ComputeBackends.Kinds)
        {
            await using IComputeBackend backend = ComputeBackends.Create(kind);
            infos.Add(backend.Info);
        }

        reporter.Result(infos, () =>
        {
            Table table = new Table().AddColumns("backend", "device", "curves", "NTT up to", "MSM up to").Border(TableBorder.Simple);
            foreach (BackendInfo info in infos)
            {
                table.AddRow(info.Kind, info.Device, string.Join(", ", info.Curves), $"2^{info.NttLog2SizeMax}", $"{info.MsmCountMax:N0}");
            }

            Reporter.Console.Write(table);
        });
        return ExitStatus.Done;
    }
}
