using Accel.Proving.Groth16;
using Xunit;

namespace Accel.Proving.Tests.Groth16;

/// <summary>The operating system's generator fills what it is given, and all of it.</summary>
public sealed class SystemRandomTests
{
    [Fact]
    public void Every_byte_takes_many_values()
    {
        HashSet<byte>[] seen = [.. Enumerable.Range(0, 256).Select(_ => new HashSet<byte>())];
        byte[] bytes = new byte[256];
        for (int draw = 0; draw < 64; draw++)
        {
            SystemRandom.Fill(bytes);
            for (int i = 0; i < bytes.Length; i++)
            {
                seen[i].Add(bytes[i]);
            }
        }

        // 64 draws of 256 values give 56.7 on average; 30 or fewer have a chance below 10⁻²⁰.
        Assert.All(seen, values => Assert.InRange(values.Count, 31, 64));
    }

    [Fact]
    public void Only_what_was_given_is_written()
    {
        byte[] bytes = new byte[100];
        SystemRandom.Fill(bytes.AsSpan(20, 40));
        Assert.All(bytes[..20].Concat(bytes[60..]), value => Assert.Equal(0, value));
    }

    [Fact]
    public void More_than_one_call_can_give_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => SystemRandom.Fill(new byte[257]));
}
