using Accel.Proving.Groth16;

namespace Accel.Network.Jobs;

/// <summary>A circuit that a node proves.</summary>
/// <param name="Name">Its registered name.</param>
/// <param name="Wires">Wires, the constant one included.</param>
/// <param name="PublicCount">Public wires, the constant one excluded.</param>
/// <param name="IsForDevelopment">Whether one party made its key alone, so that it must guard nothing of value.</param>
/// <param name="ChecksConstraints">Whether each constraint is checked before a job is accepted.</param>
public sealed record JobCircuit(string Name, int Wires, int PublicCount, bool IsForDevelopment, bool ChecksConstraints);

/// <summary>What a node proves with. Calls may come from any number of threads.</summary>
public interface IJobProver : IAsyncDisposable
{
    /// <summary>What it proves, by name.</summary>
    IReadOnlyDictionary<string, JobCircuit> Circuits { get; }

    /// <summary>Refuses what cannot be proved, before it is accepted.</summary>
    /// <param name="circuit">Name of a circuit.</param>
    /// <param name="witness">A whole .wtns file.</param>
    /// <exception cref="UnprovableRequestException">There is no such circuit, or the witness is not one of it; the message names the place or the constraint.</exception>
    void Check(string circuit, ReadOnlyMemory<byte> witness);

    /// <summary>Makes a proof, verified.</summary>
    /// <param name="circuit">Name of a circuit.</param>
    /// <param name="witness">A whole .wtns file.</param>
    /// <param name="progress">Told of each step as it begins.</param>
    /// <param name="cancel">Cancels the proof.</param>
    /// <exception cref="UnprovableRequestException">As for <see cref="Check"/>, or the proof fails its check and the witness is to blame.</exception>
    Task<JobProof> ProveAsync(string circuit, ReadOnlyMemory<byte> witness, IProgress<ProofPhase> progress, CancellationToken cancel);
}
