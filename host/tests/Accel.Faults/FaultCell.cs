namespace Accel.Faults;

/// <summary>All runs of one fault on one path.</summary>
/// <param name="Path"><c>serial</c> or <c>usb</c>.</param>
/// <param name="Fault">The fault.</param>
/// <param name="Over">What carried it.</param>
public sealed record FaultCell(string Path, PathFault Fault, string Over)
{
    private readonly Lock _lock = new();

    /// <summary>Runs that were made.</summary>
    public int Seeds { get; private set; }

    /// <summary>Runs in which the fault took effect.</summary>
    public int Struck { get; private set; }

    /// <summary>Runs of these in which the job saw nothing of it.</summary>
    public int Recovered { get; private set; }

    /// <summary>Runs in which a typed error made the job do a round again, and it came out right.</summary>
    public int Refused { get; private set; }

    /// <summary>Frames that the host sent again.</summary>
    public long Resent { get; private set; }

    /// <summary>Runs whose work was not done, or whose fault should have been repaired and was not.</summary>
    public int Lost { get; private set; }

    /// <summary>Runs in which a wrong answer was accepted.</summary>
    public int Wrong { get; private set; }

    /// <summary>Runs that did not end in time.</summary>
    public int Hung { get; private set; }

    /// <summary>Whether all is well.</summary>
    public bool IsGood => (Lost, Wrong, Hung) == (0, 0, 0);

    /// <summary>The first bad run, and how to repeat it.</summary>
    public string? FirstBad { get; private set; }

    /// <summary>Counts a run. May be called from several threads.</summary>
    public void Add(int seed, FaultRun run)
    {
        lock (_lock)
        {
            Seeds++;
            bool isBad = !run.IsGood;
            Struck += run.Struck ? 1 : 0;
            Refused += run.IsRefused && !isBad ? 1 : 0;
            Recovered += run.Struck && !run.IsRefused && !isBad ? 1 : 0;
            Resent += run.Resent;
            Lost += run.Lost is null ? 0 : 1;
            Wrong += run.Wrong is null ? 0 : 1;
            Hung += run.Hung is null ? 0 : 1;
            if (isBad)
            {
                FirstBad ??= $"{Path} {Fault} {Over}, seed {seed}: {run.Wrong ?? run.Hung ?? run.Lost}";
            }
        }
    }
}
