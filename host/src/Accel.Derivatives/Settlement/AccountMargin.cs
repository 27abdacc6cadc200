using Accel.Derivatives.Margin;
using Accel.Derivatives.Margin.Analytic;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Settlement;

/// <summary>An account's margin, by the whole rule and by the statement that is proved.</summary>
/// <param name="Account">The account, its expired positions still in it.</param>
/// <param name="Portfolio">What the rule was asked about: live positions, expired ones turned into cash.</param>
/// <param name="Rule">The whole rule, in double precision.</param>
/// <param name="Statement">The settlement statement's integers, over the 23 regular scenarios; null where it refuses the account.</param>
/// <param name="StatementRefusal">Why it does.</param>
public sealed record AccountMargin(
    BookAccount Account, MarginPortfolio Portfolio, PortfolioMarginResult Rule, MarginResult? Statement, string? StatementRefusal);

/// <summary>
/// Margins the accounts of a book on a market. Both figures take their inputs from the snapshot that an oracle would sign: forwards,
/// marks clamped to its domain, and the rate that forward and spot imply.
/// </summary>
public sealed class MarginCalculator
{
    private const double MillionthsUnit = 1e-6;

    private readonly PortfolioMarginRule _rule;
    private readonly OracleSnapshot _snapshot;
    private readonly MarketRisk _risk;

    /// <param name="market">The market.</param>
    /// <param name="instruments">All that accounts hold or trades name; each must be quoted.</param>
    /// <param name="rule">The whole rule.</param>
    /// <exception cref="MarketFormatException">The market lacks an instrument or a forward.</exception>
    public MarginCalculator(MarketSnapshot market, IEnumerable<Instrument> instruments, PortfolioMarginRule rule)
    {
        _rule = rule;
        _snapshot = SnapshotBuilder.Build(market, [.. instruments.Distinct()]);
        _risk = MarketRisk.Compute(_snapshot, MarginParameters.Published);
    }

    /// <summary>The account's margin.</summary>
    public AccountMargin Compute(BookAccount account)
    {
        MarginPortfolio portfolio = Portfolio(account);
        (MarginResult? statement, string? refusal) = Statement(account);
        return new AccountMargin(account, portfolio, _rule.Compute(portfolio), statement, refusal);
    }

    /// <summary>The account after a trade.</summary>
    /// <exception cref="SettlementException">A position or the cash would leave its domain.</exception>
    public BookAccount After(BookAccount account, MarginTrade trade)
    {
        PriceTicks price = trade.Price ?? Mark(trade.Instrument);
        long held = account.Positions.FirstOrDefault(p => p.Instrument == trade.Instrument)?.Quantity.Value ?? 0;
        var quantity = new PositionQuantity(held + trade.Quantity.Value);
        var cash = new CashAmount(account.Cash.Value - ((Int128)trade.Quantity.Value * price.Value));
        if (!quantity.IsInDomain || !cash.IsInDomain)
        {
            throw new SettlementException(
                $"after {trade} account {account.Name} would hold {quantity} {trade.Instrument} and {cash} USD, outside their domains");
        }

        IEnumerable<BookPosition> others = account.Positions.Where(p => p.Instrument != trade.Instrument);
        return account with
        {
            Cash = cash,
            Positions = [.. others, .. quantity.Value == 0 ? [] : new[] { new BookPosition(trade.Instrument, quantity) }],
        };
    }

    private PriceTicks Mark(Instrument instrument)
    {
        if (_snapshot.HasExpired(instrument.Expiry))
        {
            return new PriceTicks(instrument.Payoff(_snapshot.Expiries[_snapshot.SlotOf(instrument.Expiry)].Settlement));
        }

        MarginPortfolio one =
            new(0, (double)_snapshot.Spot.ToUsd(), [Expiry(instrument.Expiry, [new BookPosition(instrument, new PositionQuantity(10_000))])]);
        return PriceTicks.FromUsd(Math.Round((decimal)_rule.Compute(one).OptionValue, PriceTicks.Decimals));
    }

    private MarginPortfolio Portfolio(BookAccount account)
    {
        Int128 settled = 0;
        foreach (BookPosition position in account.Positions.Where(p => _snapshot.HasExpired(p.Instrument.Expiry)))
        {
            settled += (Int128)position.Quantity.Value * _risk.Find(position.Instrument.Id)!.PayoffTicks;
        }

        return new MarginPortfolio(
            (double)(account.Cash.Value + settled) * 1e-8,
            (double)_snapshot.Spot.ToUsd(),
            [
                .. account.Positions.Where(p => !_snapshot.HasExpired(p.Instrument.Expiry)).GroupBy(p => p.Instrument.Expiry).OrderBy(g => g.Key)
                    .Select(group => Expiry(group.Key, group)),
            ])
        {
            Perpetual = account.Perpetual is { } held ? Perpetual(held) : new PerpetualHolding(0, 0),
            Collaterals =
            [
                .. account.Collateral.Select(c => new CollateralHolding(
                    c.Asset, (double)c.Amount, (double)(c.Price ?? _snapshot.Spot.ToUsd()), c.MovesWithSpot, c.MaintenanceHaircut, c.InitialHaircut)),
            ],
        };
    }

    private PerpetualHolding Perpetual(BookPerpetual held)
    {
        decimal price = held.Price ?? _snapshot.Spot.ToUsd();
        return new PerpetualHolding((double)held.Quantity, (double)price) { UnrealisedGain = (double)(held.Quantity * (price - held.Entry)) };
    }

    private MarginExpiry Expiry(long expiry, IEnumerable<BookPosition> positions)
    {
        OracleExpiry oracle = _snapshot.Expiries[_snapshot.SlotOf(expiry)];
        return new MarginExpiry(
            expiry - _snapshot.Time,
            (double)oracle.Forward.ToUsd(),
            oracle.RateMillionths * MillionthsUnit,
            [
                .. positions.Select(p => new MarginOption(
                    p.Instrument.Name,
                    p.Instrument.Kind,
                    (double)p.Instrument.Strike.ToUsd(),
                    _snapshot.Instruments.First(i => i.Instrument == p.Instrument).VolatilityMillionths * MillionthsUnit,
                    p.Quantity.Value * 1e-4)),
            ]);
    }

    private (MarginResult? Result, string? Refusal) Statement(BookAccount account)
    {
        if (account.Perpetual is not null || account.Collateral.Count > 0)
        {
            return (null, "it settles cash and options, and this account holds a perpetual or collateral");
        }

        try
        {
            IEnumerable<Position> positions = account.Positions.Select(p => new Position(p.Instrument.Id, p.Quantity));
            return (SettlementReference.MarginOf(MarginParameters.Published, _risk, account.Leaf, account.Cash, positions), null);
        }
        catch (SettlementException refusal)
        {
            return (null, refusal.Message);
        }
    }
}
