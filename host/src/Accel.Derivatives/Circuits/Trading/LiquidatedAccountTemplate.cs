using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.State;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>The private fields of an account that is liquidated, and the terms of the bid for it.</summary>
/// <param name="IsUsed">Whether there is a liquidation; a bit that the caller holds.</param>
/// <param name="KeyX">x of the owner's key.</param>
/// <param name="KeyY">y of the owner's key.</param>
/// <param name="Nonce">Count of the owner's signed actions.</param>
/// <param name="Status">Flags.</param>
/// <param name="FlaggedAt">Since when it is flagged.</param>
/// <param name="Cash">Cash before.</param>
/// <param name="Indices">Left alone.</param>
/// <param name="Orders">Root of the order slots, left alone.</param>
/// <param name="Scenario">One-hot: the scenario that shows it below maintenance.</param>
/// <param name="Share">Share that is taken, in 10⁻⁶; held to its width by the caller.</param>
/// <param name="Quantities">Per opened instrument, before.</param>
internal sealed record LiquidatedAccountWires(
    Linear IsUsed, Linear KeyX, Linear KeyY, Linear Nonce, Linear Status, Linear FlaggedAt, Linear Cash, Linear Indices, Linear Orders, Linear[] Scenario, Linear Share, Linear[] Quantities)
{
    public static int Count(LiquidationShape shape) => 10 + ScenarioGrid.ScenarioCount + shape.Instruments;

    public Linear[] ToArray() => [IsUsed, KeyX, KeyY, Nonce, Status, FlaggedAt, Cash, Indices, Orders, .. Scenario, Share, .. Quantities];

    public static LiquidatedAccountWires Read(WireReader reader, LiquidationShape shape) => new(
        reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(),
        reader.Take(ScenarioGrid.ScenarioCount), reader.Next(), reader.Take(shape.Instruments));
}

/// <summary>What a liquidation yields.</summary>
/// <param name="OldLeaf">The liquidated leaf before.</param>
/// <param name="NewLeaf">And after.</param>
/// <param name="Payment">What the liquidator pays, at most 2⁸¹ in magnitude.</param>
/// <param name="Taken">Per opened instrument.</param>
/// <param name="LongChanges">What the account's long positions changed by.</param>
internal sealed record LiquidatedWires(Linear OldLeaf, Linear NewLeaf, Linear Payment, Linear[] Taken, Linear[] LongChanges)
{
    public Linear[] ToArray() => [OldLeaf, NewLeaf, Payment, .. Taken, .. LongChanges];

    public static LiquidatedWires Of(Linear[] outputs)
    {
        int instruments = (outputs.Length - 3) / 2;
        return new LiquidatedWires(outputs[0], outputs[1], outputs[2], outputs[3..(3 + instruments)], outputs[(3 + instruments)..]);
    }
}

/// <summary>
/// The account that is liquidated, as <see cref="LiquidationReference"/> does it. Inputs: <see cref="LiquidatedAccountWires"/>, the auction's
/// greatest discount, its seconds, the buffer, then the risk matrix. Outputs: <see cref="LiquidatedWires"/>.
/// </summary>
internal sealed class LiquidatedAccountTemplate(LiquidationShape shape) : ITemplate
{
    private const int NonceBits = 64;
    private const long Unit = VenueParameters.Unit;

    public string Key => $"LiquidatedAccount({shape})";

    public int InputCount => LiquidatedAccountWires.Count(shape) + 3 + RiskMatrixWires.Count(shape.Instruments, shape.Expiries);

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        var reader = new WireReader(inputs.ToArray());
        LiquidatedAccountWires account = LiquidatedAccountWires.Read(reader, shape);
        Integer discountMax = Integer.Assume(reader.Next(), 0, (1L << VenueParameters.RateBits) - 1, "checked where the parameters are defined");
        Integer seconds = Integer.Assume(reader.Next(), 1, 1L << VenueParameters.AuctionBits, "checked where the parameters are defined");
        Integer buffer = Integer.Assume(reader.Next(), 0, (1L << VenueParameters.RateBits) - 1, "checked where the parameters are defined");
        RiskMatrixWires risk = RiskMatrixWires.Read(reader, shape.Instruments, shape.Expiries);
        Integer isUsed = Integer.Assume(account.IsUsed, 0, 1, "a bit that the caller holds");
        Integer share = Integer.Assume(account.Share, 0, (1L << VenueParameters.RateBits) - 1, "held to its width by the caller");
        Integer taken = builder.Multiply(isUsed, share);
        (Linear packedStatus, Integer discount) = Auction(builder, account, risk.Time, discountMax, seconds);
        Integer requirement = AssertBelowMaintenance(builder, account, risk, isUsed, taken, discount, buffer);

        Linear[] changes = new Linear[shape.Instruments];
        Linear[] longChanges = new Linear[shape.Instruments];
        for (int i = 0; i < changes.Length; i++)
        {
            (changes[i], longChanges[i]) = Take(builder, account.Quantities[i], taken);
        }

        Linear payment = Payment(builder, risk, changes, builder.Multiply(taken, discount), requirement);
        Integer cashAfter = builder.ToSigned(account.Cash + payment, CashAmount.MagnitudeBits);
        Linear[] ids = [.. risk.Rows.Select(row => row.Id)];
        Linear[] after = [.. account.Quantities.Zip(changes, (quantity, change) => builder.ToWire(quantity - change))];
        var leaf = new LeafWires(account.KeyX, account.KeyY, packedStatus, account.Indices);
        Linear oldLeaf = leaf.Hash(builder, account.Cash, PositionList.Root(builder, ids, account.Quantities, shape.AccountShape.Blocks), account.Orders);
        Linear newLeaf = leaf.Hash(builder, cashAfter, PositionList.Root(builder, ids, after, shape.AccountShape.Blocks), account.Orders);
        return new LiquidatedWires(oldLeaf, newLeaf, payment, changes, longChanges).ToArray();
    }

    /// <summary>The packed status, and ⌊elapsed·max/seconds⌋ with the time since the flag was raised, at most the auction's.</summary>
    private static (Linear PackedStatus, Integer Discount) Auction(
        CircuitBuilder builder, LiquidatedAccountWires account, in Integer time, in Integer discountMax, in Integer seconds)
    {
        using ScopeHandle scope = builder.Scope("auction");
        Integer nonce = builder.ToUnsigned(account.Nonce, NonceBits);
        Bit[] status = builder.ToBits(account.Status, Account.FlagBits);
        Integer flaggedAt = builder.ToUnsigned(account.FlaggedAt, Account.TimeBits);
        Integer since = builder.Multiply(status[0], time - flaggedAt);
        Integer elapsed = builder.Select(builder.IsNegative(since), Integer.Constant(0), since);
        Integer held = builder.Min(Integer.Assume(elapsed, 0, elapsed.Max, "a negative one was replaced"), seconds);
        Linear packed = (((nonce.Value * WordPacker.PowerOfTwo(Account.FlagBits)) + account.Status) * WordPacker.PowerOfTwo(Account.TimeBits)) + flaggedAt.Value;
        Integer discount = builder.FloorDivide(builder.Multiply(held, discountMax), seconds).Quotient;
        return (packed, Integer.Assume(discount, 0, (1L << VenueParameters.RateBits) - 1, "elapsed is at most the seconds it is divided by"));
    }

    /// <summary>
    /// The margin under the named scenario is negative, the account loses under it, and the share restores no more than maintenance and the
    /// buffer. Returns the maintenance requirement under the scenario.
    /// </summary>
    private static Integer AssertBelowMaintenance(
        CircuitBuilder builder, LiquidatedAccountWires account, RiskMatrixWires risk, in Integer isUsed, in Integer taken, in Integer discount, in Integer buffer)
    {
        using ScopeHandle scope = builder.Scope("below maintenance");
        Bit[] scenario = [.. account.Scenario.Select(isChosen => builder.AssertBit(isChosen))];
        builder.AssertEqual(Linear.Sum(account.Scenario), Linear.One, "one scenario is named");
        PortfolioWires portfolio = PortfolioWires.Define(builder, risk, account.Quantities);
        BigInteger cashMax = BigInteger.One << CashAmount.MagnitudeBits;
        Integer cash = Integer.Assume(account.Cash, -cashMax, cashMax - 1, "every statement that writes cash into a leaf checks it");
        Integer gain = portfolio.GainUnder(scenario);
        Integer exact = portfolio.Exact(cash, risk.MaintenanceFactor, gain);
        using (builder.Scope("the scenario's margin is negative"))
        {
            builder.AssertNonNegative(builder.Multiply(isUsed, -exact - 1));
        }

        Integer signed = builder.Multiply(isUsed, builder.Multiply(risk.MaintenanceFactor, portfolio.OptionValue - gain));
        using (builder.Scope("the scenario is a loss"))
        {
            builder.AssertNonNegative(signed);
        }

        Integer requirement = Integer.Assume(signed, 0, signed.Max, "just checked");
        Integer restored = builder.Multiply(builder.Multiply(taken, Integer.Constant(Unit) - discount), requirement);
        Integer allowed = (builder.Multiply(isUsed, -exact) * ((BigInteger)Unit * Unit)) + (builder.Multiply(buffer, requirement) * Unit);
        using (builder.Scope("no more is taken than restores the margin"))
        {
            builder.AssertNonNegative(allowed - restored);
        }

        return requirement;
    }

    /// <summary>|q|·share/10⁶ rounded towards zero, with the sign of q; and what the long position changes by.</summary>
    private static (Linear Taken, Linear LongChange) Take(CircuitBuilder builder, in Linear quantity, in Integer share)
    {
        using ScopeHandle scope = builder.Scope("share of a position");
        Bit isLong = builder.ToBits(quantity + WordPacker.PowerOfTwo(PositionQuantity.MagnitudeBits), PositionQuantity.MagnitudeBits + 1)[^1];
        Linear sign = (isLong.Value * 2) - 1;
        Integer magnitude = Integer.Assume(builder.Multiply(sign, quantity), 0, BigInteger.One << PositionQuantity.MagnitudeBits, "a quantity times its own sign");
        Linear part = builder.FloorDivide(builder.Multiply(magnitude, share), Integer.Constant(Unit)).Quotient.Value;
        return (builder.Multiply(sign, part), -builder.Multiply(isLong, part));
    }

    /// <summary>⌊(mark value of what is taken − discount·share·requirement) in 10⁻⁸ USD⌋; the product of discount and share comes as one.</summary>
    private static Linear Payment(CircuitBuilder builder, RiskMatrixWires risk, Linear[] taken, in Integer discountedShare, in Integer requirement)
    {
        using ScopeHandle scope = builder.Scope("payment");
        PortfolioWires portfolio = PortfolioWires.Define(builder, risk, taken);
        Integer numerator = (portfolio.OptionValue * ((BigInteger)Unit * Unit * Unit)) - builder.Multiply(discountedShare, requirement);
        return builder.FloorDivide(numerator, Integer.Constant(LiquidationReference.PaymentDivisor)).Quotient.Value;
    }
}
