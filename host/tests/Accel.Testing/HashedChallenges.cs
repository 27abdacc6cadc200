using System.Security.Cryptography;
using Accel.Proving.Solver;

namespace Accel.Testing;

/// <summary>Challenges by SHA-256 of all committed values: what a transcript gives, without a proof.</summary>
public sealed class HashedChallenges : IChallengeSource
{
    /// <summary>The source; it has no state.</summary>
    public static HashedChallenges Instance { get; } = new();

    /// <inheritdoc />
    public Fr Derive(int index, ReadOnlySpan<Fr> committed)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(index));
        Span<byte> bytes = stackalloc byte[32];
        foreach (ref readonly Fr value in committed)
        {
            value.WriteMontgomery(bytes);
            hash.AppendData(bytes);
        }

        return Fr.FromBigInteger(new System.Numerics.BigInteger(hash.GetHashAndReset(), isUnsigned: true));
    }
}
