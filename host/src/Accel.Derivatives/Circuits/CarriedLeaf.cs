using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits;

/// <summary>A leaf of which a statement changes cash and positions alone; all else is carried through as it is. An empty leaf is zero.</summary>
internal sealed record CarriedLeaf(
    Bit IsEmpty, Linear[] Key, Linear Status, Linear Cash, Linear Perpetual, Linear Indices, Linear Orders, Linear[] Ids, Linear[] Quantities)
{
    /// <summary>Fields besides the positions: whether the leaf is empty, key x and y, packed status, cash, perpetual, indices, orders root.</summary>
    public const int ScalarCount = 8;

    /// <summary>Bits of the mask in a leaf's word.</summary>
    public const int MaskBits = PositionBlocks.BlockSize;

    public const string ScalarsName = "leaf fields";
    public const string IdsName = "position ids";
    public const string QuantitiesName = "position quantities";

    private Linear Present => Linear.One - IsEmpty.Value;

    /// <summary>Wires of a leaf.</summary>
    public static int Count(int positions) => ScalarCount + (2 * positions);

    /// <summary>Declares the leaves of a range; each is an array of <see cref="Count"/> wires.</summary>
    public static Linear[][] Inputs(CircuitBuilder builder, int accounts, int positions)
    {
        Linear[][] scalars = [.. builder.SecretInputs(ScalarsName, ScalarCount * accounts).Chunk(ScalarCount)];
        Linear[][] ids = [.. builder.SecretInputs(IdsName, positions * accounts).Chunk(positions)];
        Linear[][] quantities = [.. builder.SecretInputs(QuantitiesName, positions * accounts).Chunk(positions)];
        return [.. scalars.Select((fields, a) => (Linear[])[.. fields, .. ids[a], .. quantities[a]])];
    }

    public static void Assign(Assignment assignment, Account?[] accounts, int positions)
    {
        assignment.Set(ScalarsName, [.. accounts.SelectMany(Scalars)]);
        assignment.Set(IdsName, [.. accounts.SelectMany(a => Padded(a, p => p.InstrumentId, positions))]);
        assignment.Set(QuantitiesName, [.. accounts.SelectMany(a => Padded(a, p => p.Quantity.Value, positions))]);
    }

    /// <summary>
    /// Reads a leaf in a template. An empty one must hold nothing, or it could draw cash from the clearing account; quantities are held to
    /// their range, and to zero where there is no id.
    /// </summary>
    public static CarriedLeaf Read(CircuitBuilder builder, WireReader reader, int positions)
    {
        Bit isEmpty = builder.AssertBit(reader.Next());
        var leaf = new CarriedLeaf(
            isEmpty, reader.Take(2), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Take(positions),
            reader.Take(positions));
        foreach (Linear field in (Linear[])[leaf.Cash, .. leaf.Ids])
        {
            builder.AssertProduct(leaf.IsEmpty, field, Linear.Zero, "an empty leaf holds nothing");
        }

        return leaf;
    }

    /// <summary>Whether each position is there; a quantity without an id is refused.</summary>
    public Bit[] UsedPositions(CircuitBuilder builder)
    {
        var used = new Bit[Ids.Length];
        for (int p = 0; p < used.Length; p++)
        {
            Integer quantity = builder.ToSigned(Quantities[p], PositionQuantity.MagnitudeBits);
            used[p] = !builder.IsZero(Ids[p]);
            builder.AssertProduct(Linear.One - used[p].Value, quantity, Linear.Zero, "no quantity without an instrument");
        }

        return used;
    }

    /// <summary>The leaf before.</summary>
    public Linear OldLeaf(CircuitBuilder builder) => Leaf(builder, Cash, Ids, Quantities);

    /// <summary>The leaf with other cash and positions.</summary>
    public Linear Leaf(CircuitBuilder builder, in Linear cash, Linear[] ids, Linear[] quantities) => builder.Multiply(
        Present,
        PoseidonGadget.Hash(builder, Key[0], Key[1], Status, cash, Perpetual, Indices, PositionListGadget.Root(builder, ids, quantities), Orders));

    /// <summary>Biased cash over one bit for each position, the first lowest; zero for an empty leaf.</summary>
    public Linear Word(in Integer cash, Linear[] marks)
    {
        BigInteger bias = BigInteger.One << CashAmount.MagnitudeBits;
        Integer mask = Integer.Assume(WordPacker.Pack(marks, 1), 0, (1 << marks.Length) - 1, "one bit a position");
        Linear word = WordPacker.PackHighestFirst((cash + bias, SettlementDiff.CashBits), (mask, MaskBits));
        return word - (IsEmpty.Value * WordPacker.PowerOfTwo(CashAmount.MagnitudeBits + MaskBits));
    }

    private static Fr[] Scalars(Account? a) => a is null
        ? [Fr.One, .. new Fr[ScalarCount - 1]]
        : [Fr.Zero, a.KeyX, a.KeyY, a.PackedStatus, FieldIntegers.FromInt128(a.Cash.Value), a.Perpetual, a.Indices, a.OrdersRoot];

    private static Fr[] Padded(Account? account, Func<Position, Fr> field, int count)
    {
        var padded = new Fr[count];
        for (int i = 0; i < (account?.Positions.Count ?? 0); i++)
        {
            padded[i] = field(account!.Positions[i]);
        }

        return padded;
    }
}

/// <summary>What a statement makes of a leaf: the leaf before and after, what cash it receives, and its word of the difference.</summary>
internal sealed record ChangedLeaf(Linear OldLeaf, Linear NewLeaf, Linear CashReceived, Linear Word)
{
    public static ChangedLeaf Of(Linear[] outputs) => new(outputs[0], outputs[1], outputs[2], outputs[3]);

    public Linear[] ToArray() => [OldLeaf, NewLeaf, CashReceived, Word];
}
