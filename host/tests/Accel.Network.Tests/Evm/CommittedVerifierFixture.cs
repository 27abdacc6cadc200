using Accel.Network.Evm;
using Accel.Network.Tests.Support;

namespace Accel.Network.Tests.Evm;

/// <summary>Verifiers of keys with commitments.</summary>
public sealed class CommittedVerifierFixture : ChainFixture
{
    // Lazy, because a type's own initializer may not wait for other threads that use the type.
    private static readonly Lazy<IReadOnlyDictionary<string, CommittedCase>> LazyCases = new(() => Task.Run(CreateCasesAsync).GetAwaiter().GetResult());

    private readonly Dictionary<string, Task<VerifierClient>> _deployed = [];

    /// <summary>By the contract's name: public inputs and commitments.</summary>
    internal static IReadOnlyDictionary<string, (int Inputs, int Commitments)> Shapes { get; } = new Dictionary<string, (int, int)>
    {
        ["OneCommitment"] = (1, 1),
        ["NineInputs"] = (9, 1),
        ["TwoCommitments"] = (1, 2),
        ["ThreeCommitments"] = (3, 3),
        ["Most"] = (1, 37),
    };

    internal static IReadOnlyDictionary<string, CommittedCase> Cases => LazyCases.Value;

    /// <summary>Each contract is deployed once for the class.</summary>
    public Task<VerifierClient> VerifierAsync(string contractName, CancellationToken cancel)
    {
        if (!_deployed.TryGetValue(contractName, out Task<VerifierClient>? client))
        {
            _deployed.Add(contractName, client = VerifierClient.DeployAsync(Evm, Artifact(contractName), cancel));
        }

        return client;
    }

    protected override IEnumerable<(string ContractName, string Text)> GeneratedSources() =>
        Cases.Select(item => (item.Key, SolidityVerifier.Generate(item.Value.Key, item.Key)));

    private static async Task<IReadOnlyDictionary<string, CommittedCase>> CreateCasesAsync()
    {
        Dictionary<string, CommittedCase> cases = [];
        foreach ((string name, (int inputs, int commitments)) in Shapes)
        {
            cases[name] = await CommittedCase.CreateAsync(inputs, commitments);
        }

        return cases;
    }
}
