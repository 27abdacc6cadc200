using Accel.Network.Evm;
using Accel.Network.Market;
using Accel.Network.Tests.Support;

namespace Accel.Network.Tests.Market;

/// <summary>The market and a circuit with the generated verifier of a three-input key whose trapdoor the tests know.</summary>
public sealed class MarketFixture : ChainFixture
{
    public const string VerifierName = "ThreeInputVerifier";

    internal static SimulatedSetup Setup { get; } = new(publicInputs: 3, seed: 41);

    protected override IEnumerable<string> RepositoryContracts => ["ProverMarket", "Groth16Circuit"];

    protected override IEnumerable<(string ContractName, string Text)> GeneratedSources() =>
        [(VerifierName, SolidityVerifier.Generate(Setup.Key, VerifierName))];

    public IReadOnlyList<AbiError> MarketErrors => [.. Artifact("ProverMarket").Errors, .. CircuitErrors];

    private IReadOnlyList<AbiError> CircuitErrors => [.. Artifact("Groth16Circuit").Errors, .. Artifact(VerifierName).Errors];

    public Task<MarketClient> DeployMarketAsync(CancellationToken cancel) =>
        MarketClient.DeployAsync(Evm, Artifact("ProverMarket"), CircuitErrors, cancel);

    public async Task<EvmAddress> DeployCircuitAsync(CancellationToken cancel)
    {
        VerifierClient verifier = await VerifierClient.DeployAsync(Evm, Artifact(VerifierName), cancel);
        byte[] arguments = AbiEncoder.Arguments().Word(verifier.Address.Value).Word(SolidityProof.PlainWords).Word(3).ToArray();
        return (await Evm.DeployAsync(Artifact("Groth16Circuit"), arguments, cancel)).ContractAddress!.Value;
    }
}
