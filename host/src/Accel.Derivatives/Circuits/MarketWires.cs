using System.Numerics;
using Accel.Derivatives.Circuits.Pricing;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>One instrument as every account sees it. All of it is zero for an unused slot.</summary>
/// <param name="Id">Instrument id.</param>
/// <param name="HasExpired">1 when the slot is used and its expiry has passed.</param>
/// <param name="Payoff">Ticks per contract when expired, else zero.</param>
/// <param name="LiveSlot">Per expiry slot 1 when the instrument is live and belongs to it.</param>
/// <param name="ScenarioTicks">Prices; meaningless unless live.</param>
/// <param name="Greeks">Delta, gamma, vega, theta; meaningless unless live.</param>
internal sealed record PricedInstrument(Linear Id, Linear HasExpired, Linear Payoff, Linear[] LiveSlot, Linear[] ScenarioTicks, Linear[] Greeks);

/// <summary>All that the accounts of a batch share, as plain wires: it crosses the border of the account template.</summary>
internal sealed record MarketWires(Linear Time, Linear MaintenanceFactor, Linear InitialFactor, DiscountTriple[] Discounts, PricedInstrument[] Instruments)
{
    /// <summary>Prices are below this.</summary>
    public static BigInteger TicksMax { get; } = BigInteger.One << (PriceBitsOfRow);

    /// <summary>A Greek's magnitude is below this, so that a sum over an account's positions fits its field of the difference.</summary>
    public static BigInteger GreekMax { get; } = BigInteger.One << (SettlementDiff.GreekBits - 1 - QuantitySumBits);

    /// <summary>Σ|quantity| of an account is at most 2³⁵: eight positions of 2³².</summary>
    public const int QuantitySumBits = Market.PositionQuantity.MagnitudeBits + 3;

    /// <summary>A row is a time value and an intrinsic value of 36 bits each.</summary>
    public const int PriceBitsOfRow = Market.PriceTicks.Bits + 1;

    /// <summary>Discounts are at most 2.1 before they are capped at one, with 30 fractional bits.</summary>
    public static BigInteger DiscountMax { get; } = BigInteger.One << 32;

    /// <summary>Wires in <see cref="ToArray"/>.</summary>
    public static int Count(BatchShape shape) =>
        3 + (3 * shape.Expiries) + (shape.Instruments * (3 + shape.Expiries + ScenarioGrid.ScenarioCount + InstrumentRisk.GreekCount));

    public static MarketWires Define(CircuitBuilder builder, SnapshotWires snapshot, ParameterWires parameters, in Linear oracleTime)
    {
        using ScopeHandle scope = builder.Scope("market");
        ExpiryRiskVariables[] risks = [.. snapshot.Expiries.Select(e => ExpiryRiskVariables.Define(builder, parameters.Grid, e.Forward, e.TermSeconds))];
        DiscountTriple[] discounts = [.. snapshot.Expiries.Select(e => DiscountTriple.Of(builder, DiscountGadget.Define(builder, parameters, e)))];
        PricedInstrument[] instruments = [.. snapshot.Instruments.Select(i => Price(builder, i, risks))];
        return new MarketWires(oracleTime, parameters.MaintenanceFactor, parameters.InitialFactor, discounts, instruments);
    }

    public Linear[] ToArray() =>
    [
        Time, MaintenanceFactor, InitialFactor,
        .. Discounts.SelectMany(d => new[] { d.Now, d.Gain, d.Loss }),
        .. Instruments.SelectMany(i => (Linear[])[i.Id, i.HasExpired, i.Payoff, .. i.LiveSlot, .. i.ScenarioTicks, .. i.Greeks]),
    ];

    public static MarketWires Read(WireReader reader, BatchShape shape) => new(
        reader.Next(),
        reader.Next(),
        reader.Next(),
        [.. Enumerable.Range(0, shape.Expiries).Select(_ => new DiscountTriple(reader.Next(), reader.Next(), reader.Next()))],
        [
            .. Enumerable.Range(0, shape.Instruments).Select(_ => new PricedInstrument(
                reader.Next(), reader.Next(), reader.Next(), reader.Take(shape.Expiries), reader.Take(ScenarioGrid.ScenarioCount), reader.Take(InstrumentRisk.GreekCount))),
        ]);

    private static PricedInstrument Price(CircuitBuilder builder, InstrumentWires instrument, ExpiryRiskVariables[] risks)
    {
        RiskRowVariables row = MarketRiskGadget.Define(
            builder, SlotSelector.Select(builder, instrument.Slot, risks), !instrument.IsPut, instrument.Strike, instrument.Volatility);
        Bit hasExpired = builder.And(instrument.IsUsed, instrument.HasExpired);
        Linear live = instrument.IsUsed.Value - hasExpired.Value;
        Integer[] greeks = [row.DeltaBillionths, row.GammaBillionths, row.VegaTicks, row.ThetaTicks];
        return new PricedInstrument(
            instrument.Id,
            builder.ToWire(hasExpired.Value),
            Payoff(builder, instrument, hasExpired),
            [.. builder.OneHot(instrument.Slot).Select(slot => builder.ToWire(builder.Multiply(slot.Value, live)))],
            [.. row.ScenarioTicks.Select(ticks => builder.ToWire(Within(ticks, 0, TicksMax).Value))],
            [.. greeks.Select(greek => builder.ToWire(Within(greek, -GreekMax, GreekMax).Value))]);
    }

    /// <summary>max(S − K, 0) for a call, max(K − S, 0) for a put, zero unless expired.</summary>
    private static Linear Payoff(CircuitBuilder builder, InstrumentWires instrument, Bit hasExpired)
    {
        Integer difference = instrument.Settlement - instrument.Strike;
        Bit isBelow = builder.IsNegative(difference);
        Linear call = builder.Multiply(Linear.One - isBelow.Value, difference.Value);
        Linear payoff = call - builder.Multiply(instrument.IsPut, difference.Value);
        return builder.Multiply(hasExpired, payoff);
    }

    /// <summary>The template takes bounds on trust; here they are checked against what the pricer promises.</summary>
    private static Integer Within(in Integer value, BigInteger min, BigInteger max) => value.Min >= min && value.Max <= max
        ? value
        : throw new InvalidOperationException($"the pricer promises [{value.Min}, {value.Max}], the accounts rely on [{min}, {max}]");
}

/// <summary>An expiry's three discounts as plain wires.</summary>
internal sealed record DiscountTriple(Linear Now, Linear Gain, Linear Loss)
{
    public static DiscountTriple Of(CircuitBuilder builder, DiscountWires wires)
    {
        foreach (Integer discount in (Integer[])[wires.Discount, wires.GainDiscount, wires.LossDiscount])
        {
            if (discount.Min.Sign < 0 || discount.Max > MarketWires.DiscountMax)
            {
                throw new InvalidOperationException($"a discount of [{discount.Min}, {discount.Max}] exceeds what the accounts rely on, {MarketWires.DiscountMax}");
            }
        }

        return new DiscountTriple(builder.ToWire(wires.Discount), builder.ToWire(wires.GainDiscount), builder.ToWire(wires.LossDiscount));
    }
}

/// <summary>Takes wires one after the other.</summary>
internal sealed class WireReader(Linear[] wires)
{
    private int _next;

    public Linear Next() => wires[_next++];

    public Linear[] Take(int count)
    {
        Linear[] taken = wires[_next..(_next + count)];
        _next += count;
        return taken;
    }
}
