using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>One opened instrument. An unused row has id zero and is not live.</summary>
/// <param name="Id">Instrument id.</param>
/// <param name="IsLive">1 when its expiry lies ahead.</param>
/// <param name="LiveSlot">Per expiry slot 1 when it is live and belongs to it.</param>
/// <param name="ScenarioTicks">Prices; meaningless unless live.</param>
internal sealed record RiskRowWires(Linear Id, Linear IsLive, Linear[] LiveSlot, Linear[] ScenarioTicks);

/// <summary>
/// The part of a <see cref="RiskMatrix"/> that a statement needs, opened from its public root. The bounds of its values were proved with the
/// root; here they are taken on trust.
/// </summary>
internal sealed record RiskMatrixWires(Integer Time, Integer MaintenanceFactor, Integer InitialFactor, DiscountTriple[] Discounts, RiskRowWires[] Rows)
{
    public const string HeaderName = "risk header";
    public const string TreeRootName = "risk tree root";
    public const string RowsName = "risk rows";
    public const string RowIndicesName = "risk row indices";
    public const string RowPathsName = "risk row paths";

    private const int FactorBits = 24;

    /// <summary>Opens rows, ascending by id, used ones first.</summary>
    public static RiskMatrixWires Define(CircuitBuilder builder, int instruments, int expiries, in Linear riskRoot)
    {
        using ScopeHandle scope = builder.Scope("risk matrix");
        Linear[] header = builder.SecretInputs(HeaderName, RiskMatrix.HeaderElements);
        Linear treeRoot = builder.SecretInput(TreeRootName);
        builder.AssertEqual(PoseidonGadget.Hash(builder, Sponge.Hash(builder, header), treeRoot), riskRoot, "risk root");
        return new RiskMatrixWires(
            Integer.Assume(header[1], 0, (1L << State.Account.TimeBits) - 1, "proved with the risk root"),
            Integer.Assume(header[2], 0, (1L << FactorBits) - 1, "proved with the risk root"),
            Integer.Assume(header[3], 0, (1L << FactorBits) - 1, "proved with the risk root"),
            [.. Enumerable.Range(0, expiries).Select(e => new DiscountTriple(header[4 + (3 * e)], header[5 + (3 * e)], header[6 + (3 * e)]))],
            OpenRows(builder, instruments, expiries, treeRoot));
    }

    /// <summary>Wires in <see cref="ToArray"/>.</summary>
    public static int Count(int instruments, int expiries) => 3 + (3 * expiries) + (instruments * (2 + expiries + ScenarioGrid.ScenarioCount));

    public Linear[] ToArray() =>
    [
        Time, MaintenanceFactor, InitialFactor,
        .. Discounts.SelectMany(d => new[] { d.Now, d.Gain, d.Loss }),
        .. Rows.SelectMany(row => (Linear[])[row.Id, row.IsLive, .. row.LiveSlot, .. row.ScenarioTicks]),
    ];

    public static RiskMatrixWires Read(WireReader reader, int instruments, int expiries) => new(
        Integer.Assume(reader.Next(), 0, (1L << State.Account.TimeBits) - 1, "proved with the risk root"),
        Integer.Assume(reader.Next(), 0, (1L << FactorBits) - 1, "proved with the risk root"),
        Integer.Assume(reader.Next(), 0, (1L << FactorBits) - 1, "proved with the risk root"),
        [.. Enumerable.Range(0, expiries).Select(_ => new DiscountTriple(reader.Next(), reader.Next(), reader.Next()))],
        [.. Enumerable.Range(0, instruments).Select(_ => new RiskRowWires(reader.Next(), reader.Next(), reader.Take(expiries), reader.Take(ScenarioGrid.ScenarioCount)))]);

    private static RiskRowWires[] OpenRows(CircuitBuilder builder, int instruments, int expiries, in Linear treeRoot)
    {
        Linear[] elements = builder.SecretInputs(RowsName, instruments * RiskMatrix.RowElements);
        Linear[] indices = builder.SecretInputs(RowIndicesName, instruments);
        Linear[] paths = builder.SecretInputs(RowPathsName, instruments * RiskMatrix.Height * MerkleGadget.SiblingsPerLevel);
        var rows = new RiskRowWires[instruments];
        for (int i = 0; i < instruments; i++)
        {
            Linear[] row = elements[(i * RiskMatrix.RowElements)..((i + 1) * RiskMatrix.RowElements)];
            Linear[] path = paths[(i * RiskMatrix.Height * MerkleGadget.SiblingsPerLevel)..((i + 1) * RiskMatrix.Height * MerkleGadget.SiblingsPerLevel)];
            Linear root = builder.Call(new RiskRowTemplate(), [.. row, indices[i], .. path])[0];
            Bit isUsed = !builder.IsZero(row[0]);
            builder.AssertProduct(isUsed, root - treeRoot, Linear.Zero, "a used row is one of the matrix");

            // Row and path of an unused slot are free, so nothing may trade or be held in it.
            builder.AssertProduct(Linear.One - isUsed.Value, row[1], Linear.Zero, "an unused row is not live");
            rows[i] = Live(builder, row, expiries);
        }

        AssertAscending(builder, [.. rows.Select(row => row.Id)]);
        return rows;
    }

    private static RiskRowWires Live(CircuitBuilder builder, Linear[] row, int expiries)
    {
        Linear[] slots = [.. Enumerable.Range(1, expiries).Select(code => builder.IsEqual(row[1], code).Value)];
        Linear isLive = Linear.Sum(slots);
        builder.AssertProduct(row[1], Linear.One - isLive, Linear.Zero, "its expiry slot is one that the statement margins");
        return new RiskRowWires(row[0], isLive, slots, row[3..(3 + ScenarioGrid.ScenarioCount)]);
    }

    /// <summary>Ids strictly ascend while they are used, so that a list of positions in this order is canonical and no instrument occurs twice.</summary>
    private static void AssertAscending(CircuitBuilder builder, Linear[] ids)
    {
        using ScopeHandle scope = builder.Scope("ids ascend");
        Linear[] keys = [.. ids.Select(id => builder.Call(new OrderKeyTemplate(), [id])[0])];
        for (int i = 1; i < ids.Length; i++)
        {
            builder.Call(new AscendingTemplate(), [keys[i - 1], keys[i], ids[i - 1], ids[i]]);
        }
    }
}

/// <summary>Inputs: a row's elements, its index, its siblings in pair order. Output: the tree's root above it.</summary>
internal sealed class RiskRowTemplate : ITemplate
{
    public string Key => "RiskRow";

    public int InputCount => RiskMatrix.RowElements + 1 + (RiskMatrix.Height * MerkleGadget.SiblingsPerLevel);

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        Bit[] index = builder.ToBits(inputs[RiskMatrix.RowElements], 2 * RiskMatrix.Height);
        Linear leaf = Sponge.Hash(builder, inputs[..RiskMatrix.RowElements]);
        return [MerkleGadget.Root(builder, leaf, index, inputs[(RiskMatrix.RowElements + 1)..])];
    }
}

/// <summary>
/// The 127 high bits of an id's canonical integer. Ids are hashes, so two that differ agree in them with a probability of 2⁻¹²⁷; such a pair could
/// not be opened in one batch.
/// </summary>
internal sealed class OrderKeyTemplate : ITemplate
{
    public const int KeyBits = 127;

    private const int LowBits = 127;

    public string Key => "OrderKey";

    public int InputCount => 1;

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs) => [Bits.FromBits(builder.ToCanonicalBits(inputs[0]).AsSpan(LowBits)).Value];
}

/// <summary>Inputs: order key of a and of b, then a and b. Where b is not zero, a is not zero and has the lower key.</summary>
internal sealed class AscendingTemplate : ITemplate
{
    public string Key => "Ascending";

    public int InputCount => 4;

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        Integer[] keys = [.. inputs[..2].ToArray().Select(key => Integer.Assume(key, 0, (System.Numerics.BigInteger.One << OrderKeyTemplate.KeyBits) - 1, "so many bits of an id"))];
        Bit isFirstUsed = !builder.IsZero(inputs[2]);
        Bit isUsed = !builder.IsZero(inputs[3]);
        builder.AssertProduct(isUsed, Linear.One - isFirstUsed.Value, Linear.Zero, "used ones come first");
        builder.AssertNonNegative(builder.Select(isUsed, keys[1] - keys[0] - 1, Integer.Constant(0)));
        return [];
    }
}
