using System.Buffers.Binary;
using Accel.Proving.Formats;
using Xunit;

namespace Accel.Proving.Tests.Formats;

/// <summary>Spoils a good file in every way that the container knows; a reader must answer each with <see cref="InvalidFileException"/> or a value.</summary>
internal sealed class HostileFiles(byte[] good, Action<byte[]> read)
{
    private const int RandomCases = 300;

    // Parsing may build tables beside the file, but never by a count that the file only claims.
    private readonly long _allocation_bytes_max = (64L * good.Length) + (1 << 20);

    /// <summary>(start of the section's header, start of its content, end of its content) of each section.</summary>
    private readonly (int Header, int Start, int End)[] _sections = Sections(good);

    public void CutAtEverySectionBoundary()
    {
        foreach ((int header, int start, int end) in _sections)
        {
            foreach (int length in (int[])[header, header + 4, start, start + ((end - start) / 2), end - 1])
            {
                MustRefuse(good[..length], $"cut to {length} bytes");
            }
        }
    }

    public void CutAnywhere(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < RandomCases; i++)
        {
            int length = random.Next(good.Length);
            MustRefuse(good[..length], $"seed {seed}: cut to {length} bytes");
        }
    }

    public void FlipBits(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < RandomCases; i++)
        {
            byte[] bad = [.. good];
            int at = random.Next(good.Length);
            bad[at] ^= (byte)(1 << random.Next(8));
            MayRefuse(bad, $"seed {seed}: bit flipped at byte {at}");
        }
    }

    public void ClaimGiantCounts()
    {
        foreach ((int header, int start, int end) in _sections)
        {
            foreach (ulong length in (ulong[])[ulong.MaxValue, long.MaxValue, 1UL << 63, (ulong)good.Length, (ulong)(end - start) + 1])
            {
                byte[] bad = [.. good];
                BinaryPrimitives.WriteUInt64LittleEndian(bad.AsSpan(header + 4), length);
                MustRefuse(bad, $"section at byte {header} claims {length} bytes");
            }

            for (int at = start; at + 4 <= Math.Min(end, start + 128); at += 4)
            {
                foreach (uint count in (uint[])[uint.MaxValue, int.MaxValue, 0x4000_0000, 0x0100_0000])
                {
                    byte[] bad = [.. good];
                    BinaryPrimitives.WriteUInt32LittleEndian(bad.AsSpan(at), count);
                    MayRefuse(bad, $"bytes {at} to {at + 4} claim {count}");
                }
            }
        }
    }

    public void BreakTheTable()
    {
        MustRefuse([], "empty");
        MustRefuse([.. good, 0], "one byte after the last section");
        MustRefuse(WithUInt32(0, 0x21212121), "another magic");
        MustRefuse(WithUInt32(4, 99), "another version");
        MustRefuse(WithUInt32(8, uint.MaxValue), "too many sections claimed");
        MustRefuse(WithUInt32(8, (uint)_sections.Length + 1), "one section too many claimed");
        MustRefuse(WithUInt32(8, (uint)_sections.Length - 1), "one section too few claimed");
        MustRefuse(WithUInt32(_sections[0].Header, 77), "an unknown section");
        MustRefuse(WithUInt32(_sections[1].Header, BinaryPrimitives.ReadUInt32LittleEndian(good.AsSpan(_sections[0].Header))), "a section twice");
        foreach ((int header, _, int end) in _sections)
        {
            byte[] without = [.. good[..header], .. good[end..]];
            BinaryPrimitives.WriteUInt32LittleEndian(without.AsSpan(8), (uint)_sections.Length - 1);
            MustRefuse(without, $"section at byte {header} left out");

            byte[] longer = [.. good[..end], 0, .. good[end..]];
            BinaryPrimitives.WriteUInt64LittleEndian(longer.AsSpan(header + 4), (ulong)(end - header - 12) + 1);
            MustRefuse(longer, $"one byte after the content of the section at byte {header}");
        }
    }

    private static (int Header, int Start, int End)[] Sections(byte[] file)
    {
        List<(int, int, int)> sections = [];
        for (int at = 12; at < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at + 4));
            sections.Add((at, at + 12, at + 12 + length));
            at += 12 + length;
        }

        return [.. sections];
    }

    private byte[] WithUInt32(int at, uint value)
    {
        byte[] bad = [.. good];
        BinaryPrimitives.WriteUInt32LittleEndian(bad.AsSpan(at), value);
        return bad;
    }

    private void MustRefuse(byte[] bad, string what) => Assert.True(Refuses(bad, what), $"{what}: accepted");

    private void MayRefuse(byte[] bad, string what) => Refuses(bad, what);

    private bool Refuses(byte[] bad, string what)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool refused = false;
        try
        {
            read(bad);
        }
        catch (InvalidFileException exception)
        {
            Assert.StartsWith("hostile", exception.Message, StringComparison.Ordinal);
            Assert.Equal("hostile", exception.File);
            refused = true;
        }
        catch (Exception exception)
        {
            Assert.Fail($"{what}: {exception}");
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= _allocation_bytes_max, $"{what}: {allocated} bytes were allocated for a file of {bad.Length}");
        return refused;
    }
}
