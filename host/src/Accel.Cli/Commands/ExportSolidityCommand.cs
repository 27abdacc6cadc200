using System.CommandLine;
using Accel.Network.Evm;
using Accel.Proving.Formats;

namespace Accel.Cli.Commands;

/// <summary><c>accel export solidity</c>: a verifier contract for one verification key.</summary>
internal static class ExportSolidityCommand
{
    public static Command Create()
    {
        Argument<string> key = CommonOptions.Existing("verification_key.json", "Verification key, as snarkjs writes it.");
        Argument<string> output = new("Verifier.sol") { Description = "Receives the contract." };
        Option<string> name = new("--name") { Description = "The contract's name.", DefaultValueFactory = _ => "Groth16Verifier" };
        Command command = new("solidity", "Write a Solidity contract that verifies proofs of one key.") { key, output, name };
        command.SetAction(parsed =>
        {
            string source = SolidityVerifier.Generate(VerificationKeyJson.Read(parsed.GetRequiredValue(key)), parsed.GetRequiredValue(name));
            OutputFile.WriteText(parsed.GetRequiredValue(output), source);
            return ExitStatus.Done;
        });
        return command;
    }
}
