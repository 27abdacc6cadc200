using Accel.Derivatives.Market;

namespace Accel.Derivatives.State;

/// <summary>A holding of one instrument.</summary>
/// <param name="InstrumentId"><see cref="Instrument.Id"/>.</param>
/// <param name="Quantity">Signed size; never zero in a state.</param>
public readonly record struct Position(Fr InstrumentId, PositionQuantity Quantity);

/// <summary>
/// The positions of an account: at most 32, ascending by id, without holes, hashed in four blocks of eight.
/// A statement sees the first block and takes the other three as empty.
/// </summary>
public static class PositionBlocks
{
    /// <summary>Positions in a block.</summary>
    public const int BlockSize = 8;

    /// <summary>Blocks of an account.</summary>
    public const int BlockCount = 4;

    /// <summary>Blocks of the open interest, which lists every instrument that trades.</summary>
    public const int OpenInterestBlockCount = 16;

    /// <summary>Hash of a block without positions.</summary>
    public static Fr EmptyBlock { get; } = Poseidon.Hash(new Fr[2 * BlockSize]);

    /// <summary><c>Poseidon(block₀ … block₃)</c> with block = <c>Poseidon(id₀, q₀, … id₇, q₇)</c>, zeros where there is no position.</summary>
    public static Fr Root(IReadOnlyList<Position> positions) => Poseidon.Hash(Blocks(positions, BlockCount));

    /// <summary>The same over sixteen blocks, in a tree of two levels.</summary>
    public static Fr OpenInterestRoot(IReadOnlyList<Position> openInterest) =>
        Poseidon.Hash([.. Blocks(openInterest, OpenInterestBlockCount).Chunk(BlockCount).Select(four => Poseidon.Hash(four))]);

    /// <summary>Orders ids as the state does: by their canonical integers.</summary>
    public static int Compare(Fr left, Fr right) => left.ToBigInteger().CompareTo(right.ToBigInteger());

    /// <summary>Checks that a list is one that a leaf can hold.</summary>
    /// <exception cref="ArgumentException">It is too long, out of order, or holds a quantity that is zero or outside its domain; the message says which.</exception>
    public static void Validate(IReadOnlyList<Position> positions, int blockCount)
    {
        if (positions.Count > blockCount * BlockSize)
        {
            throw new ArgumentException($"{positions.Count} positions exceed the {blockCount * BlockSize} that a leaf holds");
        }

        for (int i = 0; i < positions.Count; i++)
        {
            if (positions[i].Quantity.Value == 0 || !positions[i].Quantity.IsInDomain)
            {
                throw new ArgumentException($"position {i} has quantity {positions[i].Quantity}; expected a non-zero one within ±429496.7296");
            }

            if (positions[i].InstrumentId.IsZero || (i > 0 && Compare(positions[i - 1].InstrumentId, positions[i].InstrumentId) >= 0))
            {
                throw new ArgumentException($"position {i} is out of order; expected strictly ascending, non-zero instrument ids");
            }
        }
    }

    private static Fr[] Blocks(IReadOnlyList<Position> positions, int count)
    {
        var blocks = new Fr[count];
        for (int b = 0; b < count; b++)
        {
            blocks[b] = b * BlockSize < positions.Count ? Block(positions, b * BlockSize) : EmptyBlock;
        }

        return blocks;
    }

    private static Fr Block(IReadOnlyList<Position> positions, int start)
    {
        var elements = new Fr[2 * BlockSize];
        for (int i = 0; i < BlockSize && start + i < positions.Count; i++)
        {
            elements[2 * i] = positions[start + i].InstrumentId;
            elements[(2 * i) + 1] = positions[start + i].Quantity.Value;
        }

        return Poseidon.Hash(elements);
    }
}
