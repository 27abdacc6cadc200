using Accel.Network.Evm;
using Accel.Network.Settlement;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>The bundled book, settled and proved once by the command line, and a local chain with its contracts compiled.</summary>
public sealed class SettledBatchFixture : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private AnvilProcess? _anvil;
    private JsonRpcClient? _rpc;

    /// <summary>Compiled circuits and keys outlive the run, as they do for users: build products, keyed by digest.</summary>
    public static string Cache { get; } = Path.Combine(OutsideData.RepositoryRoot, "build", "test-cache");

    public string Batch => _folder["batch"];

    public Proof Proof { get; private set; } = null!;

    public Fr[] Inputs { get; private set; } = [];

    public VerificationKey Key { get; private set; } = null!;

    public EvmClient Evm { get; private set; } = null!;

    public ContractArtifact Settlement { get; private set; } = null!;

    public ContractArtifact Verifier { get; private set; } = null!;

    /// <summary>Deployed before anything else on the chain, hence at the very address that the proof is bound to; no test settles on it.</summary>
    public SettlementClient Contract { get; private set; } = null!;

    public ulong OracleTime => (ulong)Inputs[5].ToBigInteger();

    public static string Sample(string name) => Path.Combine(OutsideData.RepositoryRoot, "host", "samples", name);

    public string File(string name) => Path.Combine(Batch, name);

    public async ValueTask InitializeAsync()
    {
        await AccelProcess.RunAsync(0, "settle", "--market", Sample("market-btc.csv"), "--book", Sample("book-btc.json"), "--out", Batch, "--cache", Cache);
        Proof = ProofJson.Read(File("proof.json"));
        Inputs = PublicJson.Read(File("public.json"));
        Key = VerificationKeyJson.Read(File("verification_key.json"));
        NpmTools tools = new(Path.Combine(OutsideData.RepositoryRoot, "scripts"));
        string source = _folder["Groth16Verifier.sol"];
        await System.IO.File.WriteAllTextAsync(source, SolidityVerifier.Generate(Key));
        string settlement = Path.Combine(OutsideData.RepositoryRoot, "host", "contracts", "Settlement.sol");
        await new SolidityCompiler(tools, Deadline).CompileAsync([source, settlement], _folder["contracts"], CancellationToken.None);
        Settlement = ContractArtifact.Load(Path.Combine(_folder["contracts"], "Settlement.json"));
        Verifier = ContractArtifact.Load(Path.Combine(_folder["contracts"], "Groth16Verifier.json"));
        _anvil = await AnvilProcess.StartAsync(tools, new AnvilOptions { GenesisTime = (long)OracleTime }, CancellationToken.None);
        _rpc = new JsonRpcClient(_anvil.Endpoint, Deadline);
        Evm = await EvmClient.ConnectAsync(_rpc, Deadline, CancellationToken.None);
        Contract = await DeployAsync(Inputs[3]);
    }

    /// <summary>A fresh pair of verifier and settlement contract whose first root is <paramref name="genesisRoot"/>.</summary>
    public Task<SettlementClient> DeployAsync(Fr genesisRoot) => SettlementClient.DeployAsync(
        Evm,
        Settlement,
        Verifier,
        new SettlementTerms { GenesisRoot = genesisRoot, OracleKeyHash = Inputs[6], ParameterHash = Inputs[7], AccountCount = 12, LeavesPerBatch = 16 },
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _rpc?.Dispose();
        if (_anvil is not null)
        {
            await _anvil.DisposeAsync();
        }

        _folder.Dispose();
    }
}
