namespace Accel.Faults;

/// <summary>The cells of the matrix: paths × faults.</summary>
public static class FaultMatrix
{
    /// <summary>What the in-process runs go over.</summary>
    public const string VirtualTime = "RTL, virtual time";

    /// <summary>The paths.</summary>
    public static IReadOnlyList<string> Paths { get; } = ["serial", "usb"];

    /// <summary>The faults.</summary>
    public static IReadOnlyList<PathFault> Faults { get; } = [.. Enum.GetValues<PathFault>().Where(fault => fault != PathFault.None)];

    /// <summary>Whether the RTL that it runs on is built.</summary>
    public static bool IsBuilt => LinkSim.IsBuilt;

    /// <summary>The whole matrix, a cell as soon as it is done.</summary>
    /// <param name="seeds">Runs a cell in virtual time.</param>
    /// <param name="served">Runs a cell over a pseudo terminal or a mock USB device.</param>
    /// <param name="accel">The command line that makes the proofs; null for none.</param>
    public static async IAsyncEnumerable<FaultCell> RunAsync(int seeds, int served, string? accel)
    {
        foreach (string path in Paths)
        {
            foreach (PathFault fault in seeds > 0 ? Faults : [])
            {
                yield return await Task.Run(() => RunVirtual(path, fault, seeds));
            }
        }

        foreach (string path in Paths)
        {
            foreach (PathFault fault in served > 0 ? Faults : [])
            {
                yield return await RunServedAsync(path, fault, served);
            }
        }

        foreach (PathFault fault in accel is null ? [] : ProofRun.Recoverable)
        {
            // Over each path in turn: one proof for a fault.
            FaultCell cell = new(Paths[(int)fault % Paths.Count], fault, "proof, full RTL");
            cell.Add(1, await ProofRun.RunAsync(accel!, cell.Path, fault, seed: 1));
            yield return cell;
        }
    }

    /// <summary>Runs a cell over what the machine takes for a port or a USB device.</summary>
    public static async Task<FaultCell> RunServedAsync(string path, PathFault fault, int seeds)
    {
        FaultCell cell = new(path, fault, path == "usb" ? "umockdev" : "pty");
        for (int seed = 1; seed <= seeds; seed++)
        {
            cell.Add(seed, await ServedRun.RunAsync(path, fault, seed));
        }

        return cell;
    }

    /// <summary>Runs a cell in process and in virtual time, on all processors.</summary>
    public static FaultCell RunVirtual(string path, PathFault fault, int seeds)
    {
        FaultCell cell = new(path, fault, VirtualTime);
        Parallel.For(1, seeds + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed => cell.Add(seed, FaultRun.InVirtualTime(path, fault, seed)));
        return cell;
    }
}
