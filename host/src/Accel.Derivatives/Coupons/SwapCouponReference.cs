using System.Numerics;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Coupons;

/// <summary>
/// Swap coupons in plain C#: what the circuit proves, bit for bit. Each holder of the coupon is paid or pays, and moves to the next one; a
/// coupon that was paid is held by nobody, so it cannot be paid again.
/// </summary>
public static class SwapCouponReference
{
    /// <summary>Bits of the two parts in which the next coupon's id is published.</summary>
    public const int HalfBits = 127;

    /// <summary>Pays a coupon.</summary>
    /// <exception cref="SettlementException">The signature is wrong, the range is not aligned, the fixing is missing, an account holds the coupon and
    /// the next one or has more positions than the shape, there is no clearing account, or cash leaves its domain.</exception>
    /// <exception cref="ArgumentException">The coupon's terms are not valid, or the series does not fit the shape.</exception>
    public static SwapCouponResult Pay(SwapCouponBatch batch)
    {
        Check(batch);
        SwapCoupon? due = batch.Coupon is { } coupon && coupon.PayTime <= batch.Rates.Series.Time ? coupon : null;
        long amount = due?.Amount(FloatingRate(due, batch.Rates.Series)) ?? 0;
        Fr? dueId = due?.Id;
        ClearedRange range = ClearedRange.Settle(
            batch.State, batch.FirstLeaf, batch.Shape.RangeHeight, batch.Shape.Positions,
            position => position.InstrumentId == dueId ? ((Int128)position.Quantity.Value * amount, Successor(due!, position)) : (0, position));
        BigInteger next = (batch.Coupon?.Next ?? Fr.Zero).ToBigInteger();
        Fr[] words = [.. RangeDiff.Words(range), Fr.FromBigInteger(next >> HalfBits), Fr.FromBigInteger(next & ((BigInteger.One << HalfBits) - 1))];
        return new SwapCouponResult(
            batch,
            range,
            amount,
            words,
            new RangePublicInputs(
                batch.Domain, batch.BatchNumber, batch.FirstLeaf, batch.State.Root, range.NewState.Root, batch.Rates.Series.Time, batch.Rates.KeyHash,
                FieldSponge.Hash(words)));
    }

    /// <summary>What a holder of the coupon holds after it; null after the last.</summary>
    public static Position? Successor(SwapCoupon coupon, Position position) => coupon.Next.IsZero ? null
        : position with { InstrumentId = coupon.Next };

    private static long FloatingRate(SwapCoupon coupon, FixingSeries series)
    {
        foreach (Fixing fixing in series.Fixings)
        {
            if (fixing.Time == coupon.ResetTime)
            {
                return fixing.Value - Fixing.RateBias;
            }
        }

        throw new SettlementException($"the series has no fixing at {coupon.ResetTime}, the coupon's reset");
    }

    private static void Check(SwapCouponBatch batch)
    {
        batch.Shape.Validate();
        batch.Coupon?.Validate();
        if (batch.Rates.Slots != batch.Shape.Fixings)
        {
            throw new ArgumentException($"{batch.Rates.Slots} fixing slots do not fit the shape {batch.Shape}", nameof(batch));
        }

        if (!batch.Rates.IsValid || batch.Rates.Series.Kind != FixingKind.Rate)
        {
            throw new SettlementException("the fixings are no rate series with its oracle's signature");
        }

        if (batch.Coupon is { } coupon && coupon.Index != batch.Rates.Series.Name)
        {
            throw new SettlementException($"a coupon on {coupon.Index} cannot be set by a series of {batch.Rates.Series.Name}");
        }

        if (batch.Coupon is { } held && batch.State.Accounts.Any(a => a.Key >= batch.FirstLeaf && a.Key < batch.FirstLeaf + batch.Shape.Accounts
            && a.Value.Positions.Any(p => p.InstrumentId == held.Id) && a.Value.Positions.Any(p => p.InstrumentId == held.Next)))
        {
            throw new SettlementException("an account of the range holds the coupon and the next one; it must close one of them first");
        }
    }
}
