using System.Numerics;
using Accel.Derivatives.Margin;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Settlement;

/// <summary>What a batch does to one leaf of its range.</summary>
/// <param name="Leaf">Index of the leaf.</param>
/// <param name="Before">The account before; null when the leaf is empty.</param>
/// <param name="After">The account after, before any clearing; null when the leaf is empty.</param>
/// <param name="CashReceived">What expired positions paid the account, in 10⁻⁸ USD.</param>
/// <param name="Margin">Value and margin after the expiry.</param>
/// <param name="Greeks">Σ quantity·Greek: delta, gamma, vega, theta in the pricer's units times 10⁻⁴.</param>
public sealed record AccountSettlement(
    int Leaf, Account? Before, Account? After, Int128 CashReceived, MarginResult Margin, IReadOnlyList<BigInteger> Greeks)
{
    /// <summary>Whether the account is flagged after the batch.</summary>
    public bool IsFlagged => After is not null && After.Status.HasFlag(AccountStatus.BelowMaintenance);

    /// <summary>The settlement of an empty leaf.</summary>
    public static AccountSettlement Empty(int leaf) => new(leaf, null, null, 0, new MarginResult(0, 0, 0, 0, 0), new BigInteger[InstrumentRisk.GreekCount]);
}
