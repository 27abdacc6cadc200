namespace Accel.Device;

/// <summary>A path that counts how far transfers and the engines' work overlap.</summary>
public interface ILinkMeter
{
    /// <summary>The counters now; null when the card behind the path has none.</summary>
    LinkActivity? ReadActivity();
}

/// <summary>What a link and the engines behind it have done, in cycles of the card since its power-up.</summary>
/// <param name="Cycles">All cycles.</param>
/// <param name="LinkCycles">Cycles in which the link carried bytes of device memory.</param>
/// <param name="EngineCycles">Cycles in which the core held a command.</param>
/// <param name="BothCycles">Cycles of both.</param>
/// <param name="BytesToCard">Bytes written to device memory by the host.</param>
/// <param name="BytesFromCard">Bytes of device memory read by the host.</param>
/// <param name="BytesPerCycle">What the link carries in a cycle.</param>
public readonly record struct LinkActivity(
    ulong Cycles, ulong LinkCycles, ulong EngineCycles, ulong BothCycles, ulong BytesToCard, ulong BytesFromCard, double BytesPerCycle)
{
    /// <summary>Cycles of both, over the smaller of the two; 1 when one of them did nothing, since nothing was left to overlap.</summary>
    public double Overlap => LinkCycles == 0 || EngineCycles == 0 ? 1 : (double)BothCycles / Math.Min(LinkCycles, EngineCycles);

    /// <summary>What happened since an earlier reading.</summary>
    public LinkActivity Since(LinkActivity earlier) => this with
    {
        Cycles = Cycles - earlier.Cycles,
        LinkCycles = LinkCycles - earlier.LinkCycles,
        EngineCycles = EngineCycles - earlier.EngineCycles,
        BothCycles = BothCycles - earlier.BothCycles,
        BytesToCard = BytesToCard - earlier.BytesToCard,
        BytesFromCard = BytesFromCard - earlier.BytesFromCard,
    };
}
