using System.Globalization;
using Accel.Device.OpenCl;

namespace Accel.Compute.OpenCl;

/// <summary>How work is cut for a device.</summary>
/// <param name="Device">The device.</param>
/// <param name="MsmGroup">Work items of a work-group in the kernels of products.</param>
/// <param name="NttGroup">Work items of a work-group in the kernels of transforms.</param>
internal sealed record OpenClSizes(OpenClDevice Device, int MsmGroup, int NttGroup)
{
    private const int ElementBytes = 32;
    private const int TileBytesMax = 1 << 15;
    private const int RadixLog2Max = 9;

    /// <summary>
    /// A processor's. It runs the items of a group one after the other, on one core: groups of a single item are shared out best, and their private values
    /// need not be saved at barriers.
    /// </summary>
    public static OpenClSizes ForProcessor(OpenClDevice device) => new(device, 1, 1);

    /// <summary>Group sizes that are worth a measurement.</summary>
    public static IReadOnlyList<int> Candidates(OpenClDevice device) =>
        [.. (device.IsProcessor ? [1, 16] : new[] { 32, 64, 128, 256 }).Where(size => size <= device.WorkGroupSizeMax).DefaultIfEmpty(1)];

    /// <summary>Bits of a limb: processors multiply 64 bits at once; the integer units of GPUs are 32 bits wide.</summary>
    public static int LimbBitsFor(OpenClDevice device) => device.IsProcessor ? 64 : 32;

    /// <summary>log₂ of the values that a work-group transforms in local memory: no more than a processor's first cache holds, or a GPU's local memory.</summary>
    public int TileLog2 => (int)Math.Log2(Math.Min(TileBytesMax, Device.LocalBytes) / ElementBytes);

    /// <summary>log₂ of the largest radix of a pass; the rest of a tile is for neighbouring columns, so that memory is read in runs.</summary>
    public int RadixLog2 => Math.Min(RadixLog2Max, TileLog2);

    /// <summary>
    /// Entries that one work item adds up: short enough that all compute units are busy, long enough that its own overhead, some ten field products
    /// for each of two sums that go to the merge, stays small.
    /// </summary>
    public int SegmentLength(long entries)
    {
        (int perUnit, int least) = Device.IsProcessor ? (32, 128) : (1024, 16);
        long items = Math.Max(1, (long)Device.ComputeUnits * perUnit);
        return (int)Math.Clamp((entries + items - 1) / items, least, int.MaxValue / 4);
    }

    /// <summary>What <see cref="TryParse"/> reads.</summary>
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"msm={MsmGroup} ntt={NttGroup}");

    /// <summary>Reads group sizes that were measured before.</summary>
    public static OpenClSizes? TryParse(OpenClDevice device, string text)
    {
        string[] parts = text.Split(' ');
        return parts.Length == 2
            && parts[0].StartsWith("msm=", StringComparison.Ordinal)
            && parts[1].StartsWith("ntt=", StringComparison.Ordinal)
            && int.TryParse(parts[0].AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out int msm)
            && int.TryParse(parts[1].AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out int ntt)
            && msm >= 1 && msm <= device.WorkGroupSizeMax && ntt >= 1 && ntt <= device.WorkGroupSizeMax
            ? new OpenClSizes(device, msm, ntt)
            : null;
    }
}
