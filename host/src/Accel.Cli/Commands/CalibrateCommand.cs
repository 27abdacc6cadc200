using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Accel.Compute;
using Accel.Compute.Auto;
using Accel.Device;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel calibrate</c>: measures every device, so that <c>--backend auto</c> can choose; or holds its choices to a fresh measurement.</summary>
internal static class CalibrateCommand
{
    private const int LogSizeMin = 4;
    private const int LogSizeMax = 22;
    private const double WorseThanBestMax = 1.1;

    public static Command Create()
    {
        Option<string[]> devices = new("--device") { Description = "Only these, by the names of `accel devices`; by default all that are present.", AllowMultipleArgumentsPerToken = true };
        Option<int> largest = new("--log-size") { Description = $"Measure sizes up to 2 to this power, {LogSizeMin} to {LogSizeMax}.", DefaultValueFactory = _ => 18 };
        largest.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < LogSizeMin or > LogSizeMax)
            {
                result.AddError($"--log-size must be within {LogSizeMin}…{LogSizeMax}");
            }
        });
        Option<int> runs = new("--runs") { Description = "Runs of each, whose median counts.", DefaultValueFactory = _ => 3 };
        runs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
            {
                result.AddError("--runs must be within 1…1000");
            }
        });
        Option<bool> check = new("--check")
        {
            Description = "Measure sizes between those of the calibration instead, and compare what auto would choose with the best; the answer is no beyond 10 %.",
        };
        Option<bool> json = CommonOptions.Json();
        Command command = new("calibrate", "Measure each device once and store what it takes, for --backend auto.") { devices, largest, runs, check, json };
        command.SetAction((parsed, cancel) =>
        {
            bool isCheck = parsed.GetValue(check);
            CalibrationPlan plan = new()
            {
                Log2Sizes = [.. Enumerable.Range(0, LogSizeMax + 1).Where(log2 => log2 > 7 && log2 <= parsed.GetValue(largest) && log2 % 2 == (isCheck ? 1 : 0))],
                Runs = parsed.GetValue(runs),
            };
            Reporter reporter = new(parsed.GetValue(json));
            return isCheck ? CheckAsync(parsed.GetValue(devices) ?? [], plan, reporter, cancel) : MeasureAsync(parsed.GetValue(devices) ?? [], plan, reporter, cancel);
        });
        return command;
    }

    private static async Task<int> MeasureAsync(string[] names, CalibrationPlan plan, Reporter reporter, CancellationToken cancel)
    {
        Calibration calibration = Calibration.Read(Backends.CalibrationPath);
        List<DeviceCalibration> measured = [];
        foreach (string name in await NamesAsync(names, cancel))
        {
            if (await MeasureAsync(name, plan, reporter, mustWork: names.Length > 0, cancel) is { } device)
            {
                measured.Add(device);

                // Each as it is done: what was measured is not lost to Ctrl-C.
                calibration = calibration.With(device);
                calibration.Write(Backends.CalibrationPath);
            }
        }

        reporter.Result(
            new JsonObject { ["file"] = Backends.CalibrationPath, ["devices"] = new JsonArray([.. measured.Select(Describe)]) },
            () =>
            {
                Reporter.Console.Write(TimesTable(measured));
                Reporter.Console.WriteLine($"written to {Backends.CalibrationPath}");
            });
        return ExitStatus.Done;
    }

    private static async Task<int> CheckAsync(string[] names, CalibrationPlan plan, Reporter reporter, CancellationToken cancel)
    {
        Calibration calibration = Calibration.Read(Backends.CalibrationPath);
        List<DeviceCalibration> fresh = [];
        foreach (string name in await NamesAsync(names, cancel))
        {
            if (calibration.Devices.All(known => known.Name != name))
            {
                Reporter.Warn($"{name} was never measured, so auto does not use it; it takes no part");
            }
            else if (await MeasureAsync(name, plan, reporter, mustWork: true, cancel) is { } device)
            {
                fresh.Add(device);
            }
        }

        ChoiceCheck result = ChoiceCheck.Compare(calibration, fresh);
        bool good = result.Ratio <= WorseThanBestMax;
        reporter.Result(
            new JsonObject
            {
                ["chosenMs"] = Math.Round(result.ChosenMs, 3),
                ["bestMs"] = Math.Round(result.BestMs, 3),
                ["ratio"] = Math.Round(result.Ratio, 4),
                ["devices"] = new JsonArray([.. fresh.Select(Describe)]),
                ["cells"] = new JsonArray([.. result.Cells.Select(cell => (JsonNode)new JsonObject
                {
                    ["operation"] = cell.Operation.ToString(), ["count"] = cell.Count, ["chosen"] = cell.Chosen, ["chosenMs"] = cell.ChosenMs, ["best"] = cell.Best, ["bestMs"] = cell.BestMs,
                })]),
            },
            () =>
            {
                Table table = new Table().AddColumns("operation").Border(TableBorder.Simple);
                table.AddColumn(new TableColumn("count").RightAligned()).AddColumn("chosen").AddColumn(new TableColumn("ms").RightAligned())
                    .AddColumn("best").AddColumn(new TableColumn("ms").RightAligned());
                foreach (ChoiceCheck.Cell cell in result.Cells)
                {
                    table.AddRow(
                        cell.Operation.ToString(), cell.Count.ToString("N0", CultureInfo.InvariantCulture), Markup.Escape(cell.Chosen), Text(cell.ChosenMs), Markup.Escape(cell.Best), Text(cell.BestMs));
                }

                Reporter.Console.Write(table);
                Reporter.Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"auto's choices take {result.ChosenMs:F1} ms in all, the best {result.BestMs:F1} ms: {result.Ratio:F3} times, at most {WorseThanBestMax} is good"));
            });
        return good ? ExitStatus.Done : ExitStatus.Refused;
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(string[] names, CancellationToken cancel) =>
        names.Length > 0 ? names : [.. (await Backends.Catalog.FindAsync(cancel)).Select(device => device.Name)];

    private static async Task<DeviceCalibration?> MeasureAsync(string name, CalibrationPlan plan, Reporter reporter, bool mustWork, CancellationToken cancel)
    {
        try
        {
            return await reporter.StepAsync(name, async progress =>
            {
                await using IComputeBackend backend = await Backends.Catalog.OpenAsync(name, threads: null, cancel);
                return await Calibrator.MeasureAsync(
                    name, backend, plan, new Relay(time => progress.Report($"{time.Operation} {time.Count:N0}: {Text(time.MedianMs)} ms")), cancel);
            });
        }
        catch (DeviceException failure) when (!mustWork)
        {
            Reporter.Warn($"{name} was not measured: {failure.Message}");
            return null;
        }
    }

    private static JsonNode Describe(DeviceCalibration device) => new JsonObject
    {
        ["name"] = device.Name,
        ["device"] = device.Device,
        ["times"] = new JsonArray([.. device.Times.Select(time => (JsonNode)new JsonObject
        {
            ["operation"] = time.Operation.ToString(), ["count"] = time.Count, ["medianMs"] = Math.Round(time.MedianMs, 4),
        })]),
    };

    private static Table TimesTable(IReadOnlyList<DeviceCalibration> devices)
    {
        Table table = new Table().AddColumns("operation").Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("count").RightAligned());
        foreach (DeviceCalibration device in devices)
        {
            table.AddColumn(new TableColumn(Markup.Escape($"{device.Name} ms")).RightAligned());
        }

        foreach (IGrouping<(ComputeOperation Operation, long Count), OperationTime> row in devices.SelectMany(device => device.Times).GroupBy(time => (time.Operation, time.Count)).OrderBy(group => group.Key))
        {
            table.AddRow([
                row.Key.Operation.ToString(),
                row.Key.Count.ToString("N0", CultureInfo.InvariantCulture),
                .. devices.Select(device => device.Times.FirstOrDefault(time => (time.Operation, time.Count) == row.Key) is { } time ? Text(time.MedianMs) : "–")]);
        }

        return table;
    }

    private static string Text(double milliseconds) => milliseconds.ToString(milliseconds < 10 ? "F3" : "F1", CultureInfo.InvariantCulture);

    private sealed class Relay(Action<OperationTime> tell) : IProgress<OperationTime>
    {
        public void Report(OperationTime value) => tell(value);
    }
}
