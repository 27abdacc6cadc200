namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>
/// A dated future on one unit, held since its entry and settled in money: worth F − entry, gains being paid in as they arise.
/// F = s·e^((r − q)·t), which equals the forward while rates are certain (Cox, Ingersoll and Ross 1981).
/// </summary>
/// <param name="Entry">Price at which it was entered, positive.</param>
/// <param name="Years">Time to expiry, positive.</param>
public sealed record LinearFuture(double Entry, double Years) : ClosedFormInstrument
{
    /// <summary>Price at which it was entered.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double Entry { get; init => field = Require.Positive(value, nameof(Entry)); } = Require.Positive(Entry, nameof(Entry));

    /// <summary>Time to expiry.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double Years { get; init => field = Require.Positive(value, nameof(Years)); } = Require.Positive(Years, nameof(Years));

    private protected override T Value<T>(MarketState<T> market) => market.Forward(Years) + -Entry;
}

/// <summary>
/// A dated future on one unit of money, held since its entry and settled in the underlying coin: worth 1/entry − 1/F coins. Prices and
/// Greeks are in money, that is s·(1/entry − 1/F).
/// </summary>
/// <param name="Entry">Price at which it was entered, positive.</param>
/// <param name="Years">Time to expiry, positive.</param>
public sealed record InverseFuture(double Entry, double Years) : ClosedFormInstrument
{
    /// <summary>Price at which it was entered.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double Entry { get; init => field = Require.Positive(value, nameof(Entry)); } = Require.Positive(Entry, nameof(Entry));

    /// <summary>Time to expiry.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double Years { get; init => field = Require.Positive(value, nameof(Years)); } = Require.Positive(Years, nameof(Years));

    /// <summary>The value in coins, as the account is credited.</summary>
    public double CoinValue(LognormalMarket market) => Price(market) / market.Spot;

    private protected override T Value<T>(MarketState<T> market) =>
        ((1 / Entry) * market.Spot) - (market.Spot / market.Forward(Years));
}

/// <summary>
/// A perpetual future on one unit, held since its entry and settled in money: worth its price − entry − funding owed, its price a fixed
/// multiple of spot.
/// </summary>
/// <param name="Entry">Price at which it was entered, positive.</param>
/// <param name="Ratio">Its price over spot, positive; <see cref="PerpetualFunding.FairRatio"/> gives the arbitrage-free one.</param>
/// <param name="FundingOwed">Funding that accrued to the holder's cost and is not paid yet, in money.</param>
public sealed record LinearPerpetual(double Entry, double Ratio = 1, double FundingOwed = 0) : ClosedFormInstrument
{
    /// <summary>Price at which it was entered.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double Entry { get; init => field = Require.Positive(value, nameof(Entry)); } = Require.Positive(Entry, nameof(Entry));

    /// <summary>Its price over spot.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double Ratio { get; init => field = Require.Positive(value, nameof(Ratio)); } = Require.Positive(Ratio, nameof(Ratio));

    private protected override T Value<T>(MarketState<T> market) => (Ratio * market.Spot) + (-Entry - FundingOwed);
}

/// <summary>
/// A perpetual future on one unit of money, held since its entry and settled in the underlying coin: worth 1/entry − 1/price − funding owed,
/// in coins. Prices and Greeks are in money, spot times that.
/// </summary>
/// <param name="Entry">Price at which it was entered, positive.</param>
/// <param name="Ratio">Its price over spot, positive.</param>
/// <param name="FundingOwed">Funding that accrued to the holder's cost and is not paid yet, in coins.</param>
public sealed record InversePerpetual(double Entry, double Ratio = 1, double FundingOwed = 0) : ClosedFormInstrument
{
    /// <summary>Price at which it was entered.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double Entry { get; init => field = Require.Positive(value, nameof(Entry)); } = Require.Positive(Entry, nameof(Entry));

    /// <summary>Its price over spot.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double Ratio { get; init => field = Require.Positive(value, nameof(Ratio)); } = Require.Positive(Ratio, nameof(Ratio));

    /// <summary>The value in coins, as the account is credited.</summary>
    public double CoinValue(LognormalMarket market) => Price(market) / market.Spot;

    private protected override T Value<T>(MarketState<T> market) => (((1 / Entry) - FundingOwed) * market.Spot) + (-1 / Ratio);
}

/// <summary>What holders of perpetuals pay each other.</summary>
public static class PerpetualFunding
{
    /// <summary>
    /// The funding rate of an interval by the premium over the index, with a band in which nothing is paid: max(band, premium) + min(−band, premium).
    /// Deribit's rule has a band of 0.05 % for eight hours.
    /// </summary>
    /// <param name="price">The perpetual's mark price.</param>
    /// <param name="index">The spot index, positive.</param>
    /// <param name="band">Half the band's width, zero or more.</param>
    public static double Rate(double price, double index, double band)
    {
        double premium = (price - Require.Positive(index, nameof(index))) / index;
        return Math.Max(Require.NotNegative(band, nameof(band)), premium) + Math.Min(-band, premium);
    }

    /// <summary>What the holder of a linear position pays in money; negative when received, as by a short at a positive rate.</summary>
    /// <param name="quantity">Units of the underlying.</param>
    /// <param name="index">The spot index.</param>
    /// <param name="rate">The interval's rate.</param>
    /// <param name="intervals">Intervals, fractions included.</param>
    public static double PaidLinear(double quantity, double index, double rate, double intervals) => quantity * index * rate * intervals;

    /// <summary>What the holder of an inverse position pays in coins; negative when received.</summary>
    /// <param name="quantity">Units of money.</param>
    /// <param name="index">The spot index, positive.</param>
    /// <param name="rate">The interval's rate.</param>
    /// <param name="intervals">Intervals, fractions included.</param>
    public static double PaidInverse(double quantity, double index, double rate, double intervals) =>
        quantity / Require.Positive(index, nameof(index)) * rate * intervals;

    /// <summary>
    /// The arbitrage-free price of a linear perpetual over spot where its holder pays κ·(price − spot) + ι·spot a year: (κ − ι)/(κ − (r − q)).
    /// Holding it costs nothing, so its drift under the pricing measure, c·(r − q)·s, is what it pays (Ackerer, Hugonnier and Jermann 2023,
    /// "Perpetual futures pricing").
    /// </summary>
    /// <param name="market">Gives r and q.</param>
    /// <param name="premiumSpeed">κ, per year, above the cost of carry r − q.</param>
    /// <param name="interest">ι, per year, below κ.</param>
    public static double FairRatio(LognormalMarket market, double premiumSpeed, double interest)
    {
        double carry = market.Rate - market.Yield;
        return premiumSpeed > carry && interest < premiumSpeed
            ? (premiumSpeed - interest) / (premiumSpeed - carry)
            : throw new ArgumentOutOfRangeException(
                nameof(premiumSpeed), premiumSpeed, $"must exceed the cost of carry {carry} and the interest {interest}");
    }
}
