using System.Diagnostics;
using System.Text.Json;
using Accel.Cli;
using Accel.Cli.Configuration;
using Accel.Compute.Auto;
using Accel.Device;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>The managed build keeps the contract.</summary>
public sealed class ManagedOperatorCommandTests() : OperatorCommandTests(() => AccelProgram.Managed);

/// <summary>The native build keeps the same contract.</summary>
[Trait("speed", "slow")]
public sealed class NativeOperatorCommandTests() : OperatorCommandTests(() => AccelProgram.Native);

/// <summary>What an operator asks of a card, a machine and a configuration, of every build.</summary>
public abstract class OperatorCommandTests(Func<AccelProgram> build)
{
    private const string NotBuilt = "the simulated card is not built: run `make sim`";

    // Asked for inside a test, so that an absent build skips it.
    private AccelProgram Accel => build();

    [Fact]
    public async Task Registers_of_a_card_are_shown_decoded()
    {
        Assert.SkipUnless(SimTransport.IsBuilt(), NotBuilt);
        JsonElement dump = Parse(await Accel.RunAsync(0, "regs", "--device", "sim", "--json"));
        Assert.Equal((2, "0x4c434341", "1.1"), (dump.GetProperty("schemaVersion").GetInt32(), dump.GetProperty("id").GetString(), dump.GetProperty("version").GetString()));
        JsonElement[] registers = [.. dump.GetProperty("registers").EnumerateArray()];
        Assert.Equal(RegisterMap.Registers.Select(register => register.Name), registers.Select(register => register.GetProperty("name").GetString()));
        Assert.All(registers, register => Assert.Equal(JsonValueKind.Null, register.GetProperty("failure").ValueKind));
        JsonElement limits = registers.Single(register => register.GetProperty("name").GetString() == "NTT_LIMITS");
        Assert.Equal(["7:0", "15:8", "23:16"], limits.GetProperty("fields").EnumerateArray().Select(field => field.GetProperty("bits").GetString()));
        AccelOutput table = await Accel.RunAsync(0, "regs", "--device", "sim");
        Assert.Contains("TILE_LOG2_MAX", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counters_are_a_line_of_JSON_or_of_text_a_reading()
    {
        Assert.SkipUnless(SimTransport.IsBuilt(), NotBuilt);
        AccelOutput json = await Accel.RunAsync(0, "monitor", "--device", "sim", "--interval", "0.02", "--count", "3", "--json");
        JsonElement[] readings = [.. Lines(json).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(3, readings.Length);
        JsonElement last = readings[2].GetProperty("counters").GetProperty("CYCLES");
        Assert.True(last.GetProperty("growth").GetInt64() > 0 && last.GetProperty("perSecond").GetDouble() > 0);
        Assert.Equal(JsonValueKind.Null, readings[0].GetProperty("counters").GetProperty("CYCLES").GetProperty("growth").ValueKind);
        Assert.Equal(JsonValueKind.Null, readings[2].GetProperty("celsius").ValueKind);
        AccelOutput text = await Accel.RunAsync(0, "monitor", "--device", "sim:temperature=61", "--interval", "0.02", "--count", "2");
        Assert.Equal(2, Lines(text).Length);
        Assert.Contains("CYCLES=", Lines(text)[1], StringComparison.Ordinal);
        Assert.Contains(" 61.0 °C ", Lines(text)[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_processor_passes_its_self_test()
    {
        JsonElement report = Parse(await Accel.RunAsync(0, "selftest", "--device", "cpu", "--log-size", "6", "--json"));
        Assert.True(report.GetProperty("passed").GetBoolean());
        Assert.All(report.GetProperty("steps").EnumerateArray(), step => Assert.Equal("passed", step.GetProperty("outcome").GetString()));
        AccelOutput text = await Accel.RunAsync(0, "selftest", "--device", "cpu", "--log-size", "4");
        Assert.StartsWith("PASS cpu: ", Lines(text)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_simulated_card_passes_its_self_test_and_one_whose_memory_fails_does_not()
    {
        Assert.SkipUnless(SimTransport.IsBuilt(), NotBuilt);
        AccelOutput good = await Accel.RunAsync(0, "selftest", "--device", "sim", "--log-size", "6");
        Assert.DoesNotContain("FAIL", good.Output, StringComparison.Ordinal);
        Assert.Contains("PASS memory: address lines", good.Output, StringComparison.Ordinal);
        JsonElement bad = Parse(await Accel.RunAsync(1, "selftest", "--device", "sim:errors=200000,seed=5", "--log-size", "6", "--json"));
        Assert.False(bad.GetProperty("passed").GetBoolean());
        Assert.Contains(bad.GetProperty("steps").EnumerateArray(), step => step.GetProperty("outcome").GetString() == "failed");
    }

    [Fact]
    public async Task Devices_show_their_measured_speed_and_their_quarantine_until_a_self_test_ends_it()
    {
        Assert.SkipUnless(SimTransport.IsBuilt(), NotBuilt);
        using TemporaryFolder folder = new();
        AccelProgram own = Accel.With("ACCEL_CALIBRATION", folder["calibration"]);
        QuarantineFolder quarantines = new(Path.Combine(folder["calibration"], "quarantine"));
        quarantines.Put(new Quarantine("sim", "it lied", DateTimeOffset.UnixEpoch, 1, DateTimeOffset.MaxValue));
        await own.RunAsync(0, "calibrate", "--device", "cpu", "--log-size", "8", "--runs", "1");
        JsonElement[] devices = [.. Parse(await own.RunAsync(0, "devices", "--json")).GetProperty("devices").EnumerateArray()];
        JsonElement cpu = devices.Single(device => device.GetProperty("name").GetString() == "cpu");
        Assert.All(cpu.GetProperty("measured").GetProperty("speeds").EnumerateArray(), speed => Assert.True(speed.GetProperty("perSecond").GetDouble() > 0));
        JsonElement card = devices.Single(device => device.GetProperty("name").GetString() == "sim");
        Assert.Equal(("quarantined", "since 1970-01-01 00:00:00Z: it lied"), (card.GetProperty("health").GetString(), card.GetProperty("reason").GetString()));
        Assert.Equal("1.1", card.GetProperty("registerVersion").GetString());
        Assert.EndsWith(".so", card.GetProperty("path").GetString(), StringComparison.Ordinal);
        await own.RunAsync(0, "selftest", "--device", "sim", "--log-size", "4");
        Assert.Null(quarantines.Find("sim"));
        await own.RunAsync(1, "selftest", "--device", "sim:errors=200000,seed=5", "--log-size", "4");
        Assert.Contains("self-test", quarantines.Find("sim:errors=200000,seed=5")?.Reason, StringComparison.Ordinal);
        Assert.Contains("ready", (await own.RunAsync(0, "devices")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_says_of_every_backend_what_it_needs()
    {
        JsonElement[] checks = [.. Parse(await Accel.RunAsync(0, "doctor", "--json")).GetProperty("checks").EnumerateArray()];
        Assert.Equal(["cpu", "sim", "pcie", "usb", "serial", "opencl", "ilgpu"], checks.Select(check => check.GetProperty("backend").GetString()).Distinct());
        Assert.All(checks, check => Assert.Contains(check.GetProperty("finding").GetString(), new[] { "ok", "missing", "no permission" }));
        AccelOutput table = await Accel.RunAsync(0, "doctor");
        string[] fixes = [.. checks.Select(check => check.GetProperty("fix").GetString()).OfType<string>()];
        Assert.All(fixes, fix => Assert.Contains(fix, table.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_answered_with_those_that_may_be()
    {
        AccelOutput output = await Accel.RunAsync(2, "regs", "--device", "cpu");
        Assert.Contains("there is no path to a card 'cpu'; there is: sim", output.Error, StringComparison.Ordinal);
        Assert.Contains("there is no device 'abacus'; there is: cpu, ", (await Accel.RunAsync(2, "selftest", "--device", "abacus")).Error, StringComparison.Ordinal);
        Assert.Contains("make sim", (await Accel.RunAsync(3, "monitor", "--device", "sim:library=none")).Error, StringComparison.Ordinal);
        Assert.Contains("--interval must be within", (await Accel.RunAsync(2, "monitor", "--device", "sim", "--interval", "0")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_beat_the_environment_and_that_beats_the_file()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["accel.toml"], "threads = 2\nbackend = 'cpu'\njson = true\n", TestContext.Current.CancellationToken);
        string[] bench = ["bench", "msm", "--log-size", "4", "--runs", "1", "--config", folder["accel.toml"]];
        Assert.Equal(2, Parse(await Accel.RunAsync(0, bench)).GetProperty("threads").GetInt32());
        AccelProgram three = Accel.With("ACCEL_THREADS", "3");
        Assert.Equal(3, Parse(await three.RunAsync(0, bench)).GetProperty("threads").GetInt32());
        Assert.Equal(4, Parse(await three.RunAsync(0, [.. bench, "--threads", "4"])).GetProperty("threads").GetInt32());
        Assert.Contains("threads", (await three.RunAsync(0, [.. bench, "--json", "false"])).Output, StringComparison.Ordinal);
        JsonElement shown = Parse(await three.RunAsync(0, "config", "show", "--config", folder["accel.toml"], "--json")).GetProperty("values");
        Assert.Equal((3, "ACCEL_THREADS"), (shown.GetProperty("threads").GetProperty("value").GetInt32(), shown.GetProperty("threads").GetProperty("origin").GetString()));
        Assert.Equal($"{folder["accel.toml"]}:2:1", shown.GetProperty("backend").GetProperty("origin").GetString());
        Assert.Contains("ACCEL_THREADS", (await three.RunAsync(0, "config", "show")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_configuration_stops_every_command_but_help_and_those_about_it()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["accel.toml"], "\nbackend = 'abacus'\nthread = 2\n", TestContext.Current.CancellationToken);
        AccelProgram configured = Accel.With("ACCEL_CONFIG", folder["accel.toml"]);
        string message = $"{folder["accel.toml"]}:3:1: there is no key 'thread'; did you mean 'threads'?";
        Assert.Contains(message, (await configured.RunAsync(2, "devices")).Error, StringComparison.Ordinal);
        Assert.Contains(message, (await configured.RunAsync(2, "config", "show")).Error, StringComparison.Ordinal);
        Assert.Contains(message, (await configured.RunAsync(2, "config", "check")).Error, StringComparison.Ordinal);
        await configured.RunAsync(0, "devices", "--help");
        await configured.RunAsync(0, "--version");
        JsonElement fault = Parse(await Accel.RunAsync(2, "config", "check", folder["accel.toml"], "--json")).GetProperty("faults").EnumerateArray().Single();
        Assert.Equal((3, 1, "thread"), (fault.GetProperty("line").GetInt32(), fault.GetProperty("column").GetInt32(), fault.GetProperty("key").GetString()));

        await File.WriteAllTextAsync(folder["accel.toml"], "\nbackend = 'abacus'\n", TestContext.Current.CancellationToken);
        AccelOutput backend = await configured.RunAsync(2, "bench", "msm", "--log-size", "4");
        Assert.Contains($"--backend: there is no backend 'abacus' (from {folder["accel.toml"]}:2:1); there is: cpu", backend.Error, StringComparison.Ordinal);
        Assert.Contains("keys set: 1; nothing is wrong", (await configured.RunAsync(0, "config", "check")).Output, StringComparison.Ordinal);
        Assert.Contains("there is no file 'gone.toml'", (await Accel.RunAsync(2, "devices", "--config", "gone.toml")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_is_a_JSON_Schema()
    {
        JsonElement schema = Parse(await Accel.RunAsync(0, "config", "schema"));
        Assert.StartsWith("https://json-schema.org/", schema.GetProperty("$schema").GetString(), StringComparison.Ordinal);
        Assert.Equal(4096, schema.GetProperty("properties").GetProperty("threads").GetProperty("maximum").GetInt32());
    }

    private static JsonElement Parse(AccelOutput output) => JsonDocument.Parse(output.Output).RootElement;

    private static string[] Lines(AccelOutput output) => output.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>What holds once, whatever the build.</summary>
public sealed class OperatorContractTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ctrl_C_ends_a_monitor_with_status_0()
    {
        Assert.SkipUnless(SimTransport.IsBuilt(), "the simulated card is not built: run `make sim`");

        // A background job of a shell without job control ignores SIGINT, and so would all that it starts.
        ProcessStartInfo start = new(
            "env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "accel.dll"), "monitor", "--device", "sim", "--interval", "0.05", "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("accel did not start");
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        await using CancellationTokenRegistration end = limit.Token.Register(process.Kill);
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(limit.Token));
        using (Process interrupt = Process.Start("kill", ["-INT", $"{process.Id}"]))
        {
            await interrupt.WaitForExitAsync(limit.Token);
        }

        string rest = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        string error = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0 && error.Length == 0, $"status {process.ExitCode}: {error}");
        Assert.All(rest.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonDocument.Parse(line).Dispose());
    }

    [Fact]
    public void Every_key_of_the_configuration_is_documented_with_its_variable()
    {
        string page = File.ReadAllText(Path.Combine(OutsideData.RepositoryRoot, "host/docs/operating.md"));
        Assert.All(ConfigurationKeys.All, key => Assert.Contains($"| `{key.Name}` | `{key.Variable}` |", page, StringComparison.Ordinal));
        Assert.Equal(ConfigurationKeys.All.Count, page.Split("| `ACCEL_").Length - 1);
    }

    [Fact]
    public void The_documented_configuration_is_right()
    {
        string page = File.ReadAllText(Path.Combine(OutsideData.RepositoryRoot, "host/docs/operating.md"));
        int start = page.IndexOf("```toml", StringComparison.Ordinal) + "```toml".Length;
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["accel.toml"], page[start..page.IndexOf("```", start, StringComparison.Ordinal)]);
        ConfigurationFile file = ConfigurationFile.Read(folder["accel.toml"]);
        Assert.Empty(file.Faults);
        Assert.Equal(ConfigurationKeys.All.Count, file.Values.Count);
    }

    [Fact]
    public void Every_exit_status_is_documented_and_no_other()
    {
        string[] rows = [.. File.ReadLines(Path.Combine(OutsideData.RepositoryRoot, "host/docs/exit-codes.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];
        Assert.Equal(ExitStatus.All.Select(status => $"| {status.Status} | {status.Name} | {status.Meaning} |"), rows);
        Assert.Equal([ExitStatus.Done, ExitStatus.Refused, ExitStatus.BadInput, ExitStatus.Failed, ExitStatus.Cancelled], ExitStatus.All.Select(status => status.Status));
    }
}
