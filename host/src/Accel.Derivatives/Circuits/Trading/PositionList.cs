using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>
/// The canonical list of positions of a quantity per instrument: the non-zero ones, moved together. Instruments ascend by id, so the list does,
/// and it is the only one: neither list nor matching is advice.
/// </summary>
internal static class PositionList
{
    /// <summary>Root over four blocks, as an account's positions are hashed.</summary>
    public static Linear Root(CircuitBuilder builder, Linear[] ids, Linear[] quantities, int blocks) =>
        PoseidonGadget.Hash(builder, BlockHashes(builder, ids, quantities, blocks, PositionBlocks.BlockCount));

    /// <summary>Root over sixteen blocks in two levels, as the open interest is hashed.</summary>
    public static Linear OpenInterestRoot(CircuitBuilder builder, Linear[] ids, Linear[] quantities, int blocks)
    {
        Linear[] hashes = BlockHashes(builder, ids, quantities, blocks, PositionBlocks.OpenInterestBlockCount);
        Fr empty = Poseidon.Hash([.. Enumerable.Repeat(PositionBlocks.EmptyBlock, PositionBlocks.BlockCount)]);
        return PoseidonGadget.Hash(builder, [.. hashes.Chunk(PositionBlocks.BlockCount).Select((four, i) => i * PositionBlocks.BlockCount < blocks ? PoseidonGadget.Hash(builder, four) : (Linear)empty)]);
    }

    private static Linear[] BlockHashes(CircuitBuilder builder, Linear[] ids, Linear[] quantities, int blocks, int count)
    {
        Linear[] elements = Compact(builder, ids, quantities, blocks * PositionBlocks.BlockSize);
        return
        [
            .. elements.Chunk(2 * PositionBlocks.BlockSize).Select(block => PoseidonGadget.Hash(builder, block)),
            .. Enumerable.Repeat((Linear)PositionBlocks.EmptyBlock, count - blocks),
        ];
    }

    /// <summary>
    /// Id and quantity of each place, alternating. count[j] says that j quantities so far were not zero; a quantity's place is that count, never a choice.
    /// </summary>
    private static Linear[] Compact(CircuitBuilder builder, Linear[] ids, Linear[] quantities, int places)
    {
        using ScopeHandle scope = builder.Scope("list of positions");
        var list = new Linear[2 * places];
        var count = new Linear[places + 1];
        count[0] = Linear.One;
        for (int i = 0; i < ids.Length; i++)
        {
            Bit isHeld = !builder.IsZero(quantities[i]);
            var next = (Linear[])count.Clone();
            for (int j = 0; j <= Math.Min(i, places - 1); j++)
            {
                Linear isHere = builder.Multiply(isHeld, count[j]);
                list[2 * j] += builder.Multiply(isHere, ids[i]);
                list[(2 * j) + 1] += builder.Multiply(isHere, quantities[i]);
                next[j] -= isHere;
                next[j + 1] += isHere;
            }

            if (i >= places)
            {
                builder.AssertProduct(isHeld, count[places], Linear.Zero, "no more positions than the statement allows");
            }

            count = next;
        }

        return list;
    }
}
