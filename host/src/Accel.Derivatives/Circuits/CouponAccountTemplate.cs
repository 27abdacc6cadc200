using Accel.Derivatives.Coupons;
using Accel.Derivatives.Market;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>What accounts see of a coupon.</summary>
/// <param name="DueId">Its id; zero unless it is due.</param>
/// <param name="Amount">Ticks that one contract receives; zero unless it is due.</param>
/// <param name="Next">Id of the next coupon; zero after the last.</param>
/// <param name="HasNext">Whether there is one.</param>
/// <param name="NextHalves">The next id for comparisons.</param>
internal sealed record DueCouponWires(Linear DueId, Linear Amount, Linear Next, Bit HasNext, IdHalves NextHalves)
{
    /// <summary>Wires in <see cref="ToArray"/>.</summary>
    public const int Count = 6;

    public Linear[] ToArray() => [DueId, Amount, Next, HasNext.Value, NextHalves.High.Value, NextHalves.Low.Value];
}

/// <summary>
/// One leaf of the range, as <see cref="SwapCouponReference"/> changes it. Inputs: the leaf, then the coupon, whose wires the caller holds to
/// their ranges. The position in the coupon leaves the list and one in the next coupon enters it where the order wants it.
/// </summary>
internal sealed class CouponAccountTemplate(int positions) : ITemplate
{
    public string Key => $"PayCoupon({positions})";

    public int InputCount => CarriedLeaf.Count(positions) + DueCouponWires.Count;

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        var reader = new WireReader(inputs.ToArray());
        CarriedLeaf leaf = CarriedLeaf.Read(builder, reader, positions);
        DueCouponWires coupon = ReadCoupon(builder, reader);
        Linear[] held = Match(builder, leaf, coupon, out Linear[] kept, out Linear quantity);
        Bit isHeld = builder.AssertBit(Linear.Sum(held));
        Linear received = builder.Multiply(quantity, coupon.Amount);
        (Linear[] ids, Linear[] quantities) = PositionListGadget.Compact(builder, kept, leaf.Ids, leaf.Quantities);
        (Linear[] newIds, Linear[] newQuantities) = Insert(builder, builder.And(isHeld, coupon.HasNext), coupon, quantity, ids, quantities);

        // The old cash is what the old leaf says; the new one is checked, and an amount is below 2⁹⁴.
        Integer newCash = builder.ToSigned(leaf.Cash + received, CashAmount.MagnitudeBits);
        return new ChangedLeaf(leaf.OldLeaf(builder), leaf.Leaf(builder, newCash, newIds, newQuantities), received, leaf.Word(newCash, held))
            .ToArray();
    }

    private static DueCouponWires ReadCoupon(CircuitBuilder builder, WireReader reader)
    {
        Integer halfMax = Integer.Constant((System.Numerics.BigInteger.One << IdHalves.Bits) - 1);
        (Linear due, Linear amount, Linear next) = (reader.Next(), reader.Next(), reader.Next());
        Bit hasNext = builder.AssertBit(reader.Next());
        return new DueCouponWires(due, amount, next, hasNext, new IdHalves(Half(reader.Next()), Half(reader.Next())));

        Integer Half(in Linear wire) => Integer.Assume(wire, 0, halfMax.Max, "split where the coupon is defined");
    }

    /// <summary>Which position is in the coupon, by equality and not by choice; its quantity; and which positions stay.</summary>
    private static Linear[] Match(CircuitBuilder builder, CarriedLeaf leaf, DueCouponWires coupon, out Linear[] kept, out Linear quantity)
    {
        using ScopeHandle scope = builder.Scope("positions");
        Bit[] used = leaf.UsedPositions(builder);
        var held = new Linear[used.Length];
        kept = new Linear[used.Length];
        quantity = Linear.Zero;
        for (int p = 0; p < used.Length; p++)
        {
            held[p] = builder.And(used[p], builder.IsEqual(leaf.Ids[p], coupon.DueId));
            kept[p] = used[p].Value - held[p];
            quantity += builder.Multiply(held[p], leaf.Quantities[p]);
        }

        quantity = builder.ToWire(quantity);
        return held;
    }

    /// <summary>
    /// Puts the next coupon's position at one slot and moves those from there on by one. The slot is advice; that its left neighbour is there
    /// and lower, and its right neighbour absent or higher, leaves one slot only. The list has room, for a position left it.
    /// </summary>
    private static (Linear[] Ids, Linear[] Quantities) Insert(
        CircuitBuilder builder, in Bit isInserted, DueCouponWires coupon, in Linear quantity, Linear[] ids, Linear[] quantities)
    {
        using ScopeHandle scope = builder.Scope("next coupon");
        Linear[] slots = [.. builder.Hint<SortedSlotHint>([isInserted, coupon.Next, .. ids], ids.Length)
            .Select(slot => builder.AssertBit(slot).Value)];
        builder.AssertEqual(Linear.Sum(slots), isInserted, "one slot");
        var newIds = new Linear[ids.Length];
        var newQuantities = new Linear[ids.Length];
        Linear left = Linear.Zero, right = Linear.Zero, isAfter = Linear.Zero;
        for (int j = 0; j < ids.Length; j++)
        {
            Linear replaced = builder.Multiply(isAfter + slots[j], ids[j]);
            newIds[j] = ids[j] - replaced + builder.Multiply(slots[j], coupon.Next);
            newQuantities[j] = quantities[j] - builder.Multiply(isAfter + slots[j], quantities[j]) + builder.Multiply(slots[j], quantity);
            if (j > 0)
            {
                newIds[j] += builder.Multiply(isAfter, ids[j - 1]);
                newQuantities[j] += builder.Multiply(isAfter, quantities[j - 1]);
                left += builder.Multiply(slots[j], ids[j - 1]);
            }

            right += builder.Multiply(slots[j], ids[j]);
            isAfter += slots[j];
        }

        builder.AssertProduct(isInserted.Value - slots[0], builder.IsZero(left), Linear.Zero, "no hole before the next coupon");
        IdHalves.AssertLessWhen(builder, isInserted, IdHalves.Of(builder, left), coupon.NextHalves);
        Bit hasRight = builder.And(isInserted, !builder.IsZero(right));
        IdHalves.AssertLessWhen(builder, hasRight, coupon.NextHalves, IdHalves.Of(builder, right));
        return (newIds, newQuantities);
    }
}

/// <summary>
/// For inputs (whether, x, a₁ &lt; … &lt; aₖ, 0, …): one-hot where x belongs among the a, or nothing. Unique while the neighbours are held
/// to their order.
/// </summary>
internal readonly struct SortedSlotHint : IHint
{
    public static string Name => "positions.sorted-slot";

    public static bool Accepts(int inputCount, int outputCount) => inputCount == outputCount + 2;

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        if (inputs[0].IsZero)
        {
            return;
        }

        System.Numerics.BigInteger x = inputs[1].ToBigInteger();
        int slot = 0;
        while (slot < outputs.Length - 1 && !inputs[2 + slot].IsZero && inputs[2 + slot].ToBigInteger() < x)
        {
            slot++;
        }

        outputs[slot] = Fr.One;
    }
}
