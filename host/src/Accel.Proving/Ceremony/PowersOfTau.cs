using Accel.Compute;
using Accel.Proving.Formats;
using Org.BouncyCastle.Crypto.Digests;

namespace Accel.Proving.Ceremony;

/// <summary>Checks on a powers-of-tau transcript before a key is made from it.</summary>
public static class PowersOfTau
{
    private const int BytesEach = 1 << 20;

    /// <summary>BLAKE2b-512 of a whole file, which publishers of transcripts print beside them (<c>b2sum</c>).</summary>
    public static async Task<byte[]> HashAsync(string path, CancellationToken cancel)
    {
        Blake2bDigest digest = new(512);
        await using FileStream stream = new(path, new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = 0 });
        byte[] buffer = new byte[BytesEach];
        for (int read = await stream.ReadAsync(buffer, cancel); read > 0; read = await stream.ReadAsync(buffer, cancel))
        {
            digest.BlockUpdate(buffer, 0, read);
        }

        byte[] hash = new byte[digest.GetDigestSize()];
        digest.DoFinal(hash, 0);
        return hash;
    }

    /// <summary>
    /// The first thing that is wrong with what a circuit's key takes from a transcript, or null: that the points are powers of one τ, times one α and
    /// one β, in G1 as in G2, that the Lagrange bases follow from them, and that the last contribution has them. Each up to a chance of 2⁻¹²⁸.
    /// </summary>
    /// <remarks>The contributions' own proofs of knowledge are not checked; <c>snarkjs powersoftau verify</c> does that, and so does whoever
    /// published a known hash.</remarks>
    /// <param name="ptau">The transcript; prepared for phase 2.</param>
    /// <param name="domainLog2">The circuit's domain has 2 to this power points; at most the transcript's power.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="progress">Told of each step as it begins.</param>
    /// <param name="cancel">Cancels the check.</param>
    /// <exception cref="InvalidFileException">The transcript is not prepared, or a point is not on its curve.</exception>
    /// <exception cref="ArgumentException">The domain is larger than the transcript serves.</exception>
    public static async Task<string?> FindProblemAsync(PtauFile ptau, int domainLog2, int threads, IProgress<CeremonyProgress>? progress, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(domainLog2, ptau.Power);
        await using CpuBackend backend = new(threads);
        PowersCheck check = new(ptau, domainLog2, backend, progress, cancel);
        return await check.FindProblemAsync();
    }
}
