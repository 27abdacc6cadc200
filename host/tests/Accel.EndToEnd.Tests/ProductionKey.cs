using System.IO.Compression;
using System.Text.Json;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>A production proving key of 1,700 constraints, with a witness: Semaphore's with one member.</summary>
internal static class ProductionKey
{
    /// <summary>Proves by the command line and has snarkjs verify; skips the calling test where the key is not beside this checkout.</summary>
    /// <param name="accel">The program.</param>
    /// <param name="backend">What makes the proof.</param>
    /// <returns>The command's report.</returns>
    public static async Task<JsonDocument> ProveAsync(AccelProgram accel, string backend)
    {
        using TemporaryFolder folder = new();
        string circuit = OutsideData.Path("zkeys/semaphore-1");
        await using (FileStream input = File.OpenRead(Path.Combine(circuit, "witness.wtns.gz")))
        await using (GZipStream gzip = new(input, CompressionMode.Decompress))
        await using (FileStream output = File.Create(folder["witness.wtns"]))
        {
            await gzip.CopyToAsync(output, TestContext.Current.CancellationToken);
        }

        AccelOutput proved = await accel.RunAsync(
            0, "prove", "groth16", Path.Combine(circuit, "circuit.zkey"), folder["witness.wtns"], folder["proof.json"], folder["public.json"], "--backend", backend, "--json");
        Snarkjs.Run("groth16", "verify", Path.Combine(circuit, "verification_key.json"), folder["public.json"], folder["proof.json"]);
        return JsonDocument.Parse(proved.Output);
    }

    /// <summary>Holds a report to what a card does of such a proof, and what the host says that it does itself.</summary>
    public static void RequireWorkOfCard(JsonElement report)
    {
        JsonElement[] operations = [.. report.GetProperty("operations").EnumerateArray()];
        int Count(string name) => operations.Count(operation => operation.GetProperty("operation").GetString() == name);
        Assert.Equal((4, 6, 1), (Count("msm"), Count("ntt"), Count("pointwise")));
        Assert.All(operations, operation => Assert.True(operation.GetProperty("cycles").GetInt64() > 0));
        Assert.Contains(report.GetProperty("onHost").EnumerateArray(), part => part.GetString()!.Contains("G2", StringComparison.Ordinal));
    }
}
