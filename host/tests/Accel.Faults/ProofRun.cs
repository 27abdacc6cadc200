using System.IO.Compression;

namespace Accel.Faults;

/// <summary>One proof of a production key on the full core's RTL, with a fault on the way to it.</summary>
public static class ProofRun
{
    /// <summary>Faults that a proof comes through.</summary>
    public static IReadOnlyList<PathFault> Recoverable { get; } =
        [PathFault.Flip, PathFault.Drop, PathFault.Duplicate, PathFault.Reorder, PathFault.Garbage, PathFault.Delay, PathFault.Unplug];

    private const string Serial = "serial";

    /// <summary>Bytes of such a proof are about a million; the first half is the bases and the witness.</summary>
    private const long Within = 600_000;
    private const int FaultsEach = 4;
    private const int OutageMs = 1_500;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);
    private static readonly string Key = Path.GetFullPath(Path.Combine(ServedCard.Root, "..", "shared", "data", "zkeys", "semaphore-1"));

    /// <summary>Whether the key lies beside this checkout, and the card is built.</summary>
    public static bool IsPossible => ServedRun.IsBuilt && Directory.Exists(Key);

    /// <summary>Proves by the command line, and has snarkjs verify.</summary>
    /// <param name="accel">The command line's <c>accel.dll</c>.</param>
    /// <param name="path"><c>serial</c> or <c>usb</c>.</param>
    /// <param name="fault">A recoverable fault.</param>
    /// <param name="seed">Of the faults.</param>
    public static async Task<FaultRun> RunAsync(string accel, string path, PathFault fault, int seed)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("accel-proof-");
        try
        {
            string In(string name) => Path.Combine(folder.FullName, name);
            await using (FileStream input = File.OpenRead(Path.Combine(Key, "witness.wtns.gz")))
            await using (GZipStream gzip = new(input, CompressionMode.Decompress))
            await using (FileStream output = File.Create(In("witness.wtns")))
            {
                await gzip.CopyToAsync(output);
            }

            string faults = ServedCard.Describe(fault, seed, Within, fault is PathFault.Delay or PathFault.Unplug ? 1 : FaultsEach, OutageMs);
            string[] Prove(string backend) =>
                [accel, "prove", "groth16", Path.Combine(Key, "circuit.zkey"), In("witness.wtns"), In("proof.json"), In("public.json"), "--backend", backend, "--json"];
            ServedEnd proved;
            int made;
            if (path == Serial)
            {
                (proved, ServedEnd server) = await ServedCard.OnTerminalAsync("full", faults, seed, port => ServedCard.RunAsync("dotnet", Prove($"serial:{port}@38400"), Deadline));
                made = server.Faults;
            }
            else
            {
                proved = await ServedCard.OnUsbAsync("full", faults, seed, Deadline, ["dotnet", .. Prove("usb:1d50:6130:0001")]);
                made = proved.Faults;
            }

            string? hung = proved.Status is null ? $"no proof within {Deadline}" : null;
            string? lost = proved.Status is null or 0 ? null : $"accel ended with {proved.Status}: {proved.Error.Trim()}";
            string? wrong = hung is null && lost is null && !await IsAcceptedAsync(In("public.json"), In("proof.json")) ? "snarkjs refuses the proof" : null;
            return new FaultRun(made > 0, IsRefused: false, 0, lost, wrong, hung, null);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<bool> IsAcceptedAsync(string inputs, string proof)
    {
        string snarkjs = Path.Combine(ServedCard.Root, "scripts", "node_modules", "snarkjs", "build", "cli.cjs");
        ServedEnd end = await ServedCard.RunAsync("node", [snarkjs, "groth16", "verify", Path.Combine(Key, "verification_key.json"), inputs, proof], Deadline);
        return end.Status == 0;
    }
}
