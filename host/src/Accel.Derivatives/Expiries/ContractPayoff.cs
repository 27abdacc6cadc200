using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;

namespace Accel.Derivatives.Expiries;

/// <summary>Pay-offs from fixings in plain C#: what the circuit proves, bit for bit.</summary>
public static class ContractPayoff
{
    /// <summary>Ticks per contract that the terms pay on a series; means are floored to a tick once.</summary>
    /// <param name="terms">The contract; it has expired.</param>
    /// <param name="series">Fixings of its underlying.</param>
    /// <exception cref="SettlementException">The contract has not expired, is on another underlying, or the series lacks or adds a
    /// fixing.</exception>
    public static long Compute(ContractTerms terms, FixingSeries series)
    {
        Fixing[] counted = [.. series.Fixings.Where(f => f.Time >= terms.FirstFixing && f.Time <= terms.Expiry)];
        if (terms.Underlying != series.Name || series.Kind != FixingKind.Price || terms.Expiry > series.Time)
        {
            throw new SettlementException(
                $"the {series.Kind} series of {series.Name} at {series.Time} cannot settle a contract on {terms.Underlying} of {terms.Expiry}");
        }

        if (counted.Length != terms.FixingCount || counted[^1].Time != terms.Expiry)
        {
            throw new SettlementException(
                $"the series has {counted.Length} fixings from {terms.FirstFixing} to {terms.Expiry}; "
                + $"the contract needs {terms.FixingCount}, the last of them at expiry");
        }

        long[] prices = [.. counted.Select(f => f.Value)];
        long last = prices[^1];
        return terms.Kind switch
        {
            ContractKind.CashOrNothing => Intrinsic(terms, last) > 0 ? terms.Amount.Value : 0,
            ContractKind.AssetOrNothing => Intrinsic(terms, last) > 0 ? last : 0,
            ContractKind.Barrier => IsTouched(terms, prices) != terms.IsKnockOut ? Intrinsic(terms, last) : terms.Amount.Value,
            ContractKind.ArithmeticAsian => Intrinsic(terms, prices.Sum() / prices.Length),
            ContractKind.GeometricAsian => Intrinsic(terms, GeometricMean.Compute(prices)),
            _ => Intrinsic(terms, last),
        };
    }

    private static long Intrinsic(ContractTerms terms, long price) =>
        Math.Max(terms.Option == OptionKind.Call ? price - terms.Strike.Value : terms.Strike.Value - price, 0);

    private static bool IsTouched(ContractTerms terms, long[] prices) =>
        prices.Any(price => terms.IsUp ? price >= terms.Barrier.Value : price <= terms.Barrier.Value);
}
