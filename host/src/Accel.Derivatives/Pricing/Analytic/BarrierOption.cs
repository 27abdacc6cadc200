namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>
/// A European call or put that a continuously watched barrier knocks in or out: eight kinds (Merton 1973; Reiner and Rubinstein 1991,
/// "Breaking down the barriers"; Haug, 2nd ed., §4.17.1). A spot at or beyond the barrier has touched it.
/// </summary>
/// <param name="IsCall">Call or put.</param>
/// <param name="Side">Where the barrier lies.</param>
/// <param name="Effect">What touching does.</param>
/// <param name="Barrier">H &gt; 0.</param>
/// <param name="Strike">K &gt; 0.</param>
/// <param name="Rebate">Cash paid when knocked out, or at expiry when not knocked in; zero or positive.</param>
/// <param name="Years">Time to expiry, positive.</param>
/// <remarks>The volatility to expiry counts as constant. A rebate on a knock-out needs μ² + 2r/σ² ≥ 0: any rate of zero or more will do.</remarks>
public sealed record BarrierOption(bool IsCall, BarrierSide Side, BarrierEffect Effect, double Barrier, double Strike, double Rebate, double Years)
    : LognormalOption(Years)
{
    /// <summary>H &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">H is not positive.</exception>
    public double Barrier { get; init => field = Require.Positive(value, nameof(Barrier)); } = Require.Positive(Barrier, nameof(Barrier));

    /// <summary>K &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public double Strike { get; init => field = Require.Positive(value, nameof(Strike)); } = Require.Positive(Strike, nameof(Strike));

    /// <summary>Zero or positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public double Rebate { get; init => field = Require.NotNegative(value, nameof(Rebate)); } = Require.NotNegative(Rebate, nameof(Rebate));

    private protected override T Value<T>(MarketState<T> market)
    {
        TouchLegs<T> legs = new(market, Side, Barrier, Years);
        T touched = BlackFormula.Sign(IsCall)
            * (legs.TouchedInTheMoney(IsCall, DigitalPayment.Asset, Strike) - Strike * legs.TouchedInTheMoney(IsCall, DigitalPayment.Cash, Strike));
        if (Effect == BarrierEffect.In)
        {
            return touched + Rebate * legs.Untouched(DigitalPayment.Cash);
        }

        T rebate = Rebate == 0 ? T.Constant(0) : Rebate * legs.CashAtTouch();
        if (legs.IsTouched)
        {
            return rebate;
        }

        T vanilla = BlackFormula.Sign(IsCall)
            * (legs.InTheMoney(IsCall, DigitalPayment.Asset, Strike) - Strike * legs.InTheMoney(IsCall, DigitalPayment.Cash, Strike));
        return vanilla - touched + rebate;
    }
}
