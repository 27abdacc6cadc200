using System.CommandLine;
using System.Text.Json.Nodes;
using Accel.Network.Evm;
using Accel.Network.Settlement;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;

namespace Accel.Cli.Commands;

/// <summary><c>accel submit</c>: gives a settled batch to the settlement contract of a development chain.</summary>
internal static class SubmitCommand
{
    private static readonly TimeSpan RequestDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MiningDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CompilerDeadline = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        Argument<string> folder = new("batch") { Description = "Folder that `accel settle` wrote." };
        Option<string?> rpc = new("--rpc") { Description = "JSON-RPC address of a chain whose node has an unlocked account. Without it a local chain is started for this command, its clock at the snapshot's time." };
        Option<bool> json = CommonOptions.Json();
        Command command = new("submit", "Deploy verifier and settlement contract, and submit a settled batch: the new root stands when the EVM accepts the proof.") { folder, rpc, json };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(folder), parsed.GetValue(rpc), new Reporter(parsed.GetValue(json)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string path, string? rpc, Reporter reporter, CancellationToken cancel)
    {
        BatchFolder folder = new(path);
        BatchRecord record = folder.ReadRecord();
        Fr[] inputs = PublicJson.Read(folder.PublicInputs);
        Proof proof = ProofJson.Read(folder.Proof);
        VerificationKey key = VerificationKeyJson.Read(folder.VerificationKey);
        if (inputs.Length != SettlementInputs.Count || !Groth16Verifier.Verify(key, inputs, proof))
        {
            throw new InvalidDataException($"{path}: the proof does not hold for its public inputs; it was not submitted");
        }

        if (key.Commitments is not null)
        {
            throw new InvalidDataException($"{path}: the proof has commitments, but the settlement contract takes proofs without; it was not submitted");
        }

        NpmTools tools = new(FindScripts());
        SettlementInputs publicInputs = new(inputs);
        if (rpc is not null)
        {
            return await SubmitAsync(new Uri(rpc), tools, folder, record, publicInputs, proof, key, reporter, cancel);
        }

        AnvilOptions options = new() { ChainId = record.ChainId, GenesisTime = (long)record.OracleTime };
        await using AnvilProcess anvil = await reporter.StepAsync("local chain", _ => AnvilProcess.StartAsync(tools, options, cancel));
        return await SubmitAsync(anvil.Endpoint, tools, folder, record, publicInputs, proof, key, reporter, cancel);
    }

    private static async Task<int> SubmitAsync(
        Uri endpoint, NpmTools tools, BatchFolder folder, BatchRecord record, SettlementInputs inputs, Proof proof, VerificationKey key, Reporter reporter, CancellationToken cancel)
    {
        using JsonRpcClient client = new(endpoint, RequestDeadline);
        EvmClient evm = await EvmClient.ConnectAsync(client, MiningDeadline, cancel);
        (ContractArtifact settlement, ContractArtifact verifier) = await reporter.StepAsync("contracts", _ => CompileAsync(tools, key, cancel));
        SettlementTerms terms = new()
        {
            GenesisRoot = inputs.OldRoot,
            OracleKeyHash = inputs.OracleKeyHash,
            ParameterHash = inputs.ParameterHash,
            AccountCount = record.AccountCount,
            LeavesPerBatch = record.LeavesPerBatch,
        };
        SettlementClient contract = await reporter.StepAsync("deployment", _ => SettlementClient.DeployAsync(evm, settlement, verifier, terms, cancel));
        if (contract.Address != folder.ContractOf(record) || evm.ChainId != record.ChainId)
        {
            throw new InvalidDataException(
                $"the proof is bound to contract {record.Contract} on chain {record.ChainId}, but the deployment is {contract.Address} on chain {evm.ChainId}: settle with --contract and --chain-id of the deployment");
        }

        SettlementBatch batch = new(inputs.NewRoot, record.OracleTime, inputs.DiffHash, await File.ReadAllBytesAsync(folder.Diff, cancel));
        SettlementReceipt receipt = await reporter.StepAsync("settlement transaction", _ => contract.SettleAsync(proof, batch, cancel));
        SettlementState state = await contract.ReadStateAsync(cancel);
        reporter.Result(
            new JsonObject
            {
                ["contract"] = contract.Address.ToString(),
                ["transaction"] = receipt.TransactionHash,
                ["gas"] = receipt.GasUsed,
                ["root"] = state.StateRoot.ToString(),
                ["nextBatch"] = state.NextBatchNumber,
                ["developmentKey"] = record.DevelopmentKey,
            },
            () =>
            {
                Console.WriteLine($"the EVM accepted batch {receipt.Settled.BatchNumber}: {receipt.GasUsed:N0} gas, transaction {receipt.TransactionHash}");
                Console.WriteLine($"contract {contract.Address} now holds root {state.StateRoot}");
            });
        return ExitStatus.Done;
    }

    private static async Task<(ContractArtifact Settlement, ContractArtifact Verifier)> CompileAsync(NpmTools tools, VerificationKey key, CancellationToken cancel)
    {
        DirectoryInfo work = Directory.CreateTempSubdirectory("accel-contracts-");
        try
        {
            string source = Path.Combine(work.FullName, "Groth16Verifier.sol");
            await File.WriteAllTextAsync(source, SolidityVerifier.Generate(key), cancel);
            SolidityCompiler compiler = new(tools, CompilerDeadline);
            string settlement = Path.GetFullPath(Path.Combine(tools.ScriptsFolder, "..", "host", "contracts", "Settlement.sol"));
            await compiler.CompileAsync([source, settlement], work.FullName, cancel);
            return (ContractArtifact.Load(Path.Combine(work.FullName, "Settlement.json")), ContractArtifact.Load(Path.Combine(work.FullName, "Groth16Verifier.json")));
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    /// <summary>The repository's scripts folder: ACCEL_SCRIPTS, or the nearest above this binary or the working directory.</summary>
    private static string FindScripts()
    {
        if (Environment.GetEnvironmentVariable("ACCEL_SCRIPTS") is { Length: > 0 } chosen)
        {
            return chosen;
        }

        foreach (string start in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() })
        {
            for (DirectoryInfo? directory = new(start); directory is not null; directory = directory.Parent)
            {
                string scripts = Path.Combine(directory.FullName, "scripts");
                if (File.Exists(Path.Combine(scripts, "compile-contracts.mjs")))
                {
                    return scripts;
                }
            }
        }

        throw new FileNotFoundException("the folder 'scripts' with compile-contracts.mjs was not found above the program or the working directory: set ACCEL_SCRIPTS");
    }
}
