using System.Text;
using Org.BouncyCastle.Crypto.Digests;

namespace Accel.Network.Evm;

/// <summary>Keccak-256 with Keccak's original padding, as Ethereum uses it; not SHA3-256.</summary>
public static class Keccak256
{
    /// <summary>The 32-byte digest.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> message)
    {
        KeccakDigest digest = new(256);
        digest.BlockUpdate(message);
        byte[] hash = new byte[32];
        digest.DoFinal(hash, 0);
        return hash;
    }

    /// <summary>First four bytes of the digest of a signature such as <c>transfer(address,uint256)</c>: the selector of a function or an error.</summary>
    public static byte[] Selector(string signature) => Hash(Encoding.ASCII.GetBytes(signature))[..4];
}
