namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>
/// Pays at expiry if in the money and if a continuously watched barrier was touched (in) or was not (out)
/// (Rubinstein and Reiner 1991, "Unscrambling the binary code"; Haug, 2nd ed., §4.19.5, cases 13 to 28).
/// </summary>
/// <param name="IsCall">In the money above the strike, or below it.</param>
/// <param name="Side">Where the barrier lies.</param>
/// <param name="Effect">What touching does.</param>
/// <param name="Barrier">H &gt; 0.</param>
/// <param name="Strike">K &gt; 0.</param>
/// <param name="Payment">Cash or the underlying.</param>
/// <param name="Amount">How much cash, or how many units of the underlying.</param>
/// <param name="Years">Time to expiry, positive.</param>
public sealed record BarrierDigital(
    bool IsCall, BarrierSide Side, BarrierEffect Effect, double Barrier, double Strike, DigitalPayment Payment, double Amount, double Years)
    : LognormalOption(Years)
{
    /// <summary>H &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">H is not positive.</exception>
    public double Barrier { get; init => field = Require.Positive(value, nameof(Barrier)); } = Require.Positive(Barrier, nameof(Barrier));

    /// <summary>K &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public double Strike { get; init => field = Require.Positive(value, nameof(Strike)); } = Require.Positive(Strike, nameof(Strike));

    private protected override T Value<T>(MarketState<T> market)
    {
        TouchLegs<T> legs = new(market, Side, Barrier, Years);
        T touched = legs.TouchedInTheMoney(IsCall, Payment, Strike);
        return Amount * (Effect == BarrierEffect.In ? touched : legs.InTheMoney(IsCall, Payment, Strike) - touched);
    }
}

/// <summary>When a touch option pays.</summary>
public enum TouchTiming
{
    /// <summary>At once when the barrier is touched.</summary>
    AtTouch,

    /// <summary>At expiry.</summary>
    AtExpiry,
}

/// <summary>
/// Pays if a continuously watched barrier is touched: an American digital struck at the barrier
/// (Rubinstein and Reiner 1991; Haug, 2nd ed., §4.19.5, cases 1 to 8). The underlying paid at touch is worth the barrier, or the spot if beyond it.
/// </summary>
/// <param name="Side">Where the barrier lies.</param>
/// <param name="Barrier">H &gt; 0.</param>
/// <param name="Payment">Cash or the underlying.</param>
/// <param name="Amount">How much cash, or how many units of the underlying.</param>
/// <param name="Timing">When it is paid; payment at touch needs μ² + 2r/σ² ≥ 0.</param>
/// <param name="Years">Time to expiry, positive.</param>
public sealed record OneTouch(BarrierSide Side, double Barrier, DigitalPayment Payment, double Amount, TouchTiming Timing, double Years)
    : LognormalOption(Years)
{
    /// <summary>H &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">H is not positive.</exception>
    public double Barrier { get; init => field = Require.Positive(value, nameof(Barrier)); } = Require.Positive(Barrier, nameof(Barrier));

    private protected override T Value<T>(MarketState<T> market)
    {
        TouchLegs<T> legs = new(market, Side, Barrier, Years);
        if (Timing == TouchTiming.AtExpiry)
        {
            return Amount * (legs.Certain(Payment) - legs.Untouched(Payment));
        }

        T unit = Payment == DigitalPayment.Cash ? T.Constant(1) : legs.IsTouched ? market.Spot : T.Constant(Barrier);
        return Amount * (unit * legs.CashAtTouch());
    }
}

/// <summary>
/// Pays at expiry if a continuously watched barrier was not touched (Rubinstein and Reiner 1991; Haug, 2nd ed., §4.19.5, cases 9 to 12).
/// </summary>
/// <param name="Side">Where the barrier lies.</param>
/// <param name="Barrier">H &gt; 0.</param>
/// <param name="Payment">Cash or the underlying.</param>
/// <param name="Amount">How much cash, or how many units of the underlying.</param>
/// <param name="Years">Time to expiry, positive.</param>
public sealed record NoTouch(BarrierSide Side, double Barrier, DigitalPayment Payment, double Amount, double Years) : LognormalOption(Years)
{
    /// <summary>H &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">H is not positive.</exception>
    public double Barrier { get; init => field = Require.Positive(value, nameof(Barrier)); } = Require.Positive(Barrier, nameof(Barrier));

    private protected override T Value<T>(MarketState<T> market) => Amount * new TouchLegs<T>(market, Side, Barrier, Years).Untouched(Payment);
}
