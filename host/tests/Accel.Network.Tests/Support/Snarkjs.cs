using System.Diagnostics;
using System.Numerics;
using System.Text.Json;
using Accel.Testing;
using Xunit;

namespace Accel.Network.Tests.Support;

/// <summary>snarkjs' verdicts on many proofs, in one run of node.</summary>
internal static class Snarkjs
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task<bool[]> VerdictsAsync(string caseName, IEnumerable<(BigInteger[] Proof, BigInteger[] Inputs)> cases, CancellationToken cancel)
    {
        string scripts = Path.Combine(OutsideData.RepositoryRoot, "scripts");
        string program = Path.Combine(OutsideData.RepositoryRoot, "host", "tests", "Accel.Network.Tests", "Support", "snarkjs-verdicts.mjs");
        string request = JsonSerializer.Serialize(cases.Select(item => new
        {
            key = Path.Combine(SnarkjsCase.Folder(caseName), "verification_key.json"),
            proof = item.Proof.Select(word => word.ToString()),
            inputs = item.Inputs.Select(word => word.ToString()),
        }));
        ProcessStartInfo start = new("node", [program, scripts]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Deadline);
        try
        {
            await process.StandardInput.WriteAsync(request.AsMemory(), limit.Token);
            process.StandardInput.Close();
            string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            string errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, errors);
            return JsonSerializer.Deserialize<bool[]>(output)!;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
