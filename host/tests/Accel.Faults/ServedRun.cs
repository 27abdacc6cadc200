using System.Text.Json;
using Accel.Device;
using Accel.Device.Link;
using Accel.Device.Serial;
using Accel.Device.Usb;

namespace Accel.Faults;

/// <summary>Runs over a real pseudo terminal and a mock of the kernel's USB, in real time.</summary>
public static class ServedRun
{
    private const string Library = "tiny79";
    private const string Serial = "serial";

    /// <summary>An outage that the link repairs, and that passes its first deadline now and then.</summary>
    private const int OutageMs = 2_500;

    /// <summary>As patient as the link is at a rate that the simulation of a UART keeps.</summary>
    private const string Baud = "@460800";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    /// <summary>Whether the server and its core are built.</summary>
    public static bool IsBuilt => LinkSim.IsBuilt && File.Exists(ServedCard.Server);

    /// <summary>One run.</summary>
    /// <param name="path"><c>serial</c> or <c>usb</c>.</param>
    /// <param name="fault">What happens.</param>
    /// <param name="seed">Of the faults, the job and the link's noise.</param>
    public static async Task<FaultRun> RunAsync(string path, PathFault fault, int seed)
    {
        bool isLying = fault == PathFault.WrongResult;
        string faults = ServedCard.Describe(
            fault, seed, within: FaultRun.BytesOf(path, seed) * 7 / 10, count: 1, OutageMs, isLying ? $",first={CardJob.Bases.Bytes},last={CardJob.SumsEnd.Bytes}" : "");
        ServedReport? report;
        ServedEnd end;
        if (path == Serial)
        {
            (report, end) = await ServedCard.OnTerminalAsync(Library, faults, seed, port => DoJobAsync(new SerialTransportProvider().Open(port + Baud), seed, isLying));
        }
        else
        {
            end = await ServedCard.OnUsbAsync(Library, faults, seed, Deadline + Deadline, ["dotnet", typeof(ServedRun).Assembly.Location, "job", $"{seed}", $"{isLying}"]);
            report = end.Status == 0 ? JsonSerializer.Deserialize<ServedReport>(end.Output) : null;
        }

        string? hung = report is { IsInTime: true } ? null : $"not done within {Deadline}: {end.Error.Trim()}";
        return FaultRun.Judge(end.Faults > 0, report?.Outcome, report?.Resent ?? 0, hung, fault is PathFault.DeviceReset or PathFault.WrongResult);
    }

    /// <summary>What a program behind <c>serve --usb</c> does: a job on the only USB card there is, and a line of JSON.</summary>
    internal static async Task DoUsbJobAsync(int seed, bool mayResultsBeWrong) =>
        Console.WriteLine(JsonSerializer.Serialize(await DoJobAsync(new UsbTransportProvider().Open(""), seed, mayResultsBeWrong)));

    private static async Task<ServedReport> DoJobAsync(IDeviceTransport transport, int seed, bool mayResultsBeWrong)
    {
        await using CardJob job = new(transport, seed, TaskScheduler.Default, mayResultsBeWrong);
        using CancellationTokenSource late = new(Deadline);
        try
        {
            JobOutcome outcome = await job.RunAsync(late.Token).WaitAsync(Deadline + TimeSpan.FromSeconds(10));
            return new ServedReport(IsInTime: true, outcome, ((LinkTransport)transport).Statistics.FramesResent);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            return new ServedReport(IsInTime: false, null, 0);
        }
        finally
        {
            await transport.DisposeAsync();
        }
    }
}

/// <summary>What a job behind a server says of itself.</summary>
internal sealed record ServedReport(bool IsInTime, JobOutcome? Outcome, long Resent);
