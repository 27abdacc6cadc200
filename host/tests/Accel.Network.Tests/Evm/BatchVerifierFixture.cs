using Accel.Network.Evm;
using Accel.Network.Tests.Support;

namespace Accel.Network.Tests.Evm;

/// <summary>The batch verifier, and the generated verifier of a nine-input key to compare with.</summary>
public sealed class BatchVerifierFixture : ChainFixture
{
    public const string SingleName = "SingleNineInputVerifier";

    internal static SimulatedSetup NineInputs { get; } = new(publicInputs: 9, seed: 31);

    protected override IEnumerable<string> RepositoryContracts => ["BatchVerifier"];

    protected override IEnumerable<(string ContractName, string Text)> GeneratedSources() =>
        [(SingleName, SolidityVerifier.Generate(NineInputs.Key, SingleName))];
}
