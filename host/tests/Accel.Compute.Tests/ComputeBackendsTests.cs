using Xunit;

namespace Accel.Compute.Tests;

public class ComputeBackendsTests
{
    [Fact]
    public async Task Every_listed_kind_can_be_made()
    {
        foreach (string kind in ComputeBackends.Kinds)
        {
            await using IComputeBackend backend = ComputeBackends.Create(kind, threads: 1);
            Assert.Equal(kind, backend.Info.Kind);
        }
    }

    [Fact]
    public void An_unknown_kind_is_answered_with_those_that_exist()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ComputeBackends.Create("abacus"));
        Assert.Contains("'abacus'", error.Message, StringComparison.Ordinal);
        Assert.All(ComputeBackends.Kinds, kind => Assert.Contains(kind, error.Message, StringComparison.Ordinal));
    }
}
