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
    /// <exception cref="ArgumentException">The system has more rows than the largest domain, or draws challenges.</exception>
    public static async Task<ProvingKey> CreateDevelopmentKeyAsync(IConstraintSystem system, int threads, IProgress<SetupProgress>? progress, CancellationToken cancel)
    {
        system.RequireNoChallenges("Groth16");
        using ToxicWaste waste = new(QapMatrices.DomainLog2For(system));
        return await new DevelopmentSetup(system, waste, threads, progress, cancel).RunAsync();
    }

    /// <summary>
    /// Makes the initial key of a ceremony's second phase from a finished first phase: δ = 1, and byte for byte the key of
    /// <c>snarkjs groth16 setup</c>. It becomes safe with the first honest contribution (<c>snarkjs zkey contribute</c>).
    /// </summary>
    /// <param name="system">The circuit.</param>
    /// <param name="ptau">A transcript prepared for phase 2, of at least the domain's power. Whoever accepts it has verified it.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="progress">Told of each step as it begins and as it goes on.</param>
    /// <param name="cancel">Cancels the set-up.</param>
    /// <exception cref="ArgumentException">The circuit needs a larger domain than the transcript has, or draws challenges.</exception>
    /// <exception cref="InvalidFileException">The transcript is not prepared, or a point of it is not on its curve.</exception>
    public static Task<ProvingKey> CreateInitialKeyAsync(
        IConstraintSystem system, PtauFile ptau, int threads, IProgress<SetupProgress>? progress, CancellationToken cancel)
    {
        system.RequireNoChallenges("Groth16");
        int log2 = QapMatrices.DomainLog2For(system);
        return log2 <= ptau.Power
            ? Task.Run(() => new PtauSetup(system, ptau, threads, progress, cancel).Run(), cancel)
            : throw new ArgumentException($"the circuit needs a domain of 2^{log2}, but the transcript serves up to 2^{ptau.Power}", nameof(ptau));
    }
}
