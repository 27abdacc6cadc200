using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Accel.Compute;
using Accel.Compute.Auto;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel devices</c>: what is present, whether it can be used, its limits, and how fast it was when it was measured.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        Command command = new(
            "devices",
            "List the compute devices of this machine: name for --backend, health, limits, register version, and the speed that `accel calibrate` measured. "
            + "Cards are only read, and may work for others meanwhile.")
        {
            json,
        };
        command.SetAction((parsed, cancel) => RunAsync(new Reporter(parsed.GetValue(json)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(Reporter reporter, CancellationToken cancel)
    {
        DeviceRegistry registry = new(Backends.Catalog, Calibration.Read(Backends.CalibrationPath), Backends.Quarantines);
        IReadOnlyList<RegisteredDevice> devices = await registry.SurveyAsync(cancel);
        foreach (string missing in Backends.Missing)
        {
            Reporter.Warn(missing);
        }

        reporter.Result(new JsonObject { ["devices"] = new JsonArray([.. devices.Select(ToJson)]) }, () => Print(devices));
        return ExitStatus.Done;
    }

    internal static JsonNode ToJson(RegisteredDevice device) => new JsonObject
    {
        ["name"] = device.Name,
        ["kind"] = BackendCatalog.Split(device.Name).Kind,
        ["health"] = Word(device.Availability),
        ["reason"] = device.Reason,
        ["description"] = device.Info?.Device ?? device.Description,
        ["path"] = device.Info?.Path,
        ["registerVersion"] = device.Info?.RegisterVersion,
        ["capability"] = device.Info is not { } info ? null : new JsonObject
        {
            ["curves"] = Strings(info.Curves),
            ["nttLog2SizeMax"] = info.NttLog2SizeMax,
            ["msmCountMax"] = info.MsmCountMax,
            ["multipliesG2"] = info.MultipliesG2,
            ["onHost"] = Strings(info.OnHost),
            ["resource"] = info.Resource,
        },
        ["measured"] = device.Measured is not { } measured ? null : new JsonObject
        {
            ["at"] = measured.MeasuredAt.ToString("O", CultureInfo.InvariantCulture),
            ["speeds"] = new JsonArray([.. measured.Times.GroupBy(time => time.Operation).Select(group => group.MaxBy(time => time.Count)!).Select(time => (JsonNode)new JsonObject
            {
                ["operation"] = time.Operation.ToString(),
                ["count"] = time.Count,
                ["medianMs"] = Math.Round(time.MedianMs, 4),
                ["perSecond"] = Math.Round(PerSecond(time)),
            })]),
        },
    };

    private static void Print(IReadOnlyList<RegisteredDevice> devices)
    {
        Table table = new Table().AddColumns("name", "health", "device", "registers").Border(TableBorder.Simple);
        foreach (string column in new[] { "NTT up to", "MSM up to", "NTT values/s", "G1 terms/s" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        table.AddColumn("on the host");
        foreach (RegisteredDevice device in devices)
        {
            table.AddRow(
                Markup.Escape(device.Name),
                Word(device.Availability),
                Markup.Escape(device.Info?.Device ?? device.Description),
                device.Info?.RegisterVersion ?? string.Empty,
                device.Info is { } limits ? $"2^{limits.NttLog2SizeMax}" : string.Empty,
                device.Info is { } info ? info.MsmCountMax.ToString("N0", CultureInfo.InvariantCulture) : string.Empty,
                Speed(device, ComputeOperation.Ntt),
                Speed(device, ComputeOperation.MsmG1),
                Markup.Escape(string.Join("; ", device.Info?.OnHost ?? [])));
        }

        Reporter.Console.Write(table);
        foreach (RegisteredDevice device in devices.Where(device => device.Reason is not null))
        {
            Console.Out.WriteLine($"{device.Name}: {Word(device.Availability)}: {device.Reason}");
        }

        if (devices.All(device => device.Measured is null))
        {
            Console.Out.WriteLine("nothing was measured yet: run `accel calibrate`");
        }
    }

    private static JsonArray Strings(IReadOnlyList<string> values) => new([.. values.Select(value => (JsonNode)value)]);

    private static string Word(DeviceAvailability availability) => availability.ToString().ToLowerInvariant();

    /// <summary>At the largest size that was measured.</summary>
    private static string Speed(RegisteredDevice device, ComputeOperation operation) =>
        device.Measured?.Times.Where(time => time.Operation == operation).MaxBy(time => time.Count) is { } time
            ? PerSecond(time).ToString("N0", CultureInfo.InvariantCulture)
            : "–";

    private static double PerSecond(OperationTime time) => time.Count / time.MedianMs * 1000;
}
