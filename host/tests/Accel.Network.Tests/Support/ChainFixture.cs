using System.Text.Json.Nodes;
using Accel.Network.Evm;
using Accel.Testing;
using Xunit;

namespace Accel.Network.Tests.Support;

/// <summary>One local chain for a test class, and the contracts that its tests deploy, compiled together.</summary>
public abstract class ChainFixture : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("accel-contracts-").FullName;
    private AnvilProcess? anvil;
    private JsonRpcClient? rpc;
    private EvmClient? evm;

    public static NpmTools Tools { get; } = new(Path.Combine(OutsideData.RepositoryRoot, "scripts"));

    /// <summary>Why the tests cannot run here; null when they can.</summary>
    public static string? Missing { get; } = FindMissing();

    public JsonRpcClient Rpc => rpc ?? throw new InvalidOperationException("the chain did not start");

    public EvmClient Evm => evm ?? throw new InvalidOperationException("the chain did not start");

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        await CompileAsync();
        anvil = await AnvilProcess.StartAsync(Tools, new AnvilOptions(), TestContext.Current.CancellationToken);
        rpc = new JsonRpcClient(anvil.Endpoint, Deadline);
        evm = await EvmClient.ConnectAsync(rpc, Deadline, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        rpc?.Dispose();
        if (anvil is not null)
        {
            await anvil.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    public ContractArtifact Artifact(string contractName)
    {
        Assert.SkipWhen(Missing is not null, Missing ?? string.Empty);
        return ContractArtifact.Load(Path.Combine(folder, "out", contractName + ".json"));
    }

    /// <summary>What a transaction costs before the first instruction: 21,000, and 4 or 16 for each byte of call data (EIP-2028).</summary>
    public static long IntrinsicGas(ReadOnlySpan<byte> data) => 21_000 + (4 * data.Count((byte)0)) + (16 * (data.Length - data.Count((byte)0)));

    /// <summary>Runs a call with a limit on its gas.</summary>
    public Task CallWithGasAsync(EvmAddress to, byte[] data, long gas, CancellationToken cancel) => Rpc.CallAsync(
        "eth_call",
        [
            new JsonObject
            {
                ["to"] = to.ToString(),
                ["data"] = "0x" + Convert.ToHexStringLower(data),
                ["gas"] = $"0x{gas:x}",
            },
            "latest",
        ],
        cancel);

    /// <summary>Names and texts of the sources that the class needs beside those in host/contracts.</summary>
    protected abstract IEnumerable<(string ContractName, string Text)> GeneratedSources();

    /// <summary>Names of contracts in host/contracts that the class deploys.</summary>
    protected virtual IEnumerable<string> RepositoryContracts => [];

    private async Task CompileAsync()
    {
        List<string> files = [.. RepositoryContracts.Select(name => Path.Combine(OutsideData.RepositoryRoot, "host", "contracts", name + ".sol"))];
        foreach ((string name, string text) in GeneratedSources())
        {
            string path = Path.Combine(folder, name + ".sol");
            await File.WriteAllTextAsync(path, text);
            files.Add(path);
        }

        await new SolidityCompiler(Tools, Deadline).CompileAsync(files, Path.Combine(folder, "out"), TestContext.Current.CancellationToken);
    }

    private static string? FindMissing()
    {
        try
        {
            return File.Exists(Tools.Anvil) && File.Exists(Tools.ContractCompiler) ? null : "unreachable";
        }
        catch (FileNotFoundException exception)
        {
            return exception.Message;
        }
    }
}
