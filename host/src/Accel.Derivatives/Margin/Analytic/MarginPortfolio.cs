using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Pricing.Analytic;

namespace Accel.Derivatives.Margin.Analytic;

/// <summary>A portfolio on one underlying with its market. Money in USD, confidences from 0 (none) to 1.</summary>
/// <param name="Cash">Cash.</param>
/// <param name="Spot">Spot, positive.</param>
/// <param name="Expiries">Live expiries with the options held.</param>
public sealed record MarginPortfolio(double Cash, double Spot, IReadOnlyList<MarginExpiry> Expiries)
{
    /// <summary>Spot.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double Spot { get; init => field = Require.Positive(value, nameof(Spot)); } = Require.Positive(Spot, nameof(Spot));

    /// <summary>Confidence of the spot feed.</summary>
    public double SpotConfidence { get; init; } = 1;

    /// <summary>Price of the stable coin that cash is kept in, positive: collateral is worth its price over this.</summary>
    public double StablePrice { get; init => field = Require.Positive(value, nameof(StablePrice)); } = 1;

    /// <summary>The perpetual held.</summary>
    public PerpetualHolding Perpetual { get; init; } = new(0, 0);

    /// <summary>Other assets held.</summary>
    public IReadOnlyList<CollateralHolding> Collaterals { get; init; } = [];

    /// <summary>Every option, in the order of the expiries.</summary>
    public IEnumerable<MarginOption> Options => Expiries.SelectMany(e => e.Options);

    /// <summary>A collateral's value.</summary>
    public double ValueOf(CollateralHolding collateral) => collateral.Amount * collateral.Price / StablePrice;
}

/// <summary>Options of one expiry and what their feeds say.</summary>
/// <param name="TermSeconds">Seconds to expiry, positive.</param>
/// <param name="Forward">Forward, positive.</param>
/// <param name="Rate">Rate per year.</param>
/// <param name="Options">Options held.</param>
public sealed record MarginExpiry(double TermSeconds, double Forward, double Rate, IReadOnlyList<MarginOption> Options)
{
    /// <summary>Seconds to expiry.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double TermSeconds { get; init => field = Require.Positive(value, nameof(TermSeconds)); } =
        Require.Positive(TermSeconds, nameof(TermSeconds));

    /// <summary>Forward.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double Forward { get; init => field = Require.Positive(value, nameof(Forward)); } = Require.Positive(Forward, nameof(Forward));

    /// <summary>The part of the forward that a settlement average has fixed already; it does not move with spot.</summary>
    public double FixedForward { get; init; }

    /// <summary>The least confidence of the expiry's forward, rate and volatility feeds.</summary>
    public double Confidence { get; init; } = 1;

    /// <summary>Years to expiry, of 365 days.</summary>
    public double Years => TermSeconds / ExpiryRisk.SecondsPerYear;
}

/// <summary>An option held.</summary>
/// <param name="Name">What it is called in results.</param>
/// <param name="Kind">Call or put.</param>
/// <param name="Strike">Strike, positive.</param>
/// <param name="Volatility">Mark, per √year, zero or more.</param>
/// <param name="Quantity">Contracts, negative when short.</param>
public sealed record MarginOption(string Name, OptionKind Kind, double Strike, double Volatility, double Quantity)
{
    /// <summary>Strike.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double Strike { get; init => field = Require.Positive(value, nameof(Strike)); } = Require.Positive(Strike, nameof(Strike));

    /// <summary>Mark.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public double Volatility { get; init => field = Require.NotNegative(value, nameof(Volatility)); } =
        Require.NotNegative(Volatility, nameof(Volatility));
}

/// <summary>A linear perpetual held.</summary>
/// <param name="Quantity">Contracts of one unit of the underlying, negative when short.</param>
/// <param name="Price">Its price.</param>
public sealed record PerpetualHolding(double Quantity, double Price)
{
    /// <summary>Confidence of its price feed.</summary>
    public double Confidence { get; init; } = 1;

    /// <summary>Gain since entry that is not in cash yet.</summary>
    public double UnrealisedGain { get; init; }

    /// <summary>Funding that is not in cash yet.</summary>
    public double UnrealisedFunding { get; init; }

    /// <summary>Whether nothing is held nor owed.</summary>
    public bool IsEmpty => Quantity == 0 && UnrealisedGain == 0 && UnrealisedFunding == 0;
}

/// <summary>An asset held as collateral.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Amount">Units.</param>
/// <param name="Price">Price of a unit.</param>
/// <param name="MovesWithSpot">Whether it is the underlying or follows it, so that it offsets risk.</param>
/// <param name="MaintenanceHaircut">Share of its value that maintenance margin does not count.</param>
/// <param name="InitialHaircut">Further share that initial margin does not count.</param>
public sealed record CollateralHolding(
    string Name, double Amount, double Price, bool MovesWithSpot, double MaintenanceHaircut, double InitialHaircut)
{
    /// <summary>Confidence of its price feed.</summary>
    public double Confidence { get; init; } = 1;

    /// <summary>Confidence below which the oracle contingency applies.</summary>
    public double ConfidenceThreshold { get; init; }
}
