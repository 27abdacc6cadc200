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

    [Fact]
    public void Every_length_pads_its_last_block_whatever_the_block_before_held()
    {
        Fr[] elements = [.. Enumerable.Range(1, (3 * FieldSponge.Rate) + 1).Select(i => (Fr)i)];
        for (int length = 0; length <= elements.Length; length++)
        {
            Fr expected = elements[..length].Chunk(FieldSponge.Rate)
                .Aggregate(Fr.Zero, (state, block) => Poseidon.Hash([state, .. block, .. new Fr[FieldSponge.Rate - block.Length]]));
            Assert.Equal(expected, FieldSponge.Hash(elements.AsSpan(0, length)));
        }
    }
}
