using System.Diagnostics;
using System.Text.Json;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary><c>accel ceremony</c> from powers of tau to a contract, as its contributors run it.</summary>
public sealed class CeremonyCommandTests : IDisposable
{
    private const string Beacon = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private const int Contributors = 3;

    private readonly TemporaryFolder _folder = new();

    public CeremonyCommandTests()
    {
        Snarkjs.Run("powersoftau", "new", "bn128", "4", _folder["0.ptau"]);
        Snarkjs.Run("powersoftau", "contribute", _folder["0.ptau"], _folder["1.ptau"], "--name=first", "-e=some entropy");
        Snarkjs.Run("powersoftau", "prepare", "phase2", _folder["1.ptau"], Powers);
        File.WriteAllBytes(Circuit, CubeCircuit.R1cs);
    }

    private string Powers => _folder["powers.ptau"];

    private string Circuit => _folder["circuit.r1cs"];

    [Fact]
    public async Task Three_contributors_and_a_beacon_make_a_key_that_snarkjs_verifies()
    {
        await AccelProcess.RunAsync(0, "ceremony", "new", Circuit, Powers, _folder["0.zkey"]);
        List<string> hashes = [];
        for (int i = 0; i < Contributors; i++)
        {
            AccelOutput output = await AccelProcess.RunAsync(0, "ceremony", "contribute", _folder[$"{i}.zkey"], _folder[$"{i + 1}.zkey"], "--name", $"contributor {i}", "--json");
            using JsonDocument receipt = JsonDocument.Parse(output.Output);
            hashes.Add(receipt.RootElement.GetProperty("contribution").GetProperty("hash").GetString()!);
        }

        AccelOutput closed = await AccelProcess.RunAsync(0, "ceremony", "beacon", _folder["3.zkey"], _folder["final.zkey"], Beacon, "10", "--name", "beacon");
        Assert.StartsWith("Contribution Hash: \n\t\t", closed.Output, StringComparison.Ordinal);

        Snarkjs.Run("zkey", "verify", Circuit, Powers, _folder["final.zkey"]);
        AccelOutput verified = await AccelProcess.RunAsync(0, "ceremony", "verify", Circuit, Powers, _folder["final.zkey"], "--json");
        using JsonDocument verdict = JsonDocument.Parse(verified.Output);
        Assert.True(verdict.RootElement.GetProperty("valid").GetBoolean() && verdict.RootElement.GetProperty("endsWithBeacon").GetBoolean());
        Assert.Equal(hashes, verdict.RootElement.GetProperty("contributions").EnumerateArray().Take(Contributors).Select(c => c.GetProperty("hash").GetString()));

        await AccelProcess.RunAsync(0, "ceremony", "export", _folder["final.zkey"], _folder["key.json"], "--solidity", _folder["V.sol"], "--name", "V");
        Snarkjs.Run("zkey", "export", "verificationkey", _folder["final.zkey"], _folder["theirs.json"]);
        Assert.Equal(await File.ReadAllTextAsync(_folder["theirs.json"], TestContext.Current.CancellationToken), (await File.ReadAllTextAsync(_folder["key.json"], TestContext.Current.CancellationToken)).TrimEnd());
        Assert.Contains("contract V", await File.ReadAllTextAsync(_folder["V.sol"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_status_1_and_a_wrong_file_is_status_2()
    {
        await AccelProcess.RunAsync(0, "ceremony", "new", Circuit, Powers, _folder["0.zkey"]);
        AccelOutput refused = await AccelProcess.RunAsync(1, "ceremony", "verify", Circuit, Powers, _folder["0.zkey"]);
        Assert.Contains("nobody has contributed", refused.Output, StringComparison.Ordinal);

        AccelOutput hash = await AccelProcess.RunAsync(2, "ceremony", "new", Circuit, Powers, _folder["1.zkey"], "--ptau-hash", new string('0', 128));
        Assert.Contains("its BLAKE2b-512 is", hash.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["1.zkey"]));

        AccelOutput same = await AccelProcess.RunAsync(2, "ceremony", "contribute", _folder["0.zkey"], _folder["0.zkey"]);
        Assert.Contains("name another file", same.Error, StringComparison.Ordinal);
        AccelOutput hex = await AccelProcess.RunAsync(2, "ceremony", "beacon", _folder["0.zkey"], _folder["1.zkey"], "xyz", "10");
        Assert.Contains("hexadecimal", hex.Error, StringComparison.Ordinal);
        AccelOutput entropy = await AccelProcess.RunAsync(2, "ceremony", "contribute", _folder["0.zkey"], _folder["1.zkey"], "--entropy");
        Assert.Contains("standard input ended", entropy.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_beacon_leaves_no_file()
    {
        await AccelProcess.RunAsync(0, "ceremony", "new", Circuit, Powers, _folder["0.zkey"]);
        string accel = Path.Combine(AppContext.BaseDirectory, "accel.dll");

        // A background job of a shell without job control ignores SIGINT, and so would all that it starts.
        ProcessStartInfo start = new("env", ["--default-signal=INT", "dotnet", accel, "ceremony", "beacon", _folder["0.zkey"], _folder["1.zkey"], Beacon, "40"]) { RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("accel did not start");
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(2));
        using (FileSystemWatcher watcher = new(Path.GetDirectoryName(_folder["1.zkey"])!, "1.zkey.*"))
        {
            TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
            watcher.Created += (_, _) => begun.TrySetResult();
            watcher.EnableRaisingEvents = true;
            if (Directory.GetFiles(Path.GetDirectoryName(_folder["1.zkey"])!, "1.zkey.*").Length == 0)
            {
                await begun.Task.WaitAsync(limit.Token);
            }
        }

        using (Process interrupt = Process.Start("kill", ["-INT", $"{process.Id}"]))
        {
            await interrupt.WaitForExitAsync(limit.Token);
        }

        using CancellationTokenRegistration end = limit.Token.Register(process.Kill);
        string error = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 130, error);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_folder["1.zkey"])!, "1.zkey*"));
    }

    public void Dispose() => _folder.Dispose();
}
