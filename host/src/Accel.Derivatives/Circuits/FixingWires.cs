using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits;

/// <summary>A signed series of fixings as wires: ranges, order and the message that the oracle signed.</summary>
internal sealed record FixingWires(Linear Name, Integer Time, Integer[] Times, Bit[] IsUsed, Integer[] Values, Linear Message)
{
    public const string NameName = "fixing name";
    public const string TimesName = "fixing times";
    public const string ValuesName = "fixing values";

    public static FixingWires Define(CircuitBuilder builder, FixingKind kind, int slots, in Linear time)
    {
        using ScopeHandle scope = builder.Scope("fixings");
        Linear name = builder.SecretInput(NameName);
        Linear[] timeInputs = builder.SecretInputs(TimesName, slots);
        Linear[] valueInputs = builder.SecretInputs(ValuesName, slots);
        Integer signedAt = builder.ToUnsigned(time, Account.TimeBits);
        Integer[] times = [.. timeInputs.Select(t => builder.ToUnsigned(t, Account.TimeBits))];
        Integer[] values = [.. valueInputs.Select(v => builder.ToUnsigned(v, Fixing.ValueBits))];
        Bit[] used = [.. times.Select(t => !builder.IsZero(t))];
        for (int i = 1; i < slots; i++)
        {
            builder.AssertProduct(used[i], Linear.One - used[i - 1].Value, Linear.Zero, "used fixings come first");
            builder.AssertNonNegative(builder.Select(used[i], times[i] - times[i - 1] - 1, Integer.Constant(0)));
        }

        Linear[] packed = [.. times.Select((t, i) => WordPacker.PackHighestFirst((t, Account.TimeBits), (values[i], Fixing.ValueBits)))];
        Linear message = Sponge.Hash(builder, [name, time, FixingSeries.Tag(kind, slots), .. packed]);
        return new FixingWires(name, signedAt, times, used, values, message);
    }

    public static void Assign(Assignment assignment, SignedFixings fixings)
    {
        IReadOnlyList<Fixing> list = fixings.Series.Fixings;
        Fr[] padding = new Fr[fixings.Slots - list.Count];
        assignment.Set(NameName, Instrument.UnderlyingId(fixings.Series.Name));
        assignment.Set(TimesName, [.. list.Select(f => (Fr)f.Time), .. padding]);
        assignment.Set(ValuesName, [.. list.Select(f => (Fr)f.Value), .. padding]);
        OracleGadget.Assign(assignment, fixings.OracleKey, fixings.Signature);
    }
}
