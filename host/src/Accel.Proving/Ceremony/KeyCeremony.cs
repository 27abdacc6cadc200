using Accel.Compute;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;

namespace Accel.Proving.Ceremony;

/// <summary>
/// The second phase of a Groth16 set-up (Bowe, Gabizon and Miers, eprint 2017/1050): each contributor multiplies δ by a secret and forgets it. The
/// final key is safe if one of them did. Files go both ways with <c>snarkjs zkey contribute</c>, <c>beacon</c> and <c>verify</c>.
/// </summary>
public static class KeyCeremony
{
    /// <summary>The longest name: snarkjs cuts longer ones when it copies a key.</summary>
    public const int NameLengthMax = 64;

    internal const string NoCommitments = "the key has commitments, and a contribution in snarkjs' format has no part for their secrets: whoever knows those forges proofs";

    /// <summary>Writes a key with one contribution more, from a fresh secret that is wiped afterwards.</summary>
    /// <param name="keyPath">The key so far; its transcript is checked before anything is added to it.</param>
    /// <param name="output">Receives the new key; not a file that is the old one.</param>
    /// <param name="name">The contributor's name, at most <see cref="NameLengthMax"/> characters; empty for none.</param>
    /// <param name="entropy">Anything to be mixed into the operating system's randomness; may be empty. The caller wipes it.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="progress">Told how many points are done.</param>
    /// <param name="cancel">Cancels the contribution; what was written is then no key.</param>
    /// <exception cref="InvalidFileException">The file is not a Groth16 key, or its transcript is wrong, or it is a development key.</exception>
    /// <exception cref="ArgumentException">The name is too long.</exception>
    public static async Task<ContributionReceipt> ContributeAsync(
        string keyPath, Stream output, string name, ReadOnlyMemory<byte> entropy, int threads, IProgress<CeremonyProgress>? progress, CancellationToken cancel)
    {
        RequireShort(name);
        ContributionParameters parameters = name.Length == 0 ? ContributionParameters.Anonymous : ContributionParameters.Named(name);
        using ZkeyContributor contributor = await OpenCheckedAsync(keyPath, cancel);
        using ContributionSecret secret = ContributionSecret.Draw(entropy.Span);
        return await contributor.WriteAsync(output, secret, parameters, threads, progress, cancel);
    }

    /// <summary>
    /// Writes a key with a contribution that anybody can repeat from a public value: it closes a ceremony, so that the last contributor could not
    /// choose the result.
    /// </summary>
    /// <param name="keyPath">As for <see cref="ContributeAsync"/>.</param>
    /// <param name="output">As for <see cref="ContributeAsync"/>.</param>
    /// <param name="name">As for <see cref="ContributeAsync"/>.</param>
    /// <param name="value">1 to 255 bytes that nobody could know before the last contribution, such as a later block's hash.</param>
    /// <param name="iterationsLog2">The value is hashed 2 to this power times, 10 to 63; verification takes as long.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="progress">Told how many points are done.</param>
    /// <param name="cancel">Cancels the contribution.</param>
    /// <exception cref="InvalidFileException">As for <see cref="ContributeAsync"/>.</exception>
    /// <exception cref="ArgumentException">The name or the value is too long, or the exponent is out of range.</exception>
    public static async Task<ContributionReceipt> BeaconAsync(
        string keyPath,
        Stream output,
        string name,
        ReadOnlyMemory<byte> value,
        int iterationsLog2,
        int threads,
        IProgress<CeremonyProgress>? progress,
        CancellationToken cancel)
    {
        RequireShort(name);
        if (iterationsLog2 is < ContributionSecret.IterationsLog2Min or > ContributionSecret.IterationsLog2Max)
        {
            throw new ArgumentException(
                $"2^{iterationsLog2} iterations: the exponent must be {ContributionSecret.IterationsLog2Min} to {ContributionSecret.IterationsLog2Max}",
                nameof(iterationsLog2));
        }

        ContributionParameters parameters = ContributionParameters.Beacon(name, value.Span, (byte)iterationsLog2);
        using ZkeyContributor contributor = await OpenCheckedAsync(keyPath, cancel);
        using ContributionSecret secret = await Task.Run(() => ContributionSecret.FromBeacon(value.Span, iterationsLog2, cancel), cancel);
        return await contributor.WriteAsync(output, secret, parameters, threads, progress, cancel);
    }

    /// <summary>
    /// Whether a key is a circuit's, made from a transcript by contributions that each knew their secret: the transcript's points, every
    /// contribution's proof, and every section of the key against a fresh initial key.
    /// </summary>
    /// <param name="system">The circuit.</param>
    /// <param name="ptau">The powers of tau; see <see cref="PowersOfTau"/> for what is checked of them.</param>
    /// <param name="key">The key, read without trust.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="progress">Told of each step as it begins.</param>
    /// <param name="cancel">Cancels the verification.</param>
    /// <exception cref="InvalidFileException">The transcript of the first phase is malformed or not prepared.</exception>
    /// <exception cref="ArgumentException">The circuit needs a larger domain than the transcript has.</exception>
    public static async Task<CeremonyVerdict> VerifyAsync(
        IConstraintSystem system, PtauFile ptau, ProvingKey key, int threads, IProgress<CeremonyProgress>? progress, CancellationToken cancel)
    {
        string? problem = await Task.Run(() => FindHistoryProblem(system, key, cancel), cancel) ?? await FindKeyProblemAsync(system, ptau, key, threads, progress, cancel);
        return new CeremonyVerdict(problem, key.History.CircuitHash, ContributionReceipt.ForAll(key.History));
    }

    private static string? FindHistoryProblem(IConstraintSystem system, ProvingKey key, CancellationToken cancel) =>
        key.IsForDevelopment ? "one party made this key alone: it is for development"
        : key.Commitments is not null || system.Commitments.Count > 0 ? $"section {ZkeyCommitments.Section}: {NoCommitments}"
        : key.History.Contributions.Count == 0 ? "section 10: nobody has contributed, so δ is one and anybody can forge proofs"
        : ContributionChain.FindProblem(key.Header, key.History, cancel);

    private static async Task<string?> FindKeyProblemAsync(
        IConstraintSystem system, PtauFile ptau, ProvingKey key, int threads, IProgress<CeremonyProgress>? progress, CancellationToken cancel)
    {
        using ProvingKey initial = await Groth16Setup.CreateInitialKeyAsync(system, ptau, threads, SetupRelay.To(progress), cancel);
        if (await PowersOfTau.FindProblemAsync(ptau, initial.Header.DomainLog2, threads, progress, cancel) is { } problem)
        {
            return $"{ptau.Name}: {problem}";
        }

        await using CpuBackend backend = new(threads);
        return await new KeyComparison(initial, key, backend, progress, cancel).FindProblemAsync();
    }

    private static void RequireShort(string name)
    {
        if (name.Length > NameLengthMax)
        {
            throw new ArgumentException($"the name has {name.Length} characters; at most {NameLengthMax} survive in every tool", nameof(name));
        }
    }

    // On the pool, because a beacon in the key may take long to repeat.
    private static Task<ZkeyContributor> OpenCheckedAsync(string path, CancellationToken cancel) => Task.Run(() => OpenChecked(path, cancel), cancel);

    private static ZkeyContributor OpenChecked(string path, CancellationToken cancel)
    {
        ZkeyContributor contributor = new(path);
        string? problem = contributor.History.IsForDevelopment
            ? "one party made this key alone; no contribution makes it safe. Begin with an initial key from powers of tau"
            : ContributionChain.FindProblem(contributor.Header, contributor.History, cancel);
        if (problem is null)
        {
            return contributor;
        }

        contributor.Dispose();
        throw new InvalidFileException(contributor.Name, problem);
    }

    private sealed class SetupRelay(IProgress<CeremonyProgress> progress) : IProgress<SetupProgress>
    {
        public static SetupRelay? To(IProgress<CeremonyProgress>? progress) => progress is null ? null : new SetupRelay(progress);

        public void Report(SetupProgress value) => progress.Report(new CeremonyProgress($"initial key, {value.Phase}", value.Done, value.Total));
    }
}
