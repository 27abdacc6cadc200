using System.CommandLine;
using System.Text.Json.Nodes;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;

namespace Accel.Cli.Commands;

/// <summary><c>accel verify groth16</c>: exit status 0 when the proof holds, 1 when it does not, 2 when a file is malformed.</summary>
internal static class VerifyGroth16Command
{
    public static Command Create()
    {
        Argument<string> key = CommonOptions.Existing("verification_key.json", "Verification key, as snarkjs writes it.");
        Argument<string> publicInputs = CommonOptions.Existing("public.json", "Public inputs.");
        Argument<string> proof = CommonOptions.Existing("proof.json", "Proof.");
        Option<bool> json = CommonOptions.Json();
        Command command = new("groth16", "Check a Groth16 proof over BN254. Exit status 0: it holds; 1: it does not; 2: a file is malformed.") { key, publicInputs, proof, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(key), parsed.GetRequiredValue(publicInputs), parsed.GetRequiredValue(proof), new Reporter(parsed.GetValue(json))));
        return command;
    }

    private static int Run(string keyPath, string publicPath, string proofPath, Reporter reporter)
    {
        VerificationKey key = VerificationKeyJson.Read(keyPath);
        Fr[] publicInputs = PublicJson.Read(publicPath);
        if (publicInputs.Length != key.PublicCount)
        {
            throw new InvalidFileException(Path.GetFileName(publicPath), $"it has {publicInputs.Length} public inputs, but the key takes {key.PublicCount}");
        }

        bool valid = Groth16Verifier.Verify(key, publicInputs, ProofJson.Read(proofPath));
        reporter.Result(new JsonObject { ["valid"] = valid }, () => Console.WriteLine(valid ? "the proof holds" : "the proof does NOT hold"));
        return valid ? ExitStatus.Done : ExitStatus.Refused;
    }
}
