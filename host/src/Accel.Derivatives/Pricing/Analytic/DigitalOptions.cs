namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>Pays an amount of cash at expiry if in the money (Rubinstein and Reiner 1991, "Unscrambling the binary code").</summary>
/// <param name="IsCall">In the money above the strike, or below it.</param>
/// <param name="Strike">K &gt; 0.</param>
/// <param name="Cash">What is paid.</param>
/// <param name="Years">Time to expiry, positive.</param>
public sealed record CashOrNothing(bool IsCall, double Strike, double Cash, double Years) : LognormalOption(Years)
{
    /// <summary>K &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public double Strike { get; init => field = Require.Positive(value, nameof(Strike)); } = Require.Positive(Strike, nameof(Strike));

    private protected override T Value<T>(MarketState<T> market) =>
        Cash * BlackFormula.CashLeg(IsCall, market.Forward(Years), T.Constant(Strike), market.Deviation(Years), market.LogDiscount(Years));
}

/// <summary>Pays the underlying at expiry if in the money (Cox and Rubinstein 1985; Rubinstein and Reiner 1991).</summary>
/// <param name="IsCall">In the money above the strike, or below it.</param>
/// <param name="Strike">K &gt; 0.</param>
/// <param name="Years">Time to expiry, positive.</param>
public sealed record AssetOrNothing(bool IsCall, double Strike, double Years) : LognormalOption(Years)
{
    /// <summary>K &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public double Strike { get; init => field = Require.Positive(value, nameof(Strike)); } = Require.Positive(Strike, nameof(Strike));

    private protected override T Value<T>(MarketState<T> market) =>
        BlackFormula.AssetLeg(IsCall, market.Forward(Years), T.Constant(Strike), market.Deviation(Years), market.LogDiscount(Years));
}

/// <summary>
/// Pays ±(s − payment strike) at expiry if the spot is beyond the trigger: it may pay a negative amount (Reiner and Rubinstein 1991).
/// </summary>
/// <param name="IsCall">Call or put.</param>
/// <param name="Trigger">The spot beyond which it pays, positive.</param>
/// <param name="PaymentStrike">What the spot is compared with in the payment.</param>
/// <param name="Years">Time to expiry, positive.</param>
public sealed record GapOption(bool IsCall, double Trigger, double PaymentStrike, double Years) : LognormalOption(Years)
{
    /// <summary>The spot beyond which it pays.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double Trigger { get; init => field = Require.Positive(value, nameof(Trigger)); } = Require.Positive(Trigger, nameof(Trigger));

    private protected override T Value<T>(MarketState<T> market)
    {
        T forward = market.Forward(Years), trigger = T.Constant(Trigger), deviation = market.Deviation(Years), discount = market.LogDiscount(Years);
        T asset = BlackFormula.AssetLeg(IsCall, forward, trigger, deviation, discount);
        T cash = BlackFormula.CashLeg(IsCall, forward, trigger, deviation, discount);
        return BlackFormula.Sign(IsCall) * (asset - PaymentStrike * cash);
    }
}
