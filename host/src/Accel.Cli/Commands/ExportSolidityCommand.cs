using System.CommandLine;
using System.Text.Json.Nodes;
using Accel.Network.Evm;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;

namespace Accel.Cli.Commands;

/// <summary><c>accel export solidity</c>: a verifier contract for one verification key.</summary>
internal static class ExportSolidityCommand
{
    public static Command Create()
    {
        Argument<string> key = CommonOptions.Existing("verification_key.json", "Verification key, as snarkjs writes it.");
        Argument<string> output = new("Verifier.sol") { Description = "Receives the contract." };
        Option<string> name = new("--name") { Description = "The contract's name.", DefaultValueFactory = _ => "Groth16Verifier" };
        Option<bool> json = CommonOptions.Json();
        Command command = new("solidity", "Write a Solidity contract that verifies proofs of one key.") { key, output, name, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(key), parsed.GetRequiredValue(output), parsed.GetRequiredValue(name), new Reporter(parsed.GetValue(json))));
        return command;
    }

    private static int Run(string keyPath, string output, string name, Reporter reporter)
    {
        VerificationKey key = VerificationKeyJson.Read(keyPath);
        OutputFile.WriteText(output, SolidityVerifier.Generate(key, name));
        string function = SolidityVerifier.FunctionSignature(key.PublicCount, SolidityProof.WordCount(key.Commitments?.Items.Count ?? 0));
        reporter.Result(
            new JsonObject { ["contract"] = name, ["file"] = output, ["function"] = function, ["publicInputs"] = key.PublicCount },
            () => Console.WriteLine($"{output}: contract {name}, {function}"));
        return ExitStatus.Done;
    }
}
