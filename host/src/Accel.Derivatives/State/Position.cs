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

    /// <summary>Hash of a block without positions.</summary>
    public static Fr EmptyBlock { get; } = Poseidon.Hash(new Fr[2 * BlockSize]);

    /// <summary><c>Poseidon(block₀ … block₃)</c> with block = <c>Poseidon(id₀, q₀, … id₇, q₇)</c>, zeros where there is no position.</summary>
    public static Fr Root(IReadOnlyList<Position> positions)
    {
        var blocks = new Fr[BlockCount];
        for (int b = 0; b < BlockCount; b++)
        {
            blocks[b] = b * BlockSize < positions.Count ? Block(positions, b * BlockSize) : EmptyBlock;
        }

        return Poseidon.Hash(blocks);
    }

    /// <summary>Orders ids as the state does: by their canonical integers.</summary>
    public static int Compare(Fr left, Fr right) => left.ToBigInteger().CompareTo(right.ToBigInteger());

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
