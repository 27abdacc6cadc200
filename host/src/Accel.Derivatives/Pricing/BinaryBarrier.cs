namespace Accel.Derivatives.Pricing;

/// <summary>Whether the barrier lies above the spot.</summary>
public enum BarrierSide
{
    /// <summary>The barrier lies below the spot.</summary>
    Down,

    /// <summary>The barrier lies above the spot.</summary>
    Up,
}

/// <summary>
/// Binary options that pay at expiry if in the money and if the barrier was touched (in) or was not (out), in double precision
/// (Reiner and Rubinstein 1991, "Unscrambling the binary code"; Haug, "Option Pricing Formulas", 2nd ed., §4.19.5, cases 13 to 28).
/// </summary>
/// <param name="Option">Spot, strike, yield, rate, time, volatility; call or put.</param>
/// <param name="Barrier">H &gt; 0.</param>
/// <param name="Side">On which side of the spot it lies.</param>
public readonly record struct BinaryBarrier(BlackScholes Option, double Barrier, BarrierSide Side)
{
    private double Deviation => Option.Volatility * Math.Sqrt(Option.Years);

    private double Drift => (Option.Rate - Option.Yield) / (Option.Volatility * Option.Volatility) - 0.5;

    /// <summary>The value of cash paid if the barrier was touched.</summary>
    public double CashIn(double cash) => cash * Math.Exp(-Option.Rate * Option.Years) * In(paysAsset: false);

    /// <summary>The value of cash paid if the barrier was not touched.</summary>
    public double CashOut(double cash) => Option.CashOrNothing(cash) - CashIn(cash);

    /// <summary>The value of the asset paid if the barrier was touched.</summary>
    public double AssetIn => Option.Spot * Math.Exp(-Option.Yield * Option.Years) * In(paysAsset: true);

    /// <summary>The value of the asset paid if the barrier was not touched.</summary>
    public double AssetOut => Option.AssetOrNothing - AssetIn;

    /// <summary>The probability, in the measure of what is paid, of touching and finishing in the money.</summary>
    private double In(bool paysAsset)
    {
        if (Side == BarrierSide.Down ? Option.Spot <= Barrier : Option.Spot >= Barrier)
        {
            return paysAsset ? Option.AssetOrNothing / (Option.Spot * Math.Exp(-Option.Yield * Option.Years)) : Option.CashOrNothing(Math.Exp(Option.Rate * Option.Years));
        }

        double phi = Option.IsCall ? 1 : -1;
        double eta = Side == BarrierSide.Down ? 1 : -1;
        double tilt = (Drift + (paysAsset ? 1 : 0)) * Deviation;
        double reflection = Math.Pow(Barrier / Option.Spot, 2 * (Drift + (paysAsset ? 1 : 0)));
        double spot = Option.Spot, strike = Option.Strike, barrier = Barrier, deviation = Deviation;
        double first = Term(phi, spot / strike);
        double second = Term(phi, spot / barrier);
        double third = reflection * Term(eta, barrier * barrier / (spot * strike));
        double fourth = reflection * Term(eta, barrier / spot);
        bool strikeBeyond = (strike > barrier) == (Side == BarrierSide.Down);
        bool paysTowardsBarrier = Option.IsCall == (Side == BarrierSide.Up);
        return (strikeBeyond, paysTowardsBarrier) switch
        {
            (true, false) => third,
            (false, false) => first - second + fourth,
            (true, true) => second - third + fourth,
            (false, true) => first,
        };

        double Term(double sign, double ratio) => BlackScholes.NormalCdf(sign * (Math.Log(ratio) / deviation + tilt));
    }
}
