using Xunit;

namespace Accel.Device.Tests;

public class DeviceMemoryTests
{
    private const int Granule = DeviceMemory.GranuleBytes;

    [Theory]
    [InlineData(1)]
    [InlineData(20251122)]
    public void Ranges_never_overlap_and_everything_comes_back(int seed)
    {
        Random random = new(seed);
        DeviceMemory memory = new(256 * Granule);
        List<DeviceBuffer> held = [];
        for (int step = 0; step < 5000; step++)
        {
            if (held.Count > 0 && random.Next(2) == 0)
            {
                int index = random.Next(held.Count);
                held[index].Dispose();
                held.RemoveAt(index);
            }
            else
            {
                try
                {
                    DeviceBuffer made = memory.Allocate(random.Next(20 * Granule));
                    Assert.Equal(0ul, made.Address.Bytes % Granule);
                    Assert.True(made.Address.Bytes + (ulong)made.LengthBytes <= 256 * Granule);
                    Assert.All(held, other => Assert.True(
                        made.Address.Bytes + (ulong)Math.Max(1, made.LengthBytes) <= other.Address.Bytes
                        || other.Address.Bytes + (ulong)Math.Max(1, other.LengthBytes) <= made.Address.Bytes));
                    held.Add(made);
                }
                catch (DeviceMemoryException)
                {
                    Assert.NotEmpty(held);
                }
            }
        }

        held.ForEach(buffer => buffer.Dispose());
        Assert.Equal(memory.SizeBytes, memory.FreeBytes);
        Assert.Equal(0ul, memory.Allocate(memory.SizeBytes).Address.Bytes);
    }

    [Fact]
    public void A_request_that_does_not_fit_says_what_would()
    {
        DeviceMemory memory = new(8 * Granule);
        using DeviceBuffer first = memory.Allocate(3 * Granule);
        DeviceMemoryException error = Assert.Throws<DeviceMemoryException>(() => memory.Allocate((5 * Granule) + 1));
        Assert.Contains("20,481", error.Message, StringComparison.Ordinal);
        Assert.Contains("20,480 of 32,768", error.Message, StringComparison.Ordinal);
        Assert.Throws<DeviceMemoryException>(() => memory.Allocate(long.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Allocate(-1));
    }

    [Fact]
    public void Giving_back_twice_gives_back_once()
    {
        DeviceMemory memory = new(4 * Granule);
        DeviceBuffer buffer = memory.Allocate(1);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Equal(memory.SizeBytes, memory.FreeBytes);
    }

    [Fact]
    public void A_memory_of_no_whole_granules_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeviceMemory(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeviceMemory(Granule + 64));
    }
}
