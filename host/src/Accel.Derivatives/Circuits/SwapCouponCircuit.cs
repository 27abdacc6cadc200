using System.Numerics;
using Accel.Derivatives.Coupons;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits;

/// <summary>
/// A swap's coupon as a constraint system: what <see cref="SwapCouponReference"/> computes, proved. The page <c>host/docs/swap-coupon.md</c>
/// states it, with the attack that each check stops.
/// </summary>
/// <param name="shape">Sizes of the batch.</param>
/// <param name="face">How the public fields are shown.</param>
public sealed class SwapCouponCircuit(SwapCouponShape shape, PublicFace face) : IStatement
{
    internal const string TermsName = "coupon terms";

    private const int TermCount = 7;

    private readonly CircuitParts _parts = new();

    /// <summary>Hints of this circuit and of every gadget in it, for loading a stored circuit.</summary>
    public static HintSet Hints => new HintSet().With(CoreHints.All).With<SortedSlotHint>();

    /// <summary>Sizes of the batch.</summary>
    public SwapCouponShape Shape => shape;

    /// <inheritdoc />
    public PublicFace Face => face;

    /// <inheritdoc />
    public IReadOnlyList<CircuitPart> Parts => _parts.All;

    /// <inheritdoc />
    public string Name => $"SwapCoupon({shape}, {face})";

    /// <inheritdoc />
    public void Define(CircuitBuilder builder)
    {
        shape.Validate();
        _parts.Clear();
        PublicFields fields = _parts.Define(
            builder, "public fields", () => PublicFields.Define(builder, face, RangePublicInputs.Names).Bind("domain", "batch number"));
        FixingWires rates = _parts.Define(
            builder, "fixings: ranges, order, hash", () => FixingWires.Define(builder, FixingKind.Rate, shape.Fixings, fields["oracle time"]));
        _parts.Define(builder, "oracle signature", () => OracleGadget.Verify(builder, rates.Message, fields["oracle key hash"]));
        DueCouponWires coupon = _parts.Define(builder, "coupon: id and amount", () => DefineCoupon(builder, rates));
        RangeUpdate.Define(
            builder, _parts, fields, shape.RangeHeight, () => DefineAccounts(builder, coupon),
            [coupon.NextHalves.High.Value, coupon.NextHalves.Low.Value]);
    }

    /// <summary>The inputs of a proof of a paid coupon.</summary>
    /// <param name="circuit">The compiled circuit, of the batch's shape.</param>
    /// <param name="face">The circuit's face.</param>
    /// <param name="result">The paid coupon.</param>
    /// <exception cref="ArgumentException">The circuit has another shape.</exception>
    public static Assignment Assign(CompiledCircuit circuit, PublicFace face, SwapCouponResult result)
    {
        var assignment = new Assignment(circuit);
        PublicFields.Assign(assignment, face, result.PublicInputs.ToFields());
        FixingWires.Assign(assignment, result.Batch.Rates);
        assignment.Set(TermsName, result.Batch.Coupon is { } c
            ? [c.ResetTime, c.PayTime, c.FixedRate + Fixing.RateBias, c.AccrualNumerator, c.AccrualDenominator, c.Notional.Value, c.Next]
            : new Fr[TermCount]);
        CarriedLeaf.Assign(assignment, [.. result.Range.Accounts.Select(a => a.Before)], result.Batch.Shape.Positions);
        RangeUpdate.Assign(assignment, result.Range);
        return assignment;
    }

    private static DueCouponWires DefineCoupon(CircuitBuilder builder, FixingWires rates)
    {
        using ScopeHandle scope = builder.Scope("coupon");
        Linear[] terms = builder.SecretInputs(TermsName, TermCount);
        Integer reset = builder.ToUnsigned(terms[0], Account.TimeBits);
        Integer pay = builder.ToUnsigned(terms[1], Account.TimeBits);
        Integer fixedRate = builder.ToUnsigned(terms[2], Fixing.ValueBits);
        Integer numerator = builder.ToUnsigned(terms[3], SwapCoupon.AccrualBits);
        Integer denominator = builder.ToUnsigned(terms[4], SwapCoupon.AccrualBits);
        Integer notional = builder.ToUnsigned(terms[5], PriceTicks.Bits);
        Linear next = terms[6];
        Bit isUsed = !builder.IsZero(notional);
        Bit isDue = builder.And(isUsed, builder.IsLessOrEqual(pay, rates.Time));
        Integer floating = FloatingRate(builder, rates, reset, isDue);
        Linear accrual = WordPacker.PackHighestFirst((numerator, SwapCoupon.AccrualBits), (denominator, SwapCoupon.AccrualBits));
        Linear id = PoseidonGadget.Hash(builder, rates.Name, reset, pay, fixedRate, accrual, notional, next);

        // Both rates carry the same bias, so it cancels.
        Integer dividend = builder.Multiply(builder.Multiply(notional, floating - fixedRate), numerator);
        builder.AssertProduct(isUsed, builder.IsZero(denominator), Linear.Zero, "a coupon has a day count");
        Integer divisor = Integer.Assume(
            builder.Select(isUsed, denominator.Value, Linear.One), 1, (1 << SwapCoupon.AccrualBits) - 1, "a used coupon's denominator is not zero");
        (Integer amount, _) = builder.FloorDivide(dividend, divisor * Fixing.RateUnit);
        return new DueCouponWires(
            builder.Multiply(isDue, id), builder.Multiply(isDue, amount.Value), next, !builder.IsZero(next), IdHalves.Of(builder, next));
    }

    /// <summary>The value at the reset, of which a due coupon must have exactly one; times of the series are distinct.</summary>
    private static Integer FloatingRate(CircuitBuilder builder, FixingWires rates, in Integer reset, in Bit isDue)
    {
        Linear resets = Linear.Zero, floating = Linear.Zero;
        for (int i = 0; i < rates.Times.Length; i++)
        {
            Bit isReset = builder.And(rates.IsUsed[i], builder.IsEqual(rates.Times[i], reset));
            resets += isReset;
            floating += builder.Multiply(isReset, rates.Values[i].Value);
        }

        builder.AssertProduct(isDue, resets - 1, Linear.Zero, "the fixing of the reset is there");
        return Integer.Assume(floating, 0, (BigInteger.One << Fixing.ValueBits) - 1, "times ascend, so at most one fixing is the reset's");
    }

    private ChangedLeaf[] DefineAccounts(CircuitBuilder builder, DueCouponWires coupon)
    {
        using ScopeHandle scope = builder.Scope("accounts");
        var template = new CouponAccountTemplate(shape.Positions);
        Linear[] shared = [.. coupon.ToArray().Select(wire => builder.ToWire(wire))];
        return [.. CarriedLeaf.Inputs(builder, shape.Accounts, shape.Positions)
            .Select(leaf => ChangedLeaf.Of(builder.Call(template, [.. leaf, .. shared])))];
    }
}
