using System.Security.Cryptography;
using Accel.Proving.Groth16;
using Org.BouncyCastle.Crypto.Digests;

namespace Accel.Proving.Ceremony;

/// <summary>
/// The factor of δ that one contribution brings, and the point s of its proof of knowledge. In memory that the collector does not copy; wiped when
/// disposed.
/// </summary>
internal sealed class ContributionSecret : IDisposable
{
    /// <summary>The least and the greatest exponents of a beacon's iterations that snarkjs knows.</summary>
    public const int IterationsLog2Min = 10;

    /// <inheritdoc cref="IterationsLog2Min" />
    public const int IterationsLog2Max = 63;

    private const int HashesPerCancellationCheck = 1 << 16;

    private readonly Fr[] _factors = GC.AllocateUninitializedArray<Fr>(2, pinned: true);

    private ContributionSecret(ReadOnlySpan<byte> seed)
    {
        using CeremonyStream stream = new(seed);
        do
        {
            _factors[0] = stream.Next<Bn254ScalarModulus>();
        }
        while (_factors[0].IsZero || _factors[0].IsOne);

        _factors[1] = _factors[0].Inverse();
        S = stream.NextG1();
    }

    /// <summary>The factor; neither zero nor one.</summary>
    public ref readonly Fr Factor => ref _factors[0];

    /// <summary>Its inverse.</summary>
    public ref readonly Fr Inverse => ref _factors[1];

    /// <summary>A point of G1 whose logarithm nobody knows.</summary>
    public G1Affine S { get; }

    /// <summary>
    /// A fresh secret: 64 bytes of the operating system's generator, hashed together with what the contributor adds. Either alone suffices for
    /// secrecy.
    /// </summary>
    /// <param name="entropy">Anything; may be empty.</param>
    public static ContributionSecret Draw(ReadOnlySpan<byte> entropy)
    {
        Span<byte> system = stackalloc byte[64];
        Span<byte> hash = stackalloc byte[64];
        SystemRandom.Fill(system);
        Blake2bDigest digest = new(512);
        digest.BlockUpdate(system);
        digest.BlockUpdate(entropy);
        digest.DoFinal(hash);
        try
        {
            return new ContributionSecret(hash[..CeremonyStream.SeedBytes]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(system);
            CryptographicOperations.ZeroMemory(hash);
        }
    }

    /// <summary>
    /// The factor of a random beacon: its value hashed by SHA-256 2^<paramref name="iterationsLog2"/> times. Everybody can compute it.
    /// </summary>
    /// <param name="value">The beacon's value.</param>
    /// <param name="iterationsLog2">10 to 63; at 40 a fast processor is at it for days.</param>
    /// <param name="cancel">Cancels the hashing.</param>
    public static ContributionSecret FromBeacon(ReadOnlySpan<byte> value, int iterationsLog2, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterationsLog2, IterationsLog2Min);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterationsLog2, IterationsLog2Max);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(value, hash);
        for (ulong i = 1; i < 1UL << iterationsLog2; i++)
        {
            SHA256.HashData(hash, hash);
            if (i % HashesPerCancellationCheck == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }
        }

        return new ContributionSecret(hash);
    }

    /// <inheritdoc />
    public void Dispose() => ToxicWaste.Wipe(_factors);
}
