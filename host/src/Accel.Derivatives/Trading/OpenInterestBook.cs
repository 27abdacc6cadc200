using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>The open interest that the state keeps: Σ max(q, 0) over all accounts, per instrument.</summary>
internal static class OpenInterestBook
{
    public static IReadOnlyList<Position> Of(ExchangeState state) => state.Find(ExchangeState.OpenInterestLeaf)?.OpenInterest
        ?? throw new SettlementException($"leaf {ExchangeState.OpenInterestLeaf} must hold the open interest");

    /// <summary>Moved by what the accounts' long positions changed by; expired instruments leave the list.</summary>
    /// <exception cref="SettlementException">An instrument's would be negative or above the limit.</exception>
    public static Position[] After(RiskMatrix risk, VenueParameters parameters, Account before, IEnumerable<OpenedAccount> accounts)
    {
        Dictionary<Fr, long> interest = before.OpenInterest!.ToDictionary(position => position.InstrumentId, position => position.Quantity.Value);
        foreach (OpenedAccount account in accounts)
        {
            Move(interest, account.After.Positions, 1);
            Move(interest, account.Before.Positions, -1);
        }

        var after = new List<Position>();
        foreach ((Fr id, long quantity) in interest.Where(pair => !risk.Instruments[risk.IndexOf(pair.Key)].HasExpired))
        {
            if (quantity < 0 || quantity > parameters.OpenInterestMax)
            {
                throw new SettlementException($"open interest of instrument {id} would be {quantity}; the limit is {parameters.OpenInterestMax}");
            }

            if (quantity != 0)
            {
                after.Add(new Position(id, new PositionQuantity(quantity)));
            }
        }

        return [.. after.OrderBy(position => position.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare))];
    }

    private static void Move(Dictionary<Fr, long> interest, IEnumerable<Position> positions, int sign)
    {
        foreach (Position position in positions.Where(position => position.Quantity.Value > 0))
        {
            interest[position.InstrumentId] = interest.GetValueOrDefault(position.InstrumentId) + (sign * position.Quantity.Value);
        }
    }
}
