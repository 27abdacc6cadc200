using System.IO.Compression;
using System.Text.Json;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>The processor's engines and benchmarks, from the command line.</summary>
public sealed class CpuBenchTests
{
    [Theory]
    [InlineData("g1", "uniform")]
    [InlineData("g1", "ones")]
    [InlineData("g2", "witness")]
    public async Task Products_are_timed_and_checked(string group, string scalars)
    {
        AccelOutput output = await AccelProcess.RunAsync(
            0, "bench", "msm", "--log-size", "9", "--group", group, "--scalars", scalars, "--threads", "2", "--runs", "3", "--warm-up", "1", "--json");
        JsonElement record = JsonDocument.Parse(output.Output).RootElement;
        Assert.Equal((group, scalars, "cpu", 3), (record.GetProperty("group").GetString(), record.GetProperty("scalars").GetString(), record.GetProperty("backend").GetString(), record.GetProperty("runs").GetInt32()));
        Assert.InRange(record.GetProperty("min_ms").GetDouble(), 0.001, record.GetProperty("median_ms").GetDouble());
    }

    [Fact]
    public async Task Transforms_are_timed_and_undone()
    {
        AccelOutput output = await AccelProcess.RunAsync(0, "bench", "ntt", "--log-size", "10", "--runs", "3", "--json");
        Assert.True(JsonDocument.Parse(output.Output).RootElement.GetProperty("ns_per_butterfly").GetDouble() > 0);
    }

    [Fact]
    public async Task Kernels_of_every_accelerated_engine_are_timed()
    {
        AccelOutput output = await AccelProcess.RunAsync(0, "bench", "field", "--runs", "2", "--json");
        JsonElement[] records = [.. output.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Contains(records, record => record.GetProperty("engine").GetString() == "scalar");
        Assert.All(records, record => Assert.True(record.GetProperty("min_ns").GetDouble() > 0));
    }

    [Fact]
    public async Task A_resident_prover_is_timed()
    {
        using TemporaryFolder folder = new();
        string circuit = OutsideData.Path("zkeys/arianee-ownershipVerifier");
        using (GZipStream packed = new(File.OpenRead(Path.Combine(circuit, "witness.wtns.gz")), CompressionMode.Decompress))
        using (FileStream file = File.Create(folder["witness.wtns"]))
        {
            await packed.CopyToAsync(file);
        }

        AccelOutput output = await AccelProcess.RunAsync(
            0, "bench", "prove", Path.Combine(circuit, "circuit.zkey"), folder["witness.wtns"], "--runs", "2", "--warm-up", "1", "--json");
        Assert.True(JsonDocument.Parse(output.Output).RootElement.GetProperty("ProductH_ms").GetDouble() > 0);
    }

    [Fact]
    public async Task An_option_that_means_nothing_to_the_backend_is_refused()
    {
        AccelOutput output = await AccelProcess.RunAsync(2, "bench", "msm", "--log-size", "4", "--window-bits", "5");
        Assert.Contains("--window-bits means nothing to --backend cpu", output.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_vector_instructions_the_portable_engine_runs_and_says_why()
    {
        AccelOutput output = await AccelProgram.Managed.With("DOTNET_EnableAVX2", "0").RunAsync(0, "bench", "msm", "--log-size", "8", "--runs", "1", "--json");
        Assert.Contains("scalar: portable 64-bit arithmetic, without AVX-512 IFMA, AVX-512F, AVX2 and FMA", JsonDocument.Parse(output.Output).RootElement.GetProperty("device").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_can_be_forced_and_an_unknown_one_is_refused()
    {
        AccelOutput forced = await AccelProgram.Managed.With("ACCEL_CPU", "scalar").RunAsync(0, "bench", "msm", "--log-size", "8", "--runs", "1", "--json");
        Assert.Contains("scalar: portable 64-bit arithmetic, forced by ACCEL_CPU", forced.Output, StringComparison.Ordinal);
        AccelOutput refused = await AccelProgram.Managed.With("ACCEL_CPU", "mmx").TryRunAsync("bench", "msm", "--log-size", "8");
        Assert.NotEqual(0, refused.Status);
        Assert.Contains("ACCEL_CPU is 'mmx'; there is: ifma, avx512, avx2, scalar", refused.Error, StringComparison.Ordinal);
    }
}
