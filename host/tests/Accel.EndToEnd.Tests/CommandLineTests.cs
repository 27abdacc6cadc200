using System.Globalization;
using System.Text.Json;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>The managed build keeps the contract.</summary>
public sealed class ManagedCommandLineTests() : CommandLineTests(() => AccelProgram.Managed);

/// <summary>The native build keeps the same contract.</summary>
[Trait("speed", "slow")]
public sealed class NativeCommandLineTests() : CommandLineTests(() => AccelProgram.Native);

/// <summary>What scripts rely on, of every build: exit statuses, JSON, messages that say where and what.</summary>
public abstract class CommandLineTests(Func<AccelProgram> build)
{
    // Asked for inside a test, so that an absent build skips it.
    private AccelProgram Accel => build();

    [Fact]
    public async Task Help_lists_the_commands()
    {
        AccelOutput help = await Accel.RunAsync(0, "--help");
        Assert.All(["prove", "verify", "setup", "settle", "margin", "submit", "export", "inspect", "devices"], command => Assert.Contains(command, help.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Devices_prints_one_JSON_object_with_its_schemas_version()
    {
        AccelOutput devices = await Accel.RunAsync(0, "devices", "--json");
        using JsonDocument json = JsonDocument.Parse(devices.Output);
        Assert.Equal(2, json.RootElement.GetProperty("schemaVersion").GetInt32());
        JsonElement cpu = json.RootElement.GetProperty("devices").EnumerateArray().Single(device => device.GetProperty("name").GetString() == "cpu");
        Assert.Equal(("cpu", "ready"), (cpu.GetProperty("kind").GetString(), cpu.GetProperty("health").GetString()));
        Assert.True(cpu.GetProperty("capability").GetProperty("multipliesG2").GetBoolean());
    }

    [Fact]
    public async Task Circuit_info_prints_one_JSON_object_a_line()
    {
        AccelOutput info = await Accel.RunAsync(0, "circuit", "info", "expiry", "--shape", "2x1x3x3", "--face", "hash", "--json");
        using JsonDocument json = JsonDocument.Parse(Assert.Single(info.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        JsonElement facts = json.RootElement;
        Assert.Equal(("Expiry", "account", 1), (facts.GetProperty("name").GetString(), facts.GetProperty("unit").GetString(), facts.GetProperty("public_inputs").GetInt32()));
        Assert.Equal(facts.GetProperty("constraints").GetDouble(), facts.GetProperty("per_unit").GetDouble());
        Assert.InRange(facts.GetProperty("parts").EnumerateArray().Sum(part => part.GetProperty("constraints").GetInt32()), 1, facts.GetProperty("constraints").GetInt32());
        Assert.InRange(facts.GetProperty("constraints_with_lookups").GetInt32(), 1, facts.GetProperty("constraints").GetInt32());
    }

    [Fact]
    public async Task Circuit_fuzz_reports_what_it_searched_and_repeats_it_by_seed()
    {
        string[] command = ["circuit", "fuzz", "Expiry", "--cases", "2", "--mutations", "5", "--seed", "7", "--json"];
        AccelOutput[] runs = [await Accel.RunAsync(0, command), await Accel.RunAsync(0, command)];
        JsonElement[] reports = [.. runs.Select(run => JsonDocument.Parse(run.Output).RootElement)];
        Assert.Equal(0, reports[0].GetProperty("defects").GetArrayLength());
        Assert.Equal((2, 5), (reports[0].GetProperty("cases").GetInt32(), reports[0].GetProperty("deletions").GetInt32()));
        Assert.Equal(reports[0].GetProperty("lies").GetInt32(), reports[1].GetProperty("lies").GetInt32());
        Assert.True(reports[0].GetProperty("wires").GetInt32() > 10_000);
    }

    [Fact]
    public async Task An_unknown_circuit_face_or_size_is_refused_with_those_there_are()
    {
        Assert.Contains("SettlementBatch", (await Accel.RunAsync(2, "circuit", "info", "nothing")).Error, StringComparison.Ordinal);
        Assert.Contains("raw, hash", (await Accel.RunAsync(2, "circuit", "info", "Expiry", "--face", "both")).Error, StringComparison.Ordinal);
        Assert.Contains("8x16x8x16", (await Accel.RunAsync(2, "circuit", "info", "Expiry", "--shape", "big")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_named_with_status_2()
    {
        AccelOutput missing = await Accel.RunAsync(2, "inspect", "no-such.zkey");
        Assert.Contains("no-such.zkey", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_backend_is_refused_and_the_known_ones_are_listed()
    {
        string key = OutsideData.Path("zkeys/arianee-ownershipVerifier/circuit.zkey");
        AccelOutput unknown = await Accel.RunAsync(2, "prove", "groth16", key, key, "p", "q", "--backend", "abacus");
        Assert.Contains("cpu", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proves_in_place_of_rapidsnark_and_refuses_the_proof_for_other_inputs()
    {
        using TemporaryFolder folder = new();
        string circuit = OutsideData.Path("zkeys/arianee-ownershipVerifier");
        Unzip(Path.Combine(circuit, "witness.wtns.gz"), folder["witness.wtns"]);
        AccelOutput proved = await Accel.RunAsync(
            0, "prove", "groth16", Path.Combine(circuit, "circuit.zkey"), folder["witness.wtns"], folder["proof.json"], folder["public.json"], "--json");
        using JsonDocument json = JsonDocument.Parse(proved.Output);
        Assert.True(json.RootElement.GetProperty("phasesMs").GetProperty("Total").GetDouble() > 0);

        string key = Path.Combine(circuit, "verification_key.json");
        await Accel.RunAsync(0, "verify", "groth16", key, folder["public.json"], folder["proof.json"]);
        string[] inputs = JsonSerializer.Deserialize<string[]>(await File.ReadAllTextAsync(folder["public.json"]))!;
        inputs[0] = (Fr.Parse(inputs[0]) + 1).ToString();
        await File.WriteAllTextAsync(folder["public.json"], JsonSerializer.Serialize(inputs));
        await Accel.RunAsync(1, "verify", "groth16", key, folder["public.json"], folder["proof.json"]);
    }

    [Fact]
    public async Task A_truncated_key_is_refused_with_its_section_and_byte()
    {
        using TemporaryFolder folder = new();
        byte[] whole = await File.ReadAllBytesAsync(OutsideData.Path("zkeys/arianee-ownershipVerifier/circuit.zkey"));
        await File.WriteAllBytesAsync(folder["cut.zkey"], whole[..1000]);
        AccelOutput cut = await Accel.RunAsync(2, "inspect", folder["cut.zkey"]);
        Assert.Contains("cut.zkey: section", cut.Error, StringComparison.Ordinal);
        Assert.Contains(1000.ToString("N0", CultureInfo.InvariantCulture), cut.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circom_circuit_is_set_up_for_development_and_says_so()
    {
        using TemporaryFolder folder = new();
        string circuit = OutsideData.Path("zkeys/arianee-ownershipVerifier");
        await Accel.RunAsync(0, "setup", Path.Combine(circuit, "ownershipVerifier.r1cs"), folder["own.zkey"], "--vkey", folder["vkey.json"]);
        AccelOutput inspected = await Accel.RunAsync(0, "inspect", folder["own.zkey"], "--json");
        using JsonDocument json = JsonDocument.Parse(inspected.Output);
        Assert.True(json.RootElement.GetProperty("developmentKey").GetBoolean());
        Unzip(Path.Combine(circuit, "witness.wtns.gz"), folder["witness.wtns"]);
        AccelOutput proved = await Accel.RunAsync(0, "prove", "groth16", folder["own.zkey"], folder["witness.wtns"], folder["proof.json"], folder["public.json"]);
        Assert.Contains("not safe for value", proved.Error, StringComparison.Ordinal);
        Snarkjs.Run("groth16", "verify", folder["vkey.json"], folder["public.json"], folder["proof.json"]);
        await Accel.RunAsync(0, "export", "solidity", folder["vkey.json"], folder["Verifier.sol"]);
        Assert.Contains("contract Groth16Verifier", await File.ReadAllTextAsync(folder["Verifier.sol"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("circuit.zkey", "Groth16 proving key")]
    [InlineData("ownershipVerifier.r1cs", "rank-1 constraint system")]
    public async Task Inspect_says_what_a_file_is(string file, string kind)
    {
        AccelOutput inspected = await Accel.RunAsync(0, "inspect", OutsideData.Path($"zkeys/arianee-ownershipVerifier/{file}"));
        Assert.Contains(kind, inspected.Output, StringComparison.Ordinal);
    }

    private static void Unzip(string source, string destination)
    {
        using FileStream input = File.OpenRead(source);
        using System.IO.Compression.GZipStream gzip = new(input, System.IO.Compression.CompressionMode.Decompress);
        using FileStream output = File.Create(destination);
        gzip.CopyTo(output);
    }
}
