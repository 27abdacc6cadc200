using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Accel.Proving.Groth16;

namespace Accel.Network.Jobs;

/// <summary>Names a job; 122 random bits, so that nobody guesses another's.</summary>
/// <param name="Value">The bits.</param>
public readonly record struct JobId(Guid Value)
{
    /// <summary>A fresh name.</summary>
    public static JobId Next() => new(Guid.NewGuid());

    /// <summary>Reads what <see cref="ToString"/> wrote: 32 hexadecimal digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out JobId id)
    {
        bool read = Guid.TryParseExact(text, "N", out Guid value);
        id = new JobId(value);
        return read;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString("N", CultureInfo.InvariantCulture);
}

/// <summary>Where a job is on its way. The numbers are those of the store.</summary>
public enum JobState
{
    /// <summary>It waits for its turn.</summary>
    Queued = 0,

    /// <summary>It is being proved.</summary>
    Running = 1,

    /// <summary>Its proof is there.</summary>
    Proved = 2,

    /// <summary>It has no proof and gets none; the reason says why.</summary>
    Failed = 3,

    /// <summary>Its client took it back.</summary>
    Cancelled = 4,
}

/// <summary>What a client asks for.</summary>
/// <param name="Client">Who asks; keys of different clients do not meet.</param>
/// <param name="ClientKey">The client's own name for the request, 1 to <see cref="ClientKeyLengthMax"/> printable ASCII characters: sent again, it asks for the same job.</param>
/// <param name="Circuit">Name of a registered circuit.</param>
/// <param name="Witness">A whole .wtns file.</param>
public sealed record JobSubmission(string Client, string ClientKey, string Circuit, ReadOnlyMemory<byte> Witness)
{
    /// <summary>The longest key.</summary>
    public const int ClientKeyLengthMax = 128;

    /// <summary>Whether a text may be a client's key.</summary>
    public static bool IsClientKey([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= ClientKeyLengthMax } && text.All(character => character is > ' ' and <= '~');
}

/// <summary>A job as the store has it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Client">Who asked for it.</param>
/// <param name="ClientKey">The client's own name for it.</param>
/// <param name="Circuit">The circuit that it proves.</param>
/// <param name="State">Where it is.</param>
/// <param name="Attempts">How often its proof was begun; an attempt that the node gave up to end in good order does not count.</param>
/// <param name="Reason">Why it failed, or waits again; null when there is nothing to say.</param>
/// <param name="SubmittedAt">When it was accepted.</param>
/// <param name="ChangedAt">When it came to its state.</param>
public sealed record Job(
    JobId Id, string Client, string ClientKey, string Circuit, JobState State, int Attempts, string? Reason, DateTimeOffset SubmittedAt, DateTimeOffset ChangedAt)
{
    /// <summary>Whether nothing more becomes of it.</summary>
    public bool IsFinished => IsFinal(State);

    /// <summary>Whether a state is a job's last.</summary>
    public static bool IsFinal(JobState state) => state is JobState.Proved or JobState.Failed or JobState.Cancelled;
}

/// <summary>Something that happened to a job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Sequence">Counts the job's changes of state from 1; a phase has the number of the change before it.</param>
/// <param name="State">The state, after a change.</param>
/// <param name="Attempt">How often the proof was begun.</param>
/// <param name="Phase">The step of the proof that began; null for a change of state. Phases are not stored.</param>
/// <param name="Reason">Why, where there is something to say.</param>
/// <param name="At">When.</param>
public sealed record JobEvent(JobId Job, long Sequence, JobState State, int Attempt, ProofPhase? Phase, string? Reason, DateTimeOffset At)
{
    /// <summary>Whether it is the job's last.</summary>
    public bool IsLast => Phase is null && Accel.Network.Jobs.Job.IsFinal(State);
}

/// <summary>A finished proof, as snarkjs writes it.</summary>
/// <param name="Proof">The text of proof.json.</param>
/// <param name="PublicInputs">The text of public.json.</param>
public sealed record JobProof(string Proof, string PublicInputs);

/// <summary>A job to be proved, with what that takes.</summary>
/// <param name="Job">The job, running.</param>
/// <param name="Witness">A whole .wtns file.</param>
public sealed record JobWork(Job Job, ReadOnlyMemory<byte> Witness);

/// <summary>Jobs by what they do.</summary>
/// <param name="Queued">Those that wait.</param>
/// <param name="Running">Those that are being proved.</param>
public readonly record struct JobCounts(long Queued, long Running)
{
    /// <summary>Those that are not finished.</summary>
    public long Unfinished => Queued + Running;
}
