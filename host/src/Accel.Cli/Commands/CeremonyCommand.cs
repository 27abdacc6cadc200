using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Accel.Network.Evm;
using Accel.Proving.Ceremony;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel ceremony</c>: the second phase of a Groth16 set-up, in files that snarkjs continues and verifies.</summary>
internal static class CeremonyCommand
{
    private const string KeyName = "key.zkey";

    public static Command Create() => new("ceremony", "Make a proving key that is safe if one contributor was honest.")
    {
        CreateNew(),
        CreateContribute(),
        CreateBeacon(),
        CreateVerify(),
        CreateExport(),
    };

    private static Command CreateNew()
    {
        Argument<string> r1cs = CommonOptions.Existing("circuit.r1cs", "Constraints, as circom writes them.");
        Argument<string> ptau = CommonOptions.Existing("powers.ptau", "Powers of tau prepared for phase 2.");
        Argument<string> zkey = new(KeyName) { Description = "Receives the initial key, to which somebody must contribute." };
        Option<string?> hash = new("--ptau-hash") { Description = "BLAKE2b-512 of powers.ptau in hex, as its publisher prints it (b2sum); another file is refused." };
        Option<int?> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Command command = new("new", "Make the initial key of a circuit from checked powers of tau.") { r1cs, ptau, zkey, hash, threads, json };
        command.SetAction((parsed, cancel) => NewAsync(
            parsed.GetRequiredValue(r1cs), parsed.GetRequiredValue(ptau), parsed.GetRequiredValue(zkey), parsed.GetValue(hash), CommonOptions.ThreadCount(parsed, threads),
            new Reporter(parsed.GetValue(json)), cancel));
        return command;
    }

    private static Command CreateContribute()
    {
        Argument<string> input = CommonOptions.Existing("in.zkey", "The key so far.");
        Argument<string> output = new("out.zkey") { Description = "Receives the key with the contribution." };
        Option<string> name = new("--name") { Description = "The contributor's name, at most 64 characters.", DefaultValueFactory = _ => string.Empty };
        Option<bool> entropy = new("--entropy") { Description = "Mix a line from standard input into the operating system's randomness; a terminal asks for it, unseen." };
        Option<int?> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Command command = new("contribute", "Multiply a secret into the key and forget it; prints the contribution's hash, for the contributor to publish.")
        {
            input, output, name, entropy, threads, json,
        };
        command.SetAction((parsed, cancel) => ContributeAsync(
            parsed.GetRequiredValue(input), parsed.GetRequiredValue(output), parsed.GetRequiredValue(name), parsed.GetValue(entropy), CommonOptions.ThreadCount(parsed, threads),
            new Reporter(parsed.GetValue(json)), cancel));
        return command;
    }

    private static Command CreateBeacon()
    {
        Argument<string> input = CommonOptions.Existing("in.zkey", "The key after the last contribution.");
        Argument<string> output = new("out.zkey") { Description = "Receives the final key." };
        Argument<string> value = new("beacon") { Description = "1 to 255 bytes in hex that nobody could know before the last contribution." };
        Argument<int> log2 = new("iterations-log2") { Description = "The value is hashed 2 to this power times, 10 to 63." };
        Option<string> name = new("--name") { Description = "The beacon's name, at most 64 characters.", DefaultValueFactory = _ => string.Empty };
        Option<int?> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Command command = new("beacon", "Close a ceremony with a public random value, so that the last contributor could not choose the key.")
        {
            input, output, value, log2, name, threads, json,
        };
        command.SetAction((parsed, cancel) => BeaconAsync(
            parsed.GetRequiredValue(input), parsed.GetRequiredValue(output), ReadHex(parsed.GetRequiredValue(value), "the beacon"), parsed.GetRequiredValue(log2),
            parsed.GetRequiredValue(name), CommonOptions.ThreadCount(parsed, threads), new Reporter(parsed.GetValue(json)), cancel));
        return command;
    }

    private static Command CreateVerify()
    {
        Argument<string> r1cs = CommonOptions.Existing("circuit.r1cs", "Constraints, as circom writes them.");
        Argument<string> ptau = CommonOptions.Existing("powers.ptau", "The powers of tau that the key was made from.");
        Argument<string> zkey = CommonOptions.Existing(KeyName, "The key.");
        Option<string?> hash = new("--ptau-hash") { Description = "BLAKE2b-512 of powers.ptau in hex; another file is refused." };
        Option<int?> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Command command = new("verify", "Check that a key is the circuit's and say who contributed. Exit status 0: it is; 1: it is not; 2: a file is malformed.")
        {
            r1cs, ptau, zkey, hash, threads, json,
        };
        command.SetAction((parsed, cancel) => VerifyAsync(
            parsed.GetRequiredValue(r1cs), parsed.GetRequiredValue(ptau), parsed.GetRequiredValue(zkey), parsed.GetValue(hash), CommonOptions.ThreadCount(parsed, threads),
            new Reporter(parsed.GetValue(json)), cancel));
        return command;
    }

    private static Command CreateExport()
    {
        Argument<string> zkey = CommonOptions.Existing(KeyName, "The final key.");
        Argument<string> vkey = new("verification_key.json") { Description = "Receives what verifiers need." };
        Option<string?> solidity = new("--solidity") { Description = "Also writes a verifier contract here." };
        Option<string> name = new("--name") { Description = "The contract's name.", DefaultValueFactory = _ => "Groth16Verifier" };
        Option<bool> json = CommonOptions.Json();
        Command command = new("export", "Write the verification key of a proving key, and a contract that verifies by it.") { zkey, vkey, solidity, name, json };
        command.SetAction(parsed => Export(
            parsed.GetRequiredValue(zkey), parsed.GetRequiredValue(vkey), parsed.GetValue(solidity), parsed.GetRequiredValue(name), new Reporter(parsed.GetValue(json))));
        return command;
    }

    private static async Task<int> NewAsync(
        string r1csPath, string ptauPath, string zkeyPath, string? ptauHash, int threads, Reporter reporter, CancellationToken cancel)
    {
        R1csFile system = R1csFile.Read(r1csPath);
        await RequireHashAsync(ptauPath, ptauHash, reporter, cancel);
        using PtauFile ptau = PtauFile.Open(ptauPath);
        using ProvingKey key = await reporter.StepAsync(
            $"initial key of {Path.GetFileName(r1csPath)}", progress => Groth16Setup.CreateInitialKeyAsync(system, ptau, threads, SetupCommand.Describe(progress), cancel));
        string? problem = await reporter.StepAsync(
            $"checks of {Path.GetFileName(ptauPath)}",
            progress => PowersOfTau.FindProblemAsync(ptau, key.Header.DomainLog2, threads, new ProgressRelay(progress), cancel));
        if (problem is not null)
        {
            throw new InvalidFileException(ptau.Name, problem);
        }

        OutputFile.Write(zkeyPath, stream => ZkeyFile.Write(stream, key));
        reporter.Result(
            new JsonObject
            {
                ["key"] = zkeyPath,
                ["circuitHash"] = Hex(key.History.CircuitHash),
                ["constraints"] = system.Header.ConstraintCount,
                ["domain"] = key.Header.DomainSize,
            },
            () => Console.WriteLine(FormatHash("Circuit Hash: ", key.History.CircuitHash)));
        return ExitStatus.Done;
    }

    private static async Task<int> ContributeAsync(string input, string output, string name, bool asksEntropy, int threads, Reporter reporter, CancellationToken cancel)
    {
        RequireOther(input, output);
        byte[] entropy = asksEntropy ? ReadEntropy() : [];
        try
        {
            ContributionReceipt receipt = await reporter.StepAsync(
                $"contribution to {Path.GetFileName(input)}",
                progress => OutputFile.WriteAsync(
                    output, stream => KeyCeremony.ContributeAsync(input, stream, name, entropy, threads, new ProgressRelay(progress), cancel)));
            Print(receipt, output, reporter);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(entropy);
        }

        return ExitStatus.Done;
    }

    private static async Task<int> BeaconAsync(
        string input, string output, byte[] value, int iterationsLog2, string name, int threads, Reporter reporter, CancellationToken cancel)
    {
        RequireOther(input, output);
        ContributionReceipt receipt = await reporter.StepAsync(
            $"beacon for {Path.GetFileName(input)}",
            progress => OutputFile.WriteAsync(
                output, stream => KeyCeremony.BeaconAsync(input, stream, name, value, iterationsLog2, threads, new ProgressRelay(progress), cancel)));
        Print(receipt, output, reporter);
        return ExitStatus.Done;
    }

    private static async Task<int> VerifyAsync(
        string r1csPath, string ptauPath, string zkeyPath, string? ptauHash, int threads, Reporter reporter, CancellationToken cancel)
    {
        R1csFile system = R1csFile.Read(r1csPath);
        await RequireHashAsync(ptauPath, ptauHash, reporter, cancel);
        using PtauFile ptau = PtauFile.Open(ptauPath);
        using ProvingKey key = ZkeyFile.Read(zkeyPath);
        CeremonyVerdict verdict = await reporter.StepAsync(
            $"ceremony of {Path.GetFileName(zkeyPath)}", progress => KeyCeremony.VerifyAsync(system, ptau, key, threads, new ProgressRelay(progress), cancel));
        reporter.Result(Describe(verdict), () => Print(verdict, zkeyPath));
        if (verdict.IsValid && !verdict.EndsWithBeacon)
        {
            Reporter.Warn("no beacon closes the ceremony: its last contributor could choose among keys");
        }

        return verdict.IsValid ? ExitStatus.Done : ExitStatus.Refused;
    }

    private static int Export(string zkeyPath, string vkeyPath, string? solidityPath, string name, Reporter reporter)
    {
        using ProvingKey key = ZkeyFile.Read(zkeyPath);
        VerificationKey verification = VerificationKey.FromProvingKey(key);
        OutputFile.Write(vkeyPath, stream => VerificationKeyJson.Write(stream, verification));
        if (solidityPath is not null)
        {
            OutputFile.WriteText(solidityPath, SolidityVerifier.Generate(verification, name));
        }

        if (key.IsForDevelopment || key.History.Contributions.Count == 0)
        {
            Reporter.Warn(key.IsForDevelopment
                ? "one party made this key alone; it must guard nothing of value"
                : "nobody has contributed to this key: anybody can forge its proofs");
        }

        reporter.Result(
            new JsonObject
            {
                ["verificationKey"] = vkeyPath,
                ["contract"] = solidityPath,
                ["publicInputs"] = verification.PublicCount,
                ["contributions"] = key.History.Contributions.Count,
            },
            () => Console.WriteLine(
                $"{string.Join(", ", new[] { vkeyPath, solidityPath }.OfType<string>())}: {verification.PublicCount} public inputs, {key.History.Contributions.Count} contributions"));
        return ExitStatus.Done;
    }

    private static async Task RequireHashAsync(string path, string? expected, Reporter reporter, CancellationToken cancel)
    {
        if (expected is null)
        {
            return;
        }

        byte[] wanted = ReadHex(expected, "--ptau-hash");
        byte[] actual = await reporter.StepAsync($"hash of {Path.GetFileName(path)}", _ => PowersOfTau.HashAsync(path, cancel));
        if (!actual.AsSpan().SequenceEqual(wanted))
        {
            throw new InvalidFileException(Path.GetFileName(path), $"its BLAKE2b-512 is {Hex(actual)}, not {Hex(wanted)}");
        }
    }

    private static void RequireOther(string input, string output)
    {
        if (Path.GetFullPath(input) == Path.GetFullPath(output))
        {
            throw new ArgumentException($"{output} is the key that the contribution starts from; name another file, so that both remain to be compared");
        }
    }

    private static byte[] ReadEntropy()
    {
        if (Console.IsInputRedirected)
        {
            return Encoding.UTF8.GetBytes(Console.In.ReadLine() ?? throw new ArgumentException("--entropy: standard input ended before a line came"));
        }

        Console.Error.Write("Type anything, then Enter: ");
        List<char> typed = [];
        for (ConsoleKeyInfo key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            typed.Add(key.KeyChar);
        }

        Console.Error.WriteLine();
        return Encoding.UTF8.GetBytes([.. typed]);
    }

    private static byte[] ReadHex(string text, string what)
    {
        try
        {
            return Convert.FromHexString(text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text);
        }
        catch (FormatException)
        {
            throw new FormatException($"{what} is not an even number of hexadecimal digits");
        }
    }

    private static void Print(ContributionReceipt receipt, string output, Reporter reporter) => reporter.Result(
        new JsonObject { ["key"] = output, ["contribution"] = Describe(receipt) },
        () => Console.WriteLine(FormatHash("Contribution Hash: ", receipt.Hash)));

    private static void Print(CeremonyVerdict verdict, string path)
    {
        if (!verdict.IsValid)
        {
            Console.WriteLine($"{path} is NOT the circuit's key: {verdict.Problem}");
            return;
        }

        Table table = new Table().AddColumns("#", "kind", "name", "contribution hash");
        foreach (ContributionReceipt receipt in verdict.Contributions)
        {
            string hash = FormatHash(string.Empty, receipt.Hash).Trim().Replace("\t", string.Empty, StringComparison.Ordinal);
            table.AddRow($"{receipt.Number}", receipt.IsBeacon ? "beacon" : "contribution", Markup.Escape(receipt.Name), hash);
        }

        Reporter.Console.Write(table);
        Console.WriteLine(FormatHash("Circuit Hash: ", verdict.CircuitHash));
        Console.WriteLine($"{path} is the circuit's key. Each contributor should find the own hash above; names are not bound to it.");
    }

    private static JsonObject Describe(CeremonyVerdict verdict) => new()
    {
        ["valid"] = verdict.IsValid,
        ["problem"] = verdict.Problem,
        ["circuitHash"] = Hex(verdict.CircuitHash),
        ["endsWithBeacon"] = verdict.EndsWithBeacon,
        ["contributions"] = new JsonArray([.. verdict.Contributions.Select(Describe)]),
    };

    private static JsonObject Describe(ContributionReceipt receipt) => new()
    {
        ["number"] = receipt.Number,
        ["name"] = receipt.Name,
        ["beacon"] = receipt.IsBeacon,
        ["hash"] = Hex(receipt.Hash),
    };

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);

    /// <summary>A 64-byte hash as snarkjs prints it: four lines of four words, which people read to each other.</summary>
    private static string FormatHash(string title, ReadOnlyMemory<byte> hash) => title + "\n" + string.Join('\n', Hex(hash).Chunk(32).Select(
        line => "\t\t" + string.Join(' ', line.Chunk(8).Select(word => new string(word)))));

    private sealed class ProgressRelay(IProgress<string> progress) : IProgress<CeremonyProgress>
    {
        public void Report(CeremonyProgress value) =>
            progress.Report(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value.Step}, {value.Done:N0} of {value.Total:N0}"));
    }
}
