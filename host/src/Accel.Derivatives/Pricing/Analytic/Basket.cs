using System.Collections.Immutable;

namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>Instruments on one underlying held together: prices and Greeks add up.</summary>
/// <param name="Legs">What is held and how many, negative when short; a leg may be a basket itself.</param>
public sealed record Basket(ImmutableArray<BasketLeg> Legs) : LognormalInstrument
{
    /// <summary>A basket of legs.</summary>
    public static Basket Of(params ReadOnlySpan<BasketLeg> legs) => new([.. legs]);

    /// <summary>Long a call at the lower strike, short one at the higher.</summary>
    public static Basket CallSpread(double lower, double higher, double years) => Spread(isCall: true, Lower(lower, higher), higher, years);

    /// <summary>Long a put at the higher strike, short one at the lower.</summary>
    public static Basket PutSpread(double lower, double higher, double years) => Spread(isCall: false, higher, Lower(lower, higher), years);

    /// <summary>Long a call and a put of one strike.</summary>
    public static Basket Straddle(double strike, double years) => Strangle(strike, strike, years);

    /// <summary>Long a put at the lower strike and a call at the higher.</summary>
    public static Basket Strangle(double lower, double higher, double years) =>
        Of(new BasketLeg(1, new EuropeanOption(false, lower, years)), new BasketLeg(1, new EuropeanOption(true, higher, years)));

    /// <summary>Long a call at the higher strike, short a put at the lower.</summary>
    public static Basket RiskReversal(double lower, double higher, double years) =>
        Of(new BasketLeg(1, new EuropeanOption(true, higher, years)), new BasketLeg(-1, new EuropeanOption(false, lower, years)));

    /// <summary>Long calls at the outer strikes, short two at the middle.</summary>
    public static Basket Butterfly(double lower, double middle, double higher, double years) => Of(
        new BasketLeg(1, new EuropeanOption(true, Lower(lower, middle), years)),
        new BasketLeg(-2, new EuropeanOption(true, Lower(middle, higher), years)),
        new BasketLeg(1, new EuropeanOption(true, higher, years)));

    /// <summary>Long a call spread and a put spread: pays the strikes' difference whatever happens.</summary>
    public static Basket Box(double lower, double higher, double years) =>
        Of(new BasketLeg(1, CallSpread(lower, higher, years)), new BasketLeg(1, PutSpread(lower, higher, years)));

    /// <summary>Long an option of the later expiry, short one of the nearer.</summary>
    public static Basket Calendar(bool isCall, double strike, double nearYears, double farYears) => farYears > nearYears
        ? Of(new BasketLeg(1, new EuropeanOption(isCall, strike, farYears)), new BasketLeg(-1, new EuropeanOption(isCall, strike, nearYears)))
        : throw new ArgumentException($"the far expiry {farYears} must lie after the near one {nearYears}");

    /// <inheritdoc />
    public override double Price(LognormalMarket market) => Legs.Sum(leg => leg.Quantity * leg.Instrument.Price(market));

    /// <inheritdoc />
    public override Sensitivities Greeks(LognormalMarket market) =>
        Legs.Aggregate(default(Sensitivities), (sum, leg) => sum + (leg.Quantity * leg.Instrument.Greeks(market)));

    private static Basket Spread(bool isCall, double bought, double sold, double years) =>
        Of(new BasketLeg(1, new EuropeanOption(isCall, bought, years)), new BasketLeg(-1, new EuropeanOption(isCall, sold, years)));

    private static double Lower(double lower, double higher) =>
        lower < higher ? lower : throw new ArgumentException($"strikes must ascend; got {lower} before {higher}");
}

/// <summary>One leg of a basket.</summary>
/// <param name="Quantity">How many, negative when short.</param>
/// <param name="Instrument">Of what.</param>
public sealed record BasketLeg(double Quantity, LognormalInstrument Instrument);
