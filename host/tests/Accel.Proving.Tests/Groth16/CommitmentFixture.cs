using Accel.Compute;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Xunit;

namespace Accel.Proving.Tests.Groth16;

/// <summary>A key with three commitments for each hash, and a true statement.</summary>
public sealed class CommitmentFixture : IAsyncLifetime
{
    private readonly CommittingCircuit _definition = new();
    private readonly Dictionary<CommitmentHash, ProvingKey> _keys = [];

    internal CompiledCircuit Circuit { get; private set; } = null!;

    internal CpuBackend Backend { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Circuit = CompiledCircuit.Compile(_definition);
        foreach (CommitmentHash hash in Enum.GetValues<CommitmentHash>())
        {
            _keys[hash] = await Groth16Setup.CreateDevelopmentKeyAsync(Circuit, hash, threads: 2, progress: null, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ProvingKey key in _keys.Values)
        {
            key.Dispose();
        }

        await Backend.DisposeAsync();
        Circuit.Dispose();
    }

    internal ProvingKey Key(CommitmentHash hash = CommitmentHash.Keccak256) => _keys[hash];

    internal Task<ProofResult> ProveAsync(CommitmentHash hash = CommitmentHash.Keccak256, int label = 7) =>
        Groth16Prover.ProveAsync(Key(hash), Circuit, _definition.Assign(Circuit, label), Backend, options: null, progress: null, TestContext.Current.CancellationToken);
}
