using Accel.Derivatives.Market;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading.Simulation;

/// <summary>
/// From a record's prices and quantities to those of an option: a price keeps its ratio to the first trade's, which becomes the option's mark, and
/// a record's contract becomes one contract; both floored. Floors keep orders' limits on their side of every price and fills within their orders.
/// </summary>
/// <param name="Reference">The record's price that stands for the mark, in its ticks.</param>
/// <param name="Mark">The option's mark in ticks.</param>
/// <param name="UnitsPerContract">Units of the record's quantities in a contract.</param>
public sealed record FlowMapping(PriceTicks Reference, PriceTicks Mark, long UnitsPerContract)
{
    private const long UnitsPerVenueContract = 10_000;

    /// <summary><c>⌊price·mark / reference⌋</c>, at most the greatest price of the venue.</summary>
    public PriceTicks Price(PriceTicks recorded) =>
        new((long)Int128.Min((Int128)recorded.Value * Mark.Value / Reference.Value, (1L << PriceTicks.Bits) - 1));

    /// <summary><c>⌊quantity·10⁴ / units per contract⌋</c> in 10⁻⁴ contract, at most the greatest that an order can have.</summary>
    public long Quantity(long recorded) =>
        (long)Int128.Min((Int128)recorded * UnitsPerVenueContract / UnitsPerContract, (1L << OrderFill.FilledBits) - 1);
}
