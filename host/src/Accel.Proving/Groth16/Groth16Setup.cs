using Accel.Proving.ConstraintSystems;
using Accel.Proving.Formats;

namespace Accel.Proving.Groth16;

/// <summary>Makes proving keys (Groth, eprint 2016/260, §3.2) in the layout of snarkjs, with γ = 1.</summary>
public static class Groth16Setup
{
    /// <summary>
    /// Makes a key alone, with fresh secrets that are wiped afterwards. Nobody can check that they were: the key is for development,
    /// says so in the file (<see cref="KeyHistory.DevelopmentMark"/>), and must guard nothing of value.
    /// </summary>
    /// <param name="system">The circuit.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="progress">Told of each step as it begins.</param>
    /// <param name="cancel">Cancels the set-up.</param>
    /// <exception cref="ArgumentException">The system has more rows than the largest domain.</exception>
    public static Task<ProvingKey> CreateDevelopmentKeyAsync(IConstraintSystem system, int threads, IProgress<SetupProgress>? progress, CancellationToken cancel) =>
        CreateDevelopmentKeyAsync(system, CommitmentHash.Keccak256, threads, progress, cancel);

    /// <summary>As the other overload, which draws challenges by Keccak-256.</summary>
    /// <param name="system">The circuit.</param>
    /// <param name="hash">What draws the challenges of the circuit's commitments; without meaning when it has none.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="progress">Told of each step as it begins.</param>
    /// <param name="cancel">Cancels the set-up.</param>
    /// <exception cref="ArgumentException">The system has more rows than the largest domain.</exception>
    public static async Task<ProvingKey> CreateDevelopmentKeyAsync(
        IConstraintSystem system, CommitmentHash hash, int threads, IProgress<SetupProgress>? progress, CancellationToken cancel)
    {
        using ToxicWaste waste = new(QapMatrices.DomainLog2For(system), system.Commitments.Count);
        return await new DevelopmentSetup(system, hash, waste, threads, progress, cancel).RunAsync();
    }

    /// <summary>
    /// Makes the initial key of a ceremony's second phase from a finished first phase: δ = 1, and byte for byte the key of
    /// <c>snarkjs groth16 setup</c>. It becomes safe with the first honest contribution (<see cref="Ceremony.KeyCeremony"/>).
    /// </summary>
    /// <param name="system">The circuit.</param>
    /// <param name="ptau">A transcript prepared for phase 2, of at least the domain's power. Whoever accepts it has verified it.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="progress">Told of each step as it begins and as it goes on.</param>
    /// <param name="cancel">Cancels the set-up.</param>
    /// <exception cref="ArgumentException">The circuit needs a larger domain than the transcript has.</exception>
    /// <exception cref="InvalidFileException">The transcript is not prepared, or a point of it is not on its curve.</exception>
    public static Task<ProvingKey> CreateInitialKeyAsync(
        IConstraintSystem system, PtauFile ptau, int threads, IProgress<SetupProgress>? progress, CancellationToken cancel) =>
        CreateInitialKeyAsync(system, CommitmentHash.Keccak256, ptau, threads, progress, cancel);

    /// <summary>
    /// Makes the initial key of a ceremony as the other overload does, which draws challenges by Keccak-256. For a circuit with commitments it has σⱼ = j + 1, which everybody knows: it
    /// becomes safe when one honest party has multiplied δ and every σⱼ by secrets of its own.
    /// </summary>
    /// <param name="system">The circuit.</param>
    /// <param name="hash">What draws the challenges of the circuit's commitments; without meaning when it has none.</param>
    /// <param name="ptau">A transcript prepared for phase 2, of at least the domain's power. Whoever accepts it has verified it.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="progress">Told of each step as it begins and as it goes on.</param>
    /// <param name="cancel">Cancels the set-up.</param>
    /// <exception cref="ArgumentException">The circuit needs a larger domain than the transcript has.</exception>
    /// <exception cref="InvalidFileException">The transcript is not prepared, or a point of it is not on its curve.</exception>
    public static Task<ProvingKey> CreateInitialKeyAsync(
        IConstraintSystem system, CommitmentHash hash, PtauFile ptau, int threads, IProgress<SetupProgress>? progress, CancellationToken cancel)
    {
        int log2 = QapMatrices.DomainLog2For(system);
        return log2 <= ptau.Power
            ? Task.Run(() => new PtauSetup(system, hash, ptau, threads, progress, cancel).Run(), cancel)
            : throw new ArgumentException($"the circuit needs a domain of 2^{log2}, but the transcript serves up to 2^{ptau.Power}", nameof(ptau));
    }
}
