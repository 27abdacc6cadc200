namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>
/// Values of one unit of cash, or of the underlying, paid by what a continuously watched barrier saw: the terms A to F of
/// Reiner and Rubinstein (1991, "Breaking down the barriers" and "Unscrambling the binary code"; Haug, 2nd ed., §§4.17.1 and 4.19.5).
/// </summary>
/// <remarks>The volatility to expiry counts as constant over the option's life.</remarks>
internal readonly struct TouchLegs<T>
    where T : struct, IReal<T>
{
    private const double LambdaSquareMin = 1e-16;

    private readonly MarketState<T> _market;
    private readonly BarrierSide _side;
    private readonly double _years;
    private readonly double _eta;
    private readonly T _deviation;
    private readonly T _drift;
    private readonly T _barrier;
    private readonly T _logDistance;

    public TouchLegs(MarketState<T> market, BarrierSide side, double barrier, double years)
    {
        _market = market;
        _side = side;
        _years = years;
        _eta = side == BarrierSide.Down ? 1 : -1;
        _deviation = market.Deviation(years);
        T volatility = market.VolatilityTo(years);
        _drift = market.Carry / (volatility * volatility) + -0.5;
        _barrier = T.Constant(barrier);
        _logDistance = T.Log(_barrier / market.Spot);
        IsTouched = side == BarrierSide.Down ? market.Spot.Value <= barrier : market.Spot.Value >= barrier;
    }

    /// <summary>Whether the spot is at the barrier or beyond it.</summary>
    public bool IsTouched { get; }

    /// <summary>Paid at expiry whatever happens.</summary>
    public T Certain(DigitalPayment payment) => T.Exp(LogCertain(payment));

    /// <summary>Paid at expiry if in the money.</summary>
    public T InTheMoney(bool isCall, DigitalPayment payment, double strike)
    {
        T forward = _market.Forward(_years), discount = _market.LogDiscount(_years);
        return payment == DigitalPayment.Cash
            ? BlackFormula.CashLeg(isCall, forward, T.Constant(strike), _deviation, discount)
            : BlackFormula.AssetLeg(isCall, forward, T.Constant(strike), _deviation, discount);
    }

    /// <summary>Paid at expiry if in the money and the barrier was touched.</summary>
    public T TouchedInTheMoney(bool isCall, DigitalPayment payment, double strike)
    {
        if (IsTouched)
        {
            return InTheMoney(isCall, payment, strike);
        }

        double phi = BlackFormula.Sign(isCall);
        T spot = _market.Spot, exercise = T.Constant(strike);
        bool strikeBeyond = (strike > _barrier.Value) == (_side == BarrierSide.Down);
        bool paysTowardsBarrier = isCall == (_side == BarrierSide.Up);
        return (strikeBeyond, paysTowardsBarrier) switch
        {
            (true, false) => Reflected(payment, _barrier * _barrier / (spot * exercise)),
            (false, false) => Direct(payment, phi, spot / exercise) - Direct(payment, phi, spot / _barrier) + Reflected(payment, _barrier / spot),
            (true, true) => Direct(payment, phi, spot / _barrier)
                - Reflected(payment, _barrier * _barrier / (spot * exercise)) + Reflected(payment, _barrier / spot),
            (false, true) => Direct(payment, phi, spot / exercise),
        };
    }

    /// <summary>Paid at expiry if the barrier was not touched.</summary>
    public T Untouched(DigitalPayment payment) => IsTouched
        ? T.Constant(0)
        : Direct(payment, _eta, _market.Spot / _barrier) - Reflected(payment, _barrier / _market.Spot);

    /// <summary>One unit of cash paid when the barrier is touched (term F).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is so negative that λ² = μ² + 2r/σ² is.</exception>
    public T CashAtTouch()
    {
        if (IsTouched)
        {
            return T.Constant(1);
        }

        T volatility = _market.VolatilityTo(_years);
        T square = _drift * _drift + 2 * _market.Rate / (volatility * volatility);
        if (square.Value < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(LognormalMarket.Rate), _market.Rate.Value, "payment at touch needs μ² + 2r/σ² ≥ 0, with μ = (r − q)/σ² − ½");
        }

        // The formula is even in λ; the shift keeps √ differentiable at 0 and moves the value by no more than a rounding.
        T lambda = T.Sqrt(square.Value < LambdaSquareMin ? square + LambdaSquareMin : square);
        T z = _logDistance / _deviation + lambda * _deviation;
        return T.ScaledCdf((_drift + lambda) * _logDistance, _eta * z)
            + T.ScaledCdf((_drift - lambda) * _logDistance, _eta * (z - 2 * lambda * _deviation));
    }

    private T LogCertain(DigitalPayment payment) => payment == DigitalPayment.Cash
        ? _market.LogDiscount(_years)
        : T.Log(_market.Spot) - _market.Yield * _market.Time(_years);

    /// <summary>μ in the measure of what is paid.</summary>
    private T Drift(DigitalPayment payment) => _drift + (payment == DigitalPayment.Asset ? 1 : 0);

    private T Argument(DigitalPayment payment, T ratio) => T.Log(ratio) / _deviation + Drift(payment) * _deviation;

    private T Direct(DigitalPayment payment, double sign, T ratio) => T.ScaledCdf(LogCertain(payment), sign * Argument(payment, ratio));

    private T Reflected(DigitalPayment payment, T ratio) =>
        T.ScaledCdf(LogCertain(payment) + 2 * Drift(payment) * _logDistance, _eta * Argument(payment, ratio));
}
