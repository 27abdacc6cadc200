using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;

namespace Accel.Derivatives.Expiries;

/// <summary>
/// Expiry in plain C#: what the circuit proves, bit for bit. Positions in expired contracts turn into cash by their pay-off and leave the
/// list, all others stay as they are, and the clearing account pays for it all. Margin is not looked at: the next settlement does that.
/// </summary>
public static class ExpiryReference
{
    /// <summary>Settles a batch.</summary>
    /// <exception cref="SettlementException">The signature is wrong, the range is not aligned, a contract's fixings are not all there, an account
    /// has more positions than the shape, there is no clearing account, or cash leaves its domain.</exception>
    /// <exception cref="ArgumentException">A contract's terms are not valid, or there are more of something than the shape has room for.</exception>
    public static ExpiryResult Settle(ExpiryBatch batch)
    {
        Check(batch);
        Dictionary<Fr, long> payoffs = batch.Contracts.Where(c => c.Expiry <= batch.Fixings.Series.Time)
            .ToDictionary(c => c.Id, c => ContractPayoff.Compute(c, batch.Fixings.Series));
        ClearedRange range = ClearedRange.Settle(
            batch.State, batch.FirstLeaf, batch.Shape.RangeHeight, batch.Shape.Positions,
            position => payoffs.TryGetValue(position.InstrumentId, out long payoff)
                ? ((Int128)position.Quantity.Value * payoff, null)
                : (0, position));
        Fr[] words = RangeDiff.Words(range);
        return new ExpiryResult(
            batch,
            range,
            payoffs,
            words,
            new RangePublicInputs(
                batch.Domain, batch.BatchNumber, batch.FirstLeaf, batch.State.Root, range.NewState.Root, batch.Fixings.Series.Time,
                batch.Fixings.KeyHash,
                FieldSponge.Hash(words)));
    }

    private static void Check(ExpiryBatch batch)
    {
        batch.Shape.Validate();
        foreach (ContractTerms contract in batch.Contracts)
        {
            contract.Validate();
        }

        if (batch.Contracts.Count > batch.Shape.Contracts || batch.Fixings.Slots != batch.Shape.Fixings)
        {
            throw new ArgumentException(
                $"{batch.Contracts.Count} contracts and {batch.Fixings.Slots} fixing slots do not fit the shape {batch.Shape}", nameof(batch));
        }

        if (batch.Contracts.Select(c => c.Id).Distinct().Count() != batch.Contracts.Count)
        {
            throw new ArgumentException("a contract is listed twice", nameof(batch));
        }

        if (batch.Contracts.FirstOrDefault(c => c.Underlying != batch.Fixings.Series.Name) is { } foreign)
        {
            throw new SettlementException($"a contract on {foreign.Underlying} cannot expire in a batch of {batch.Fixings.Series.Name}");
        }

        if (!batch.Fixings.IsValid || batch.Fixings.Series.Kind != FixingKind.Price)
        {
            throw new SettlementException("the fixings are no price series with its oracle's signature");
        }
    }
}
