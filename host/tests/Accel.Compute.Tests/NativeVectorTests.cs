using System.Buffers;
using System.IO.MemoryMappedFiles;
using Xunit;

namespace Accel.Compute.Tests;

/// <summary>Memory outside the collector's heap, and pages that go back to the system while their addresses stay.</summary>
public sealed class NativeVectorTests
{
    [Fact]
    public void Values_are_kept_at_an_aligned_address_until_disposal()
    {
        NativeVector<ulong> vector = new(1000);
        vector.GetSpan().Fill(7);
        using (MemoryHandle pin = vector.Memory.Pin())
        {
            unsafe
            {
                Assert.Equal(0, (long)pin.Pointer % 64);
            }
        }

        Assert.Equal(1000, vector.Memory.Length);
        Assert.Equal(Enumerable.Repeat(7UL, 1000), vector.Memory.ToArray());

        Memory<ulong> memory = vector.Memory;
        ((IDisposable)vector).Dispose();
        ((IDisposable)vector).Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => memory.Pin());
        Assert.Throws<ObjectDisposedException>(vector.Discard);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    [InlineData(300_000)]
    public void A_discarded_vector_takes_values_again(int length)
    {
        NativeVector<int> vector = new(length);
        vector.GetSpan().Fill(1);
        vector.Discard();
        vector.GetSpan().Fill(2);
        Assert.Equal(2L * length, vector.Memory.ToArray().Sum(value => (long)value));
        ((IDisposable)vector).Dispose();
    }

    [Fact]
    public void A_discarded_vector_does_not_touch_its_neighbours()
    {
        NativeVector<byte>[] vectors = [.. Enumerable.Range(0, 20).Select(i => new NativeVector<byte>(3000 + (1000 * i)))];
        foreach (NativeVector<byte> vector in vectors)
        {
            vector.GetSpan().Fill(3);
        }

        for (int i = 0; i < vectors.Length; i += 2)
        {
            vectors[i].Discard();
        }

        Assert.All(vectors.Where((_, i) => i % 2 == 1), vector => Assert.False(vector.GetSpan().ContainsAnyExcept((byte)3)));
        Array.ForEach(vectors, vector => ((IDisposable)vector).Dispose());
    }

    [Fact]
    public unsafe void Released_pages_of_a_file_come_back_as_they_were()
    {
        string path = Path.Combine(Path.GetTempPath(), $"accel-pages-{Environment.ProcessId}");
        byte[] content = new byte[100_001];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(path, content);
        try
        {
            using MemoryMappedFile file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            using MemoryMappedViewAccessor view = file.CreateViewAccessor(0, content.Length, MemoryMappedFileAccess.Read);
            byte* start = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            foreach ((int from, int length) in new[] { (0, content.Length), (1, 1), (4095, 2), (5000, 90_000), (100_000, 1), (0, 0) })
            {
                ResidentPages.ReleaseMapped(start + from, length);
                Assert.Equal(content, new ReadOnlySpan<byte>(start, content.Length));
            }

            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
        finally
        {
            File.Delete(path);
        }
    }
}
