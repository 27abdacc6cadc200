using Accel.Device;

namespace Accel.Compute.Fpga;

/// <summary>Chooses the window of a product from its size and the engine's limits.</summary>
internal static class MsmWindow
{
    /// <summary>Phases of the aggregation that end with an empty adder; hdl/msm/README.md bounds them by 14 latencies.</summary>
    private const int LatencyTerms = 14;

    /// <summary>
    /// Cycles with one digit and one addition a cycle: n·W digits, 2·W·2^(c−1) additions of the aggregation with a margin of 5 %, and the latency terms.
    /// </summary>
    public static double Cycles(DeviceCapabilities device, long count, int bits)
    {
        double windows = device.Windows(bits);
        return (count * windows) + (1.05 * 2 * windows * Math.Pow(2, bits - 1)) + (LatencyTerms * device.AdderLatency);
    }

    /// <summary>The legal window with the fewest cycles.</summary>
    /// <exception cref="NotSupportedException">The engine has no legal window.</exception>
    public static int Choose(DeviceCapabilities device, long count)
    {
        int[] legal = [.. Enumerable.Range(device.WindowBitsMin, Math.Max(0, device.WindowBitsMax - device.WindowBitsMin + 1)).Where(device.IsWindowLegal)];
        return legal.Length > 0
            ? legal.MinBy(bits => Cycles(device, count, bits))
            : throw new NotSupportedException($"the MSM engine has 2^{device.MsmCellsLog2} buckets, too few for any window of {device.WindowBitsMin} to {device.WindowBitsMax} bits");
    }
}
