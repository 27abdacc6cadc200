using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Coupons;

/// <summary>
/// One coupon of an interest-rate swap, and by its id all that follow: who holds q contracts receives q·notional·(floating − fixed)·accrual,
/// pays it when that is negative, and then holds q contracts of the next coupon. A schedule is a chain of coupons, so periods, rates and
/// notionals may differ from one to the next; nothing follows the last.
/// </summary>
public sealed record SwapCoupon
{
    /// <summary>Bits of numerator and denominator of the accrual.</summary>
    public const int AccrualBits = 16;

    /// <summary>Name of the floating rate's index, a ticker.</summary>
    public required string Index { get; init; }

    /// <summary>Unix second of the fixing that sets the floating rate, in [1, 2⁴⁰).</summary>
    public required long ResetTime { get; init; }

    /// <summary>Unix second of payment, not before the reset, below 2⁴⁰.</summary>
    public required long PayTime { get; init; }

    /// <summary>Fixed rate in 10⁻⁸ per year, in [−2³⁵, 2³⁵).</summary>
    public required long FixedRate { get; init; }

    /// <summary>Days of the period as the convention counts them, in [1, 2¹⁶).</summary>
    public required int AccrualNumerator { get; init; }

    /// <summary>Days of the convention's year, such as 360, in [1, 2¹⁶).</summary>
    public required int AccrualDenominator { get; init; }

    /// <summary>Notional of one contract, at least a tick.</summary>
    public required PriceTicks Notional { get; init; }

    /// <summary>Id of the next coupon; zero after the last.</summary>
    public required Fr Next { get; init; }

    /// <summary>
    /// <c>Poseidon(index, reset, pay, fixedRate + 2³⁵, numerator·2¹⁶ + denominator, notional, next)</c>; its seven inputs keep it apart
    /// from options.
    /// </summary>
    public Fr Id => Poseidon.Hash(
    [
        Instrument.UnderlyingId(Index), ResetTime, PayTime, FixedRate + Fixing.RateBias,
        ((long)AccrualNumerator << AccrualBits) + AccrualDenominator, Notional.Value, Next,
    ]);

    /// <summary>
    /// Ticks that one contract receives, negative when it pays: notional·(floating − fixed)·numerator / (denominator·10⁸), floored once.
    /// </summary>
    /// <param name="floatingRate">10⁻⁸ per year.</param>
    public long Amount(long floatingRate)
    {
        BigInteger dividend = (BigInteger)Notional.Value * (floatingRate - FixedRate) * AccrualNumerator;
        BigInteger divisor = (BigInteger)AccrualDenominator * Fixing.RateUnit;
        BigInteger quotient = BigInteger.DivRem(dividend, divisor, out BigInteger remainder);
        return (long)(remainder.Sign < 0 ? quotient - 1 : quotient);
    }

    /// <summary>Checks that every term lies in its domain.</summary>
    /// <exception cref="ArgumentException">One does not; the message says what would be right.</exception>
    public void Validate()
    {
        Instrument.UnderlyingId(Index);
        Require(ResetTime > 0 && ResetTime <= PayTime && PayTime < 1L << Account.TimeBits,
            $"reset {ResetTime} and payment {PayTime} must be in order within [1, 2^40)");
        Require(FixedRate is >= -Fixing.RateBias and < Fixing.RateBias, $"fixed rate {FixedRate} must be within ±2^35");
        Require(AccrualNumerator is > 0 and < 1 << AccrualBits, $"accrual numerator {AccrualNumerator} must be in [1, 2^16)");
        Require(AccrualDenominator is > 0 and < 1 << AccrualBits, $"accrual denominator {AccrualDenominator} must be in [1, 2^16)");
        Require(Notional.Value is > 0 and < 1L << PriceTicks.Bits, $"notional {Notional} must be above 0 and below 2^36 ticks");
    }

    private static void Require(bool condition, string expectation)
    {
        if (!condition)
        {
            throw new ArgumentException($"swap coupon: {expectation}");
        }
    }
}
