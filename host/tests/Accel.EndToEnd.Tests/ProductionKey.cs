using System.IO.Compression;
using System.Text.Json;
using Accel.Testing;

namespace Accel.EndToEnd.Tests;

/// <summary>A statement under a key of 1,700 constraints that is in production elsewhere: every backend has to prove it.</summary>
internal static class ProductionKey
{
    /// <summary>Proves the statement with a backend and has snarkjs verify the proof.</summary>
    /// <returns>What the command says of the proof.</returns>
    public static async Task<JsonDocument> ProveAsync(AccelProgram program, string backend, CancellationToken cancel)
    {
        using TemporaryFolder folder = new();
        string circuit = OutsideData.Path("zkeys/semaphore-1");
        await using (FileStream input = File.OpenRead(Path.Combine(circuit, "witness.wtns.gz")))
        await using (GZipStream gzip = new(input, CompressionMode.Decompress))
        await using (FileStream output = File.Create(folder["witness.wtns"]))
        {
            await gzip.CopyToAsync(output, cancel);
        }

        AccelOutput proved = await program.RunAsync(
            0, "prove", "groth16", Path.Combine(circuit, "circuit.zkey"), folder["witness.wtns"], folder["proof.json"], folder["public.json"], "--backend", backend, "--json");
        Snarkjs.Run("groth16", "verify", Path.Combine(circuit, "verification_key.json"), folder["public.json"], folder["proof.json"]);
        return JsonDocument.Parse(proved.Output);
    }
}
