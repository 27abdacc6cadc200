using Accel.Network.Evm;
using Accel.Network.Settlement;
using Accel.Network.Tests.Support;

namespace Accel.Network.Tests.Settlement;

/// <summary>The settlement contract with the generated verifier of a nine-input key whose trapdoor the tests know.</summary>
public sealed class SettlementFixture : ChainFixture
{
    public const string VerifierName = "SimulatedNineInputVerifier";
    public const string OtherShapeName = "SimulatedTwoInputVerifier";

    internal static SimulatedSetup Setup { get; } = new(publicInputs: 9, seed: 21);

    protected override IEnumerable<string> RepositoryContracts => ["Settlement"];

    public Task<SettlementClient> DeployAsync(SettlementTerms terms, CancellationToken cancel, string verifier = VerifierName) =>
        SettlementClient.DeployAsync(Evm, Artifact("Settlement"), Artifact(verifier), terms, cancel);

    protected override IEnumerable<(string ContractName, string Text)> GeneratedSources() =>
    [
        (VerifierName, SolidityVerifier.Generate(Setup.Key, VerifierName)),
        (OtherShapeName, SolidityVerifier.Generate(new SimulatedSetup(publicInputs: 2, seed: 22).Key, OtherShapeName)),
    ];
}
