using Accel.Device.Link;
using Accel.Testing;
using Xunit;

namespace Accel.Device.Tests.Link;

public class FrameTests
{
    private const uint HostNumber = 0x11223344;
    private const uint DeviceNumber = 0x55667788;
    private const uint Session = HostNumber ^ DeviceNumber;

    public static TheoryData<FrameHeader, string, string> Vectors => new()
    {
        {
            new FrameHeader(FrameType.Hello, 0, 8, HostNumber, 0, 0), "0100000000000000",
            "acce1f5b0100080044332211000000004e7798970100000000000000b293ec1d"
        },
        {
            new FrameHeader(FrameType.Welcome, 0, 16, HostNumber, 0, 0), "01000000887766550700000008000804",
            "acce1f5b0200100044332211000000000c36650f010000008877665507000000080008046f552b8c"
        },
        { new FrameHeader(FrameType.Acknowledge, 0, 0, Session, 0, 0), "", "acce1f5b04000000cc4444440000000055443217" },
        {
            new FrameHeader(FrameType.Data, LinkChannels.RegisterRead, 4, Session, 0, 0), "10000000",
            "acce1f5b03010400cc4444440000000083ea7b3510000000b1380158"
        },
    };

    [Fact]
    public void The_checksum_is_that_of_the_standard()
    {
        // RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
        Assert.Equal(0xe3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(0x8a9136aau, Crc32C.Of(new byte[32]));
        byte[] ones = new byte[32];
        ones.AsSpan().Fill(0xff);
        Assert.Equal(0x62a8ab43u, Crc32C.Of(ones));
        byte[] rising = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        Assert.Equal(0x46dd794eu, Crc32C.Of(rising));
        Assert.Equal(0x46dd794eu, ~Crc32C.Append(Crc32C.Append(Crc32C.Start, rising.AsSpan(0, 13)), rising.AsSpan(13)));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Frames_are_those_of_the_description(FrameHeader header, string payload, string frame)
    {
        byte[] written = new byte[header.FrameBytes];
        Assert.Equal(written.Length, header.Write(Convert.FromHexString(payload), written));
        Assert.Equal(frame, Convert.ToHexStringLower(written));
        Assert.Equal([(FrameEvent.Frame, header, payload)], ReadAll(new FrameParser(1032), [written]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_is_written_is_read_whatever_the_pieces(int seed)
    {
        Random random = new(seed);
        FrameParser parser = new(512);
        for (int round = 0; round < TestScale.Count(300); round++)
        {
            List<(FrameEvent, FrameHeader, string)> expected = [];
            List<byte> stream = [];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                (FrameHeader header, byte[] payload, byte[] frame) = RandomFrame(random);
                stream.AddRange(frame);
                stream.AddRange(new byte[random.Next(3) == 0 ? random.Next(40) : 0]);
                expected.Add((FrameEvent.Frame, header, Convert.ToHexStringLower(payload)));
            }

            Assert.Equal(expected, ReadAll(parser, Cut([.. stream], random)));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Damage_is_never_taken_for_a_frame_and_a_gap_ends_it(int seed)
    {
        Random random = new(seed);
        FrameParser parser = new(512);
        for (int round = 0; round < TestScale.Count(2000); round++)
        {
            (FrameHeader header, byte[] payload, byte[] frame) = RandomFrame(random);
            byte[] damaged = (byte[])frame.Clone();
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            }

            bool isDamaged = !damaged.AsSpan().SequenceEqual(frame);
            byte[] noise = new byte[random.Next(100)];
            random.NextBytes(noise);

            // A header that survives may make the parser wait for a payload: what fills it up is the longest gap.
            byte[] stream = [.. noise, .. random.Next(2) == 0 ? damaged : damaged[..random.Next(damaged.Length)], .. new byte[512 + 24], .. frame];
            List<(FrameEvent Event, FrameHeader Header, string Payload)> found = ReadAll(parser, Cut(stream, random));
            Assert.Equal((FrameEvent.Frame, header, Convert.ToHexStringLower(payload)), found[^1]);
            Assert.True(!isDamaged || found[..^1].TrueForAll(f => f.Event == FrameEvent.Damaged), $"round {round}: damage passed");
        }
    }

    [Fact]
    public void A_short_gap_is_enough_after_any_false_header()
    {
        // Sync bytes all over, in every phase: each false start swallows 20 bytes, and must not swallow the frame behind the gap.
        (FrameHeader header, _, byte[] frame) = RandomFrame(new Random(5));
        for (int cut = 0; cut < 64; cut++)
        {
            byte[] stream = [.. Enumerable.Range(0, 400 + cut).Select(i => FrameHeader.Sync[i % 4]), .. new byte[FrameHeader.Bytes], .. frame];
            Assert.Equal(header, Assert.Single(ReadAll(new FrameParser(512), [stream])).Header);
        }
    }

    [Fact]
    public void The_payload_of_one_frame_does_not_pass_behind_the_header_of_another()
    {
        byte[] first = new byte[FrameHeader.FrameBytesOf(64)];
        byte[] second = new byte[first.Length];
        new FrameHeader(FrameType.Data, LinkChannels.MemoryWrite, 64, Session, 7, 1).Write(new byte[64], first);
        byte[] ones = new byte[64];
        ones.AsSpan().Fill(1);
        new FrameHeader(FrameType.Data, LinkChannels.MemoryWrite, 64, Session, 8, 1).Write(ones, second);
        byte[] mixed = [.. first[..FrameHeader.Bytes], .. second[FrameHeader.Bytes..]];
        Assert.Equal(FrameEvent.Damaged, Assert.Single(ReadAll(new FrameParser(64), [mixed])).Event);
    }

    [Fact]
    public void Lengths_that_no_frame_has_are_refused()
    {
        byte[] frame = new byte[FrameHeader.FrameBytesOf(516)];
        Assert.Throws<ArgumentException>(() => new FrameHeader(FrameType.Data, 1, 5, Session, 0, 0).Write(new byte[5], frame));
        Assert.Throws<ArgumentException>(() => new FrameHeader(FrameType.Data, 1, 8, Session, 0, 0).Write(new byte[4], frame));
        new FrameHeader(FrameType.Data, 1, 516, Session, 0, 0).Write(new byte[516], frame);
        FrameParser parser = new(512);
        Assert.Empty(ReadAll(parser, [frame]));
        Assert.Equal(1, parser.HeadersRefused);
    }

    [Fact]
    public void The_parser_survives_noise_and_allocates_nothing()
    {
        Random random = new(6);
        byte[] noise = new byte[1 << 20];
        random.NextBytes(noise);
        for (int at = 0; at + 24 < noise.Length; at += random.Next(24, 300))
        {
            FrameHeader.Sync.CopyTo(noise.AsSpan(at));
            if (random.Next(2) == 0)
            {
                new FrameHeader((FrameType)random.Next(9), (byte)random.Next(256), 0, (uint)random.Next(), 0, 0).Write([], noise.AsSpan(at));
            }
        }

        FrameParser parser = new(512);
        int frames = Count(parser, noise);
        int again = 0;
        AllocationAssert.Nothing(() => AllocationAssert.BytesOf(() => again = Count(parser, noise)));
        Assert.Equal(frames, again);
        Assert.InRange(frames, 100, 10_000);
    }

    private static int Count(FrameParser parser, byte[] bytes)
    {
        parser.Reset();
        int frames = 0;
        for (int at = 0; at < bytes.Length; at += 1000)
        {
            ReadOnlySpan<byte> input = bytes.AsSpan(at, Math.Min(1000, bytes.Length - at));
            while (parser.Read(ref input, out _, out _) is var found && found != FrameEvent.None)
            {
                frames += found == FrameEvent.Frame ? 1 : 0;
            }
        }

        return frames;
    }

    private static (FrameHeader Header, byte[] Payload, byte[] Frame) RandomFrame(Random random)
    {
        byte[] payload = new byte[4 * random.Next(random.Next(2) == 0 ? 3 : 129)];
        random.NextBytes(payload);
        FrameHeader header = new(
            (FrameType)random.Next(1, 8), (byte)random.Next(256), payload.Length,
            (uint)random.NextInt64(1L << 32), (ushort)random.Next(1 << 16), (ushort)random.Next(1 << 16));
        byte[] frame = new byte[header.FrameBytes];
        header.Write(payload, frame);
        return (header, payload, frame);
    }

    private static IEnumerable<byte[]> Cut(byte[] bytes, Random random)
    {
        int largest = random.Next(3) switch { 0 => 2, 1 => 50, _ => bytes.Length + 1 };
        for (int at = 0; at < bytes.Length;)
        {
            int piece = Math.Min(bytes.Length - at, random.Next(1, largest + 1));
            yield return bytes[at..(at + piece)];
            at += piece;
        }
    }

    private static List<(FrameEvent Event, FrameHeader Header, string Payload)> ReadAll(FrameParser parser, IEnumerable<byte[]> pieces)
    {
        List<(FrameEvent, FrameHeader, string)> found = [];
        foreach (byte[] piece in pieces)
        {
            ReadOnlySpan<byte> input = piece;
            while (parser.Read(ref input, out FrameHeader header, out ReadOnlySpan<byte> payload) is var what && what != FrameEvent.None)
            {
                found.Add((what, header, Convert.ToHexStringLower(payload)));
            }

            Assert.True(input.IsEmpty);
        }

        return found;
    }
}
