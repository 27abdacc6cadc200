using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>The positions of an account that fit the first block; the other three are empty.</summary>
internal static class PositionListGadget
{
    /// <summary>
    /// Moves the kept positions together without changing their order: count[j] says that j positions were kept so far, place[p][j] that p is
    /// kept and becomes the j-th. Order is inherited from the old leaf, so ids stay ascending.
    /// </summary>
    public static (Linear[] Ids, Linear[] Quantities) Compact(CircuitBuilder builder, Linear[] kept, Linear[] oldIds, Linear[] oldQuantities)
    {
        int n = kept.Length;
        var ids = new Linear[n];
        var quantities = new Linear[n];
        var count = new Linear[n + 1];
        count[0] = Linear.One;
        for (int p = 0; p < n; p++)
        {
            var next = new Linear[n + 1];
            for (int j = 0; j <= p; j++)
            {
                Linear place = builder.Multiply(kept[p], count[j]);
                ids[j] += builder.Multiply(place, oldIds[p]);
                quantities[j] += builder.Multiply(place, oldQuantities[p]);
                next[j] += count[j] - place;
                next[j + 1] += place;
            }

            count = next;
        }

        return (ids, quantities);
    }

    /// <summary><see cref="PositionBlocks.Root"/>.</summary>
    public static Linear Root(CircuitBuilder builder, Linear[] ids, Linear[] quantities)
    {
        var block = new Linear[2 * PositionBlocks.BlockSize];
        for (int p = 0; p < ids.Length; p++)
        {
            (block[2 * p], block[(2 * p) + 1]) = (ids[p], quantities[p]);
        }

        Linear empty = PositionBlocks.EmptyBlock;
        return PoseidonGadget.Hash(builder, PoseidonGadget.Hash(builder, block), empty, empty, empty);
    }
}
