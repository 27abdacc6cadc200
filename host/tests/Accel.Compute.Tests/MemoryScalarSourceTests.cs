using Xunit;

namespace Accel.Compute.Tests;

public class MemoryScalarSourceTests
{
    private static readonly Fr[] Scalars = [1, 2, 3, 4, 5];

    [Fact]
    public async Task Any_range_inside_can_be_read()
    {
        MemoryScalarSource source = new(Scalars);
        Fr[] destination = new Fr[3];
        await source.ReadAsync(2, destination, TestContext.Current.CancellationToken);
        Assert.Equal(Scalars[2..], destination);
        Assert.Equal(5, source.Count);
        Assert.True(source.TryGetMemory(out ReadOnlyMemory<Fr> memory));
        Assert.Equal(Scalars, memory.ToArray());
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(4, 2)]
    [InlineData(0, 6)]
    public async Task A_range_past_the_ends_is_refused(int offset, int length)
    {
        MemoryScalarSource source = new(Scalars);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => source.ReadAsync(offset, new Fr[length], TestContext.Current.CancellationToken).AsTask());
    }
}
