using Xunit;

namespace Accel.Derivatives.Tests;

public sealed class FieldSpongeTests
{
    [Fact]
    public void Blocks_of_fifteen_are_chained_and_the_last_is_padded()
    {
        Fr[] seventeen = [.. Enumerable.Range(1, 17).Select(i => (Fr)i)];
        Fr first = Poseidon.Hash([Fr.Zero, .. seventeen[..15]]);
        Fr[] second = [first, 16, 17, .. new Fr[13]];
        Assert.Equal(15, FieldSponge.Rate);
        Assert.Equal(Poseidon.Hash(second), FieldSponge.Hash(seventeen));
        Assert.True(FieldSponge.Hash([]).IsZero);
    }
}
