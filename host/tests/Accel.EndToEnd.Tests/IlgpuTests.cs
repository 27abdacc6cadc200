using System.Text.Json;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>The ILGPU backend through the command line, on its CPU accelerator.</summary>
public sealed class IlgpuTests
{
    [Fact]
    public async Task A_production_keys_proof_made_through_ILGPU_is_accepted_by_snarkjs()
    {
        using JsonDocument json = await ProductionKey.ProveAsync(AccelProgram.Managed, "ilgpu:cpu");
        Assert.Contains(json.RootElement.GetProperty("onHost").EnumerateArray(), part => part.GetString()!.Contains("G2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("msm", "uniform")]
    [InlineData("msm", "ones")]
    [InlineData("ntt", null)]
    public async Task A_benchmark_runs_and_is_checked(string operation, string? scalars)
    {
        string[] workload = scalars is null ? [] : ["--scalars", scalars];
        AccelOutput output = await AccelProcess.RunAsync(
            0, ["bench", operation, "--backend", "ilgpu:cpu", "--log-size", "8", "--runs", "1", "--warm-up", "1", .. workload, "--json"]);
        using JsonDocument json = JsonDocument.Parse(Assert.Single(output.Output.TrimEnd().Split('\n')));
        Assert.Equal(operation, json.RootElement.GetProperty("op").GetString());
    }

    [Fact]
    public async Task Devices_list_the_cpu_accelerator_with_its_caveat()
    {
        AccelOutput output = await AccelProcess.RunAsync(0, "devices", "--json");
        Assert.Contains("ILGPU CPU accelerator", output.Output, StringComparison.Ordinal);
        Assert.Contains("for tests, slow", output.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absent_device_is_an_error_that_names_it()
    {
        AccelOutput output = await AccelProcess.TryRunAsync("bench", "ntt", "--backend", "ilgpu:cuda:4711", "--log-size", "4");
        Assert.NotEqual(0, output.Status);
        Assert.Contains("CUDA device 4711", output.Error, StringComparison.Ordinal);
    }
}
