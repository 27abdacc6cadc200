namespace Accel.Faults;

/// <summary>How one run with a fault ended.</summary>
/// <param name="Struck">Whether the fault changed anything.</param>
/// <param name="IsRefused">Whether the job met a typed error, and did a round again.</param>
/// <param name="Resent">Frames that the host sent again, and sessions begun anew.</param>
/// <param name="Lost">Why the work was not done; null when it was.</param>
/// <param name="Wrong">A wrong answer that was accepted; null when there was none.</param>
/// <param name="Hung">What did not end in time; null when all did.</param>
/// <param name="Detail">The first typed error.</param>
public sealed record FaultRun(bool Struck, bool IsRefused, long Resent, string? Lost, string? Wrong, string? Hung, string? Detail)
{
    /// <summary>Outages up to this are to be repaired without a word; the link gives up between 10 and 12 seconds.</summary>
    private static readonly TimeSpan OutageToRepair = TimeSpan.FromSeconds(8);

    /// <summary>In virtual time: the longest outage, and a few deadlines of the link behind it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    /// <summary>Whether nothing was lost, wrong or hung.</summary>
    public bool IsGood => Lost is null && Wrong is null && Hung is null;

    private const string Serial = "serial";
    private static readonly Dictionary<string, Lazy<long>> BytesOfJob = ((string[])["uart", "ft245", "ft601"])
        .ToDictionary(front => front, front => new Lazy<long>(() => MeasureBytes(front)));

    /// <summary>A run in process, on the link's RTL, in virtual time.</summary>
    /// <param name="path"><c>serial</c> or <c>usb</c>.</param>
    /// <param name="fault">What happens.</param>
    /// <param name="seed">Of everything random.</param>
    public static FaultRun InVirtualTime(string path, PathFault fault, int seed)
    {
        string front = Front(path, seed);
        Random random = new(~seed);
        int faults = fault is PathFault.Unplug or PathFault.DeviceReset or PathFault.Delay ? 1 : fault is PathFault.None or PathFault.WrongResult ? 0 : random.Next(1, 4);

        // An unplugging waits for the next chunk, of which there has to be one.
        long within = BytesOfJob[front].Value * (fault == PathFault.Unplug ? 6 : 9) / 10;
        long[] at = [.. Enumerable.Range(0, faults).Select(_ => random.NextInt64(within)).Order()];
        using VirtualCard card = new(front, seed, fault, at);
        int lieIn = fault == PathFault.WrongResult ? random.Next(CardJob.Rounds) : -1;
        CardJob job = new(card.Transport, seed, card.Scheduler, fault == PathFault.WrongResult, round =>
        {
            if (round == lieIn)
            {
                // The operands as the engine reads them, or the sums as it leaves them.
                lieIn = -1;
                bool operands = random.Next(2) == 0;
                card.Lie(operands ? CardJob.Bases : CardJob.Sums, operands ? CardJob.Sums + -1 : CardJob.SumsEnd);
            }
        });
        JobOutcome? outcome = null;
        bool inTime = card.Run(async () => outcome = await job.RunAsync(CancellationToken.None), Deadline);
        long resent = card.Transport.Statistics.FramesResent;
        card.Close(job);
        string? hung = inTime ? null : $"nothing more has come of it at {card.Now}: {card.Transport.Statistics}";
        bool mayBeRefused = fault switch
        {
            PathFault.DeviceReset or PathFault.WrongResult => true,
            PathFault.Delay or PathFault.Unplug => card.Outage > OutageToRepair,
            _ => false,
        };
        return Judge(card.FaultsMade > 0, outcome, resent, hung, mayBeRefused);
    }

    /// <summary>Bytes that a job without faults carries, both ways together.</summary>
    internal static long BytesOf(string path, int seed) => BytesOfJob[Front(path, seed)].Value;

    /// <summary>Both chips' interfaces in turn.</summary>
    private static string Front(string path, int seed) => path == Serial ? "uart" : seed % 2 == 0 ? "ft245" : "ft601";

    /// <summary>Holds what a job has met to what the fault may do.</summary>
    internal static FaultRun Judge(bool struck, JobOutcome? outcome, long resent, string? hung, bool mayBeRefused)
    {
        bool isRefused = outcome?.Refusals > 0;
        string? lost = outcome is null && hung is null ? "the job has said nothing" : outcome?.Lost ?? (isRefused && !mayBeRefused ? $"what the link has to repair was refused: {outcome!.FirstRefusal}" : null);
        return new FaultRun(struck, isRefused, resent, lost, outcome?.Wrong, hung, outcome?.FirstRefusal);
    }

    private static long MeasureBytes(string front)
    {
        using VirtualCard card = new(front, 1, PathFault.None, []);
        CardJob job = new(card.Transport, 1, card.Scheduler, mayResultsBeWrong: false);
        card.Run(() => job.RunAsync(CancellationToken.None), Deadline);
        card.Close(job);
        return card.Carried;
    }
}
