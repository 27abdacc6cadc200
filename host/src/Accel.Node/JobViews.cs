using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization;
using Accel.Network.Jobs;
using Accel.Proving.Groth16;

namespace Accel.Node;

/// <summary>A job as clients see it.</summary>
/// <param name="Id">Its name, 32 hexadecimal digits.</param>
/// <param name="Key">The client's own name for it.</param>
/// <param name="Circuit">The circuit that it proves.</param>
/// <param name="State">Where it is.</param>
/// <param name="Attempts">How often its proof was begun.</param>
/// <param name="Reason">Why it failed, or waits again.</param>
/// <param name="SubmittedAt">When it was accepted.</param>
/// <param name="ChangedAt">When it came to its state.</param>
public sealed record JobView(
    string Id, string Key, string Circuit, JobState State, int Attempts, string? Reason, DateTimeOffset SubmittedAt, DateTimeOffset ChangedAt)
{
    internal static JobView Of(Job job) =>
        new(job.Id.ToString(), job.ClientKey, job.Circuit, job.State, job.Attempts, job.Reason, job.SubmittedAt, job.ChangedAt);
}

/// <summary>Something that happened to a job, as clients see it.</summary>
/// <param name="State">The state, after a change; the state meanwhile, for a phase.</param>
/// <param name="Attempt">How often the proof was begun.</param>
/// <param name="Phase">The step of the proof that began; absent for a change of state.</param>
/// <param name="Reason">Why, where there is something to say.</param>
/// <param name="At">When.</param>
public sealed record JobEventView(JobState State, int Attempt, ProofPhase? Phase, string? Reason, DateTimeOffset At);

/// <summary>A finished proof, in snarkjs' forms.</summary>
/// <param name="Circuit">The circuit.</param>
/// <param name="Proof">The content of proof.json.</param>
/// <param name="PublicInputs">The content of public.json.</param>
/// <param name="DevelopmentKey">Whether one party made the proving key alone, so that the proof must guard nothing of value.</param>
public sealed record ProofView(string Circuit, JsonElement Proof, JsonElement PublicInputs, bool DevelopmentKey);

/// <summary>Whether the node can do its part.</summary>
/// <param name="Status"><c>ready</c>, <c>alive</c>, or what is missing.</param>
public sealed record HealthView(string Status);

/// <summary>Serialisation of what the server says, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(JobEventView))]
[JsonSerializable(typeof(ProofView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(byte[]))]
[JsonSerializable(typeof(SseItem<JobEventView>))]
[JsonSerializable(typeof(IEnumerable<JobCircuit>))]
internal sealed partial class NodeSchema : JsonSerializerContext;
