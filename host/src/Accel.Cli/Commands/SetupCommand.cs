using System.CommandLine;
using System.Text.Json.Nodes;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;

namespace Accel.Cli.Commands;

/// <summary><c>accel setup</c>: a proving key from a circuit's constraints.</summary>
internal static class SetupCommand
{
    public static Command Create()
    {
        Argument<string> r1cs = CommonOptions.Existing("circuit.r1cs", "Constraints, as circom writes them.");
        Argument<string> zkey = new("circuit.zkey") { Description = "Receives the proving key." };
        Option<string?> ptau = new("--ptau") { Description = "Powers of tau prepared for phase 2: makes the initial key of a ceremony, without the checks of `accel ceremony new`. Without it one party (this process) makes the key alone, for development only." };
        Option<string?> vkey = new("--vkey") { Description = "Also writes verification_key.json here." };
        Option<int?> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Command command = new("setup", "Make a Groth16 proving key for a circuit.") { r1cs, zkey, ptau, vkey, threads, json };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(r1cs), parsed.GetRequiredValue(zkey), parsed.GetValue(ptau), parsed.GetValue(vkey), CommonOptions.ThreadCount(parsed, threads),
            new Reporter(parsed.GetValue(json)), cancel));
        return command;
    }

    /// <summary>Says what a set-up is doing, for <see cref="Reporter.StepAsync"/>.</summary>
    public static IProgress<SetupProgress> Describe(IProgress<string> progress) => new SetupRelay(progress);

    private static async Task<int> RunAsync(string r1csPath, string zkeyPath, string? ptauPath, string? vkeyPath, int threads, Reporter reporter, CancellationToken cancel)
    {
        R1csFile system = R1csFile.Read(r1csPath);
        using ProvingKey key = await reporter.StepAsync($"set-up of {Path.GetFileName(r1csPath)}", async progress =>
        {
            if (ptauPath is null)
            {
                return await Groth16Setup.CreateDevelopmentKeyAsync(system, threads, Describe(progress), cancel);
            }

            using PtauFile ptau = PtauFile.Open(ptauPath);
            return await Groth16Setup.CreateInitialKeyAsync(system, ptau, threads, Describe(progress), cancel);
        });
        OutputFile.Write(zkeyPath, stream => ZkeyFile.Write(stream, key));
        if (vkeyPath is not null)
        {
            OutputFile.Write(vkeyPath, stream => VerificationKeyJson.Write(stream, VerificationKey.FromProvingKey(key)));
        }

        reporter.Result(
            new JsonObject
            {
                ["key"] = zkeyPath,
                ["constraints"] = system.Header.ConstraintCount,
                ["wires"] = key.Header.WireCount,
                ["domain"] = key.Header.DomainSize,
                ["developmentKey"] = key.IsForDevelopment,
            },
            () => Console.WriteLine($"{zkeyPath}: {system.Header.ConstraintCount:N0} constraints, {key.Header.WireCount:N0} wires, domain {key.Header.DomainSize:N0}{(key.IsForDevelopment ? "; DEVELOPMENT KEY, made by one party" : string.Empty)}"));
        return ExitStatus.Done;
    }

    private sealed class SetupRelay(IProgress<string> progress) : IProgress<SetupProgress>
    {
        public void Report(SetupProgress value) => progress.Report(value.Total == 0 ? $"{value.Phase}" : $"{value.Phase} {value.Done:N0} of {value.Total:N0}");
    }
}
