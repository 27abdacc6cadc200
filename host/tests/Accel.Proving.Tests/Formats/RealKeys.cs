using System.IO.Compression;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Formats;

/// <summary>Proving keys of published circom circuits, with a witness and a proof by snarkjs each.</summary>
internal static class RealKeys
{
    public static TheoryData<string> Names { get; } =
    [
        "arianee-creditRegister", "arianee-ownershipVerifier", "darkforest-init", "darkforest-whitelist",
        "semaphore-1", "semaphore-10", "semaphore-16", "semaphore-identity",
    ];

    public static string File(string name, string file) => OutsideData.Path($"zkeys/{name}/{file}");

    public static byte[] Bytes(string name, string file) => System.IO.File.ReadAllBytes(File(name, file));

    public static byte[] WitnessBytes(string name)
    {
        using FileStream compressed = System.IO.File.OpenRead(File(name, "witness.wtns.gz"));
        using GZipStream gzip = new(compressed, CompressionMode.Decompress);
        using MemoryStream plain = new();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
