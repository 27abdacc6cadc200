using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>One expiry slot of the snapshot.</summary>
internal sealed record ExpiryWires(Integer Expiry, Integer Forward, Integer Settlement, Integer Rate, Bit HasExpired, Integer TermSeconds);

/// <summary>One instrument slot of the snapshot; <paramref name="Id"/> is zero when it is unused.</summary>
internal sealed record InstrumentWires(Bit[] Slot, Integer Strike, Bit IsPut, Integer Volatility, Bit IsUsed, Linear Id, Integer Settlement, Bit HasExpired);

/// <summary>The signed snapshot as wires: ranges, order, ids, which expiries have passed, and the message that the oracle signed.</summary>
internal sealed class SnapshotWires
{
    public const string UnderlyingName = "underlying";
    public const string SpotName = "spot";
    public const string ExpiriesName = "expiries";
    public const string ForwardsName = "forwards";
    public const string SettlementsName = "settlement prices";
    public const string RatesName = "biased rates";
    public const string SlotsName = "expiry slots";
    public const string StrikesName = "strikes";
    public const string PutsName = "puts";
    public const string VolatilitiesName = "volatilities";

    private SnapshotWires(in Linear underlying, ExpiryWires[] expiries, InstrumentWires[] instruments, Linear message) =>
        (Underlying, Expiries, Instruments, Message) = (underlying, expiries, instruments, message);

    public Linear Underlying { get; }

    public ExpiryWires[] Expiries { get; }

    public InstrumentWires[] Instruments { get; }

    public Linear Message { get; }

    public static SnapshotWires Define(CircuitBuilder builder, BatchShape shape, in Linear oracleTime)
    {
        using ScopeHandle scope = builder.Scope("snapshot");
        Linear underlying = builder.SecretInput(UnderlyingName);
        Linear spot = builder.SecretInput(SpotName);
        Integer time = builder.ToUnsigned(oracleTime, Account.TimeBits);
        builder.ToUnsigned(spot, PriceTicks.Bits);
        (ExpiryWires[] expiries, Linear[] packedExpiries) = DefineExpiries(builder, shape, time);
        (InstrumentWires[] instruments, Linear[] packedInstruments) = DefineInstruments(builder, shape, underlying, expiries);
        Linear message = Sponge.Hash(builder, [underlying, time, spot + shape.SnapshotTag, .. packedExpiries, .. packedInstruments]);
        return new SnapshotWires(underlying, expiries, instruments, message);
    }

    private static (ExpiryWires[] Expiries, Linear[] Packed) DefineExpiries(CircuitBuilder builder, BatchShape shape, in Integer time)
    {
        Linear[] times = builder.SecretInputs(ExpiriesName, shape.Expiries);
        Linear[] forwards = builder.SecretInputs(ForwardsName, shape.Expiries);
        Linear[] settlements = builder.SecretInputs(SettlementsName, shape.Expiries);
        Linear[] rates = builder.SecretInputs(RatesName, shape.Expiries);
        var expiries = new ExpiryWires[shape.Expiries];
        var packed = new Linear[shape.Expiries];
        for (int e = 0; e < expiries.Length; e++)
        {
            Integer expiry = builder.ToUnsigned(times[e], Account.TimeBits);
            Integer forward = builder.ToUnsigned(forwards[e], PriceTicks.Bits);
            Integer settlement = builder.ToUnsigned(settlements[e], PriceTicks.Bits);
            Integer biasedRate = builder.ToUnsigned(rates[e], OracleExpiry.RateBits);
            Bit hasExpired = builder.IsLessOrEqual(expiry, time);
            Linear term = builder.Multiply(Linear.One - hasExpired.Value, expiry.Value - time.Value);
            expiries[e] = new ExpiryWires(
                expiry,
                forward,
                settlement,
                biasedRate - OracleExpiry.RateBias,
                hasExpired,
                Integer.Assume(term, 0, (1L << Account.TimeBits) - 1, "a live expiry lies after the time; an expired one counts zero"));
            packed[e] = WordPacker.PackHighestFirst(
                (expiry, Account.TimeBits), (forward, PriceTicks.Bits), (settlement, PriceTicks.Bits), (biasedRate, OracleExpiry.RateBits));
        }

        AssertAscending(builder, [.. expiries.Select(e => e.Expiry)], [.. expiries.Select(e => !builder.IsZero(e.Expiry))], "expiries ascend");
        return (expiries, packed);
    }

    private static (InstrumentWires[] Instruments, Linear[] Packed) DefineInstruments(
        CircuitBuilder builder, BatchShape shape, Linear underlying, ExpiryWires[] expiries)
    {
        Linear[] slots = builder.SecretInputs(SlotsName, shape.Instruments);
        Linear[] strikes = builder.SecretInputs(StrikesName, shape.Instruments);
        Linear[] puts = builder.SecretInputs(PutsName, shape.Instruments);
        Linear[] volatilities = builder.SecretInputs(VolatilitiesName, shape.Instruments);
        var instruments = new InstrumentWires[shape.Instruments];
        var keys = new Integer[shape.Instruments];
        var packed = new Linear[shape.Instruments];
        for (int i = 0; i < instruments.Length; i++)
        {
            Bit[] slot = SlotBits(builder, shape, slots[i]);
            Integer strike = builder.ToUnsigned(strikes[i], PriceTicks.Bits);
            Bit isPut = builder.AssertBit(puts[i]);
            Integer volatility = builder.ToUnsigned(volatilities[i], OracleInstrument.VolatilityBits);
            Bit isUsed = !builder.IsZero(strike);
            Integer expiry = SlotSelector.Select(builder, slot, [.. expiries.Select(e => e.Expiry)]);
            Integer settlement = SlotSelector.Select(builder, slot, [.. expiries.Select(e => e.Settlement)]);
            Bit hasExpired = SlotSelector.Select(builder, slot, [.. expiries.Select(e => e.HasExpired)]);
            Linear id = PoseidonGadget.Hash(builder, underlying, expiry, strike, isPut.Value);
            instruments[i] = new InstrumentWires(slot, strike, isPut, volatility, isUsed, builder.Multiply(isUsed, id), settlement, hasExpired);
            keys[i] = (((Bits.FromBits(slot) * (1L << PriceTicks.Bits)) + strike) * 2) + isPut;
            packed[i] = (keys[i].Value * (Fr)(1L << OracleInstrument.VolatilityBits)) + volatility.Value;
        }

        AssertAscending(builder, keys, [.. instruments.Select(i => i.IsUsed)], "instruments ascend");
        return (instruments, packed);
    }

    private static Bit[] SlotBits(CircuitBuilder builder, BatchShape shape, in Linear slot)
    {
        if (shape.Expiries > 1)
        {
            return builder.ToBits(slot, int.Log2(shape.Expiries));
        }

        builder.AssertZero(slot, "the only expiry slot");
        return [];
    }

    /// <summary>
    /// Used slots come first and strictly ascend, so no expiry and no instrument occurs twice. Two slots with one id would let the prover
    /// choose between two prices.
    /// </summary>
    private static void AssertAscending(CircuitBuilder builder, Integer[] keys, Bit[] used, string rule)
    {
        for (int i = 1; i < keys.Length; i++)
        {
            builder.AssertProduct(used[i], Linear.One - used[i - 1].Value, Linear.Zero, rule);
            builder.AssertNonNegative(builder.Select(used[i], keys[i] - keys[i - 1] - 1, Integer.Constant(0)));
        }
    }
}
