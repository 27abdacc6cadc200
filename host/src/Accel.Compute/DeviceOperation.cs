using Accel.Device;

namespace Accel.Compute;

/// <summary>What one command, or one sequence of MSM chunks, cost on a device.</summary>
/// <param name="Operation">msm, ntt or pointwise.</param>
/// <param name="Count">Scalars, values or elements.</param>
/// <param name="Cycles">Device cycles from the start of the first command to the end of the last.</param>
public sealed record DeviceOperation(string Operation, long Count, ulong Cycles)
{
    /// <summary>MSM: bits of a window.</summary>
    public int? WindowBits { get; init; }

    /// <summary>MSM: windows of a scalar.</summary>
    public int? Windows { get; init; }

    /// <summary>MSM: cycles from the first scalar accepted to the last bucket settled.</summary>
    public ulong? AccumulateCycles { get; init; }

    /// <summary>MSM: cycles of the aggregation.</summary>
    public ulong? AggregateCycles { get; init; }

    /// <summary>MSM: point additions; NTT: butterflies.</summary>
    public ulong? Steps { get; init; }

    /// <summary>Cycles in which the engine waited for memory.</summary>
    public ulong MemoryWaitCycles { get; init; }

    /// <summary>The device's cycle counter at the end.</summary>
    public ulong CompletedAtCycle { get; init; }
}

/// <summary>A backend that counts the cycles of its device.</summary>
public interface IDeviceMeter
{
    /// <summary>Operations finished so far, in the order in which they ended.</summary>
    IReadOnlyList<DeviceOperation> Operations { get; }

    /// <summary>What the link and the engines did since the backend was opened; null where nothing counts it.</summary>
    LinkActivity? Link { get; }
}
