using Accel.Derivatives.State;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>
/// One fill in the order slots of all opened accounts. Inputs: pairs of slots of each account, one-hot of the account, whether the trade is
/// used, the order's nonce and quantity, the quantity of the fill (zero when unused). Outputs: the pairs after.
/// </summary>
internal sealed class OrderFillTemplate(int accounts) : ITemplate
{
    public string Key => $"OrderFill({accounts})";

    public int InputCount => (accounts * (OrderSlots.PairCount + 1)) + 4;

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        var reader = new WireReader(inputs.ToArray());
        Linear[] pairs = reader.Take(accounts * OrderSlots.PairCount);
        Linear[] account = reader.Take(accounts);
        Linear isUsed = reader.Next();
        Bit[] nonceBits = builder.ToBits(reader.Next(), OrderFill.NonceBits);
        Integer nonce = Bits.FromBits(nonceBits);
        Integer quantity = builder.ToUnsigned(reader.Next(), OrderFill.FilledBits);
        Linear fill = reader.Next();
        Bit isSecond = nonceBits[0];
        Bit[] pair = builder.OneHot(nonceBits.AsSpan(1, OrderSlots.IndexBits - 1));
        (Integer last, Integer filled) = Read(builder, pairs, account, pair, isSecond);
        Integer after = Fill(builder, (last, filled), nonce, quantity, fill, isUsed);
        Linear change = builder.Multiply(isUsed, ((nonce - last) * (1L << OrderFill.FilledBits)).Value + after.Value - filled.Value);
        return Write(builder, pairs, account, pair, builder.Multiply(change, builder.Select(isSecond, WordPacker.PowerOfTwo(OrderFill.PackedBits), Linear.One)));
    }

    private static (Integer Last, Integer Filled) Read(CircuitBuilder builder, Linear[] pairs, Linear[] account, Bit[] pair, Bit isSecond)
    {
        Linear state = Linear.Zero;
        for (int p = 0; p < pair.Length; p++)
        {
            Linear ofAccount = Linear.Sum([.. account.Select((isAccount, a) => builder.Multiply(isAccount, pairs[(a * OrderSlots.PairCount) + p]))]);
            state += builder.Multiply(pair[p], ofAccount);
        }

        Bit[] bits = builder.ToBits(state, 2 * OrderFill.PackedBits);
        return (
            builder.Select(isSecond, Part(bits, OrderFill.PackedBits + OrderFill.FilledBits, OrderFill.NonceBits), Part(bits, OrderFill.FilledBits, OrderFill.NonceBits)),
            builder.Select(isSecond, Part(bits, OrderFill.PackedBits, OrderFill.FilledBits), Part(bits, 0, OrderFill.FilledBits)));
    }

    private static Integer Part(Bit[] bits, int first, int count) => Bits.FromBits(bits.AsSpan(first, count));

    /// <summary>The order is the slot's, and goes on where it was, or a later one, and starts.</summary>
    private static Integer Fill(CircuitBuilder builder, (Integer Last, Integer Filled) slot, in Integer nonce, in Integer quantity, in Linear fill, in Linear isUsed)
    {
        Integer used = Integer.Assume(isUsed, 0, 1, "a bit that the trade holds");
        using (builder.Scope("the order is not replaced"))
        {
            builder.AssertNonNegative(builder.Multiply(used, nonce - slot.Last));
        }

        Bit isSame = builder.IsEqual(nonce, slot.Last);
        Integer after = builder.Multiply(isSame, slot.Filled) + Integer.Assume(fill, 0, 1L << Trade.QuantityBits, "a quantity that the trade holds");
        using (builder.Scope("the order is not overfilled"))
        {
            builder.AssertNonNegative(builder.Multiply(used, quantity - after));
        }

        return after;
    }

    private static Linear[] Write(CircuitBuilder builder, Linear[] pairs, Linear[] account, Bit[] pair, Linear change)
    {
        Linear[] changes = [.. pair.Select(isPair => builder.Multiply(isPair, change))];
        return [.. pairs.Select((before, i) => builder.MultiplyAdd(account[i / OrderSlots.PairCount], changes[i % OrderSlots.PairCount], before))];
    }
}
