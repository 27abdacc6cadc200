using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>The positions of an account matched to the snapshot: what each instrument holds, what expiry pays, what stays.</summary>
internal sealed class Holdings
{
    private const string SumsOnce = "each position counts in one instrument, so magnitudes sum to at most 2³⁵";

    /// <summary>What expired positions pay, in 10⁻⁸ USD.</summary>
    public required Linear CashReceived { get; init; }

    /// <summary>Per expiry slot and instrument the live quantity; zero in every slot but the instrument's.</summary>
    public required Linear[][] LiveQuantities { get; init; }

    /// <summary>Σ quantity·Greek over live positions.</summary>
    public required Integer[] Greeks { get; init; }

    /// <summary>Ids of the positions that stay, moved together.</summary>
    public required Linear[] KeptIds { get; init; }

    /// <summary>Their quantities.</summary>
    public required Linear[] KeptQuantities { get; init; }

    public static Holdings Define(CircuitBuilder builder, AccountWires account, MarketWires market)
    {
        using ScopeHandle scope = builder.Scope("positions");
        (Linear[] quantities, Linear[] kept) = Match(builder, account, market);
        Linear received = Linear.Zero;
        for (int i = 0; i < quantities.Length; i++)
        {
            received += builder.Multiply(quantities[i], market.Instruments[i].Payoff);
        }

        Linear[][] live = [.. Enumerable.Range(0, market.Discounts.Length).Select(e => LiveIn(builder, quantities, market, e))];
        (Linear[] ids, Linear[] sizes) = PositionListGadget.Compact(builder, kept, account.Ids, account.Quantities);
        return new Holdings
        {
            CashReceived = builder.ToWire(received),
            LiveQuantities = live,
            Greeks = [.. Enumerable.Range(0, market.Instruments[0].Greeks.Length).Select(g => GreekOf(builder, live, market, g))],
            KeptIds = ids,
            KeptQuantities = sizes,
        };
    }

    /// <summary>
    /// Quantity per instrument, and per position whether it stays. Equality is tested, not chosen, and instruments are distinct, so a position
    /// counts in exactly one; an id that the snapshot lacks is refused, or a loser could be left out.
    /// </summary>
    private static (Linear[] Quantities, Linear[] Kept) Match(CircuitBuilder builder, AccountWires account, MarketWires market)
    {
        var quantities = new Linear[market.Instruments.Length];
        var kept = new Linear[account.Ids.Length];
        for (int p = 0; p < kept.Length; p++)
        {
            Integer quantity = builder.ToSigned(account.Quantities[p], PositionQuantity.MagnitudeBits);
            Bit isUsed = !builder.IsZero(account.Ids[p]);
            builder.AssertProduct(Linear.One - isUsed.Value, quantity, Linear.Zero, "no quantity without an instrument");
            Linear matches = Linear.Zero;
            Linear expired = Linear.Zero;
            for (int i = 0; i < quantities.Length; i++)
            {
                Bit isSame = builder.IsEqual(account.Ids[p], market.Instruments[i].Id);
                matches += isSame;
                expired += builder.Multiply(isSame, market.Instruments[i].HasExpired);
                quantities[i] += builder.Multiply(isSame, quantity.Value);
            }

            builder.AssertProduct(isUsed, Linear.One - matches, Linear.Zero, "the snapshot prices every position");
            kept[p] = builder.Multiply(isUsed, Linear.One - expired);
        }

        return (quantities, kept);
    }

    private static Linear[] LiveIn(CircuitBuilder builder, Linear[] quantities, MarketWires market, int slot) =>
        [.. quantities.Select((quantity, i) => builder.Multiply(quantity, market.Instruments[i].LiveSlot[slot]))];

    private static Integer GreekOf(CircuitBuilder builder, Linear[][] live, MarketWires market, int greek)
    {
        Linear sum = Linear.Zero;
        for (int i = 0; i < market.Instruments.Length; i++)
        {
            Linear quantity = Linear.Sum([.. live.Select(slot => slot[i])]);
            sum += builder.Multiply(quantity, market.Instruments[i].Greeks[greek]);
        }

        BigInteger bound = (MarketWires.GreekMax << MarketWires.QuantitySumBits) - 1;
        return Integer.Assume(sum, -bound, bound, SumsOnce);
    }

    /// <summary>Σ quantity·price of a scenario over one expiry; its magnitude is below 2⁷², so it never wraps.</summary>
    public Linear ScenarioSum(CircuitBuilder builder, MarketWires market, int slot, int scenario)
    {
        Linear sum = Linear.Zero;
        for (int i = 0; i < market.Instruments.Length; i++)
        {
            sum += builder.Multiply(LiveQuantities[slot][i], market.Instruments[i].ScenarioTicks[scenario]);
        }

        return sum;
    }
}
