using System.Security.Cryptography;
using Accel.Compute;

namespace Accel.Proving.Groth16;

/// <summary>
/// Bytes from the operating system's cryptographic generator. On Linux straight from its getrandom call: .NET's own generator would load and start
/// OpenSSL there, which costs a short process 4 MB and several milliseconds for 64 bytes.
/// </summary>
internal static unsafe class SystemRandom
{
    private const int BytesMax = 256;

    private static readonly delegate* unmanaged<byte*, nuint, uint, nint> GetRandom = (delegate* unmanaged<byte*, nuint, uint, nint>)CLibrary.Find("getrandom");

    /// <summary>Fills a span with at most 256 random bytes.</summary>
    /// <remarks>Up to that length getrandom gives all bytes or none (getrandom(2)).</remarks>
    public static void Fill(Span<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, BytesMax);
        fixed (byte* first = bytes)
        {
            if (GetRandom == null || GetRandom(first, (nuint)bytes.Length, 0) != bytes.Length)
            {
                RandomNumberGenerator.Fill(bytes);
            }
        }
    }
}
