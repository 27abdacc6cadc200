using System.Threading.Channels;
using Accel.Network.Jobs;
using Accel.Proving.Groth16;
using Xunit;

namespace Accel.Node.Tests;

/// <summary>A prover whose proofs end when and how a test says; it accepts any witness but an empty one.</summary>
internal sealed class ScriptedProver : IJobProver
{
    private readonly Channel<ReadOnlyMemory<byte>> _started = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
    private readonly Channel<Exception?> _endings = Channel.CreateUnbounded<Exception?>();

    public IReadOnlyDictionary<string, JobCircuit> Circuits { get; } =
        new Dictionary<string, JobCircuit> { ["any"] = new("any", 4, 1, IsForDevelopment: true, ChecksConstraints: false) };

    /// <summary>The proof at work, or the next, ends: well, or with an error.</summary>
    public void End(Exception? failure = null) => Assert.True(_endings.Writer.TryWrite(failure));

    /// <summary>Waits until a proof begins; tells of what.</summary>
    public ValueTask<ReadOnlyMemory<byte>> StartedAsync(CancellationToken cancel) => _started.Reader.ReadAsync(cancel);

    public void Check(string circuit, ReadOnlyMemory<byte> witness)
    {
        if (!Circuits.ContainsKey(circuit) || witness.IsEmpty)
        {
            throw new UnprovableRequestException($"constraint 7 of '{circuit}' does not hold");
        }
    }

    public async Task<JobProof> ProveAsync(string circuit, ReadOnlyMemory<byte> witness, IProgress<ProofPhase> progress, CancellationToken cancel)
    {
        progress.Report(ProofPhase.WitnessMap);
        _started.Writer.TryWrite(witness);
        if (await _endings.Reader.ReadAsync(cancel) is { } failure)
        {
            throw failure;
        }

        progress.Report(ProofPhase.Verification);
        return new JobProof("{\"pi_a\":[]}", "[\"1\"]");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
