using System.Text;
using Xunit;

namespace Accel.Algebra.Tests;

public sealed class Blake512Tests
{
    /// <summary>One and 144 zero bytes are the submission's examples; 111 and 112 are the lengths at which the padding needs its two bits in one byte and a second block.</summary>
    [Theory]
    [InlineData(0, "a8cfbbd73726062df0c6864dda65defe58ef0cc52a5625090fa17601e1eecd1b628e94f396ae402a00acc9eab77b4d4c2e852aaaa25a636d80af3fc7913ef5b8")]
    [InlineData(1, "97961587f6d970faba6d2478045de6d1fabd09b61ae50932054d52bc29d31be4ff9102b9f69e2bbdb83be13d4b9c06091e5fa0b48bd081b634058be0ec49beb3")]
    [InlineData(111, "125695c5cc01de48d8b107c101778fc447a55ad3440a17dc153c6c652faecdbf017aed68f4f48826b9dfc413ef8f14ae7dfd8b74a0afcf47b61ce7dcb1058976")]
    [InlineData(112, "aa42836448c9db34e0e45a49f916b54c25c9eefe3f9f65db0c13654bcbd9a938c24251f3bedb7105fa4ea54292ce9ebf5adea15ce530fb71cdf409387a78c6ff")]
    [InlineData(144, "313717d608e9cf758dcb1eb0f0c3cf9fc150b2d500fb33f51c52afc99d358a2f1374b8a38bba7974e7f6ef79cab16f22ce1e649d6e01ad9589c213045d545dde")]
    public void DigestOfZeroBytesIsThePublishedOne(int length, string expected)
    {
        byte[] digest = Blake512.Hash(new byte[length]);
        Assert.Equal(Blake512.DigestLength, digest.Length);
        Assert.Equal(expected, Convert.ToHexStringLower(digest));
    }

    [Fact]
    public void DigestOfTextIsThePublishedOne() => Assert.Equal(
        "1f7e26f63b6ad25a0896fd978fd050a1766391d2fd0471a77afb975e5034b7ad2d9ccf8dfb47abbbe656e1b82fbc634ba42ce186e8dc5e1ce09a885d41f43451",
        Convert.ToHexStringLower(Blake512.Hash(Encoding.ASCII.GetBytes("The quick brown fox jumps over the lazy dog"))));
}
