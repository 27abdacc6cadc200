using Accel.Network.Evm;
using Accel.Network.Tests.Support;
using Accel.Proving.Groth16;

namespace Accel.Network.Tests.Evm;

/// <summary>Verifiers of all real keys of the outside data, and of a few simulated ones.</summary>
public sealed class VerifierFixture : ChainFixture
{
    private readonly Dictionary<string, Task<VerifierClient>> deployed = [];

    internal static SimulatedSetup OneInput { get; } = new(publicInputs: 1, seed: 11);

    internal static SimulatedSetup NineInputs { get; } = new(publicInputs: 9, seed: 12);

    internal static SimulatedSetup UnusedInput { get; } = new(publicInputs: 3, seed: 13, unusedInput: 1);

    internal static SimulatedSetup MostInputs { get; } = new(SolidityVerifier.PublicInputsMax, seed: 14);

    public static string ContractName(string caseName) => "Verifier_" + caseName.Replace('-', '_');

    /// <summary>Each contract is deployed once for the class.</summary>
    public Task<VerifierClient> VerifierAsync(string contractName, CancellationToken cancel)
    {
        if (!deployed.TryGetValue(contractName, out Task<VerifierClient>? client))
        {
            deployed.Add(contractName, client = VerifierClient.DeployAsync(Evm, Artifact(contractName), cancel));
        }

        return client;
    }

    protected override IEnumerable<(string ContractName, string Text)> GeneratedSources()
    {
        IEnumerable<(string Name, VerificationKey Key)> simulated =
        [
            (nameof(OneInput), OneInput.Key), (nameof(NineInputs), NineInputs.Key),
            (nameof(UnusedInput), UnusedInput.Key), (nameof(MostInputs), MostInputs.Key),
        ];
        IEnumerable<(string Name, VerificationKey Key)> real = HasOutsideData
            ? SnarkjsCase.Names.Select(name => (ContractName(name), SnarkjsCase.Load(name).Key))
            : [];
        foreach ((string name, VerificationKey key) in simulated.Concat(real))
        {
            yield return (name, SolidityVerifier.Generate(key, name));
        }

        foreach (int precompile in (int[])[6, 7, 8])
        {
            // As on a chain that lacks the precompile: the call goes to an address without code.
            string text = SolidityVerifier.Generate(OneInput.Key, $"Without{precompile}");
            yield return ($"Without{precompile}", text.Replace($"staticcall(gas(), {precompile},", $"staticcall(gas(), {precompile + 0xff00},", StringComparison.Ordinal));
        }
    }

    private static bool HasOutsideData => Directory.Exists(Path.Combine(Testing.OutsideData.RepositoryRoot, "..", "shared", "data", "zkeys"));
}
