namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>Black's formula over any number (Black 1976, "The pricing of commodity contracts").</summary>
internal static class BlackFormula
{
    /// <summary>The sign of a call, +1, or of a put, −1.</summary>
    public static double Sign(bool isCall) => isCall ? 1 : -1;

    /// <summary>d₁ = ln(F/K)/v + v/2.</summary>
    public static T D1<T>(T forward, T strike, T deviation)
        where T : struct, IReal<T> => T.Log(forward / strike) / deviation + 0.5 * deviation;

    /// <summary>e^logDiscount·F·Φ(±d₁): the asset paid in the money.</summary>
    public static T AssetLeg<T>(bool isCall, T forward, T strike, T deviation, T logDiscount)
        where T : struct, IReal<T> =>
        T.ScaledCdf(logDiscount + T.Log(forward), Sign(isCall) * D1(forward, strike, deviation));

    /// <summary>e^logDiscount·Φ(±d₂): one unit of cash paid in the money.</summary>
    public static T CashLeg<T>(bool isCall, T forward, T strike, T deviation, T logDiscount)
        where T : struct, IReal<T> =>
        T.ScaledCdf(logDiscount, Sign(isCall) * (D1(forward, strike, deviation) - deviation));

    /// <summary>
    /// The value of (±(X − K))⁺ for lognormal X of mean F and logarithmic deviation v, or of X fixed at F where v is 0.
    /// K may be an amount of another asset.
    /// </summary>
    public static T Vanilla<T>(bool isCall, T forward, T strike, T deviation, T logDiscount)
        where T : struct, IReal<T>
    {
        if (deviation.Value == 0)
        {
            T payment = Sign(isCall) * (forward - strike);
            return payment.Value > 0 ? T.Exp(logDiscount) * payment : T.Constant(0);
        }

        T asset = AssetLeg(isCall, forward, strike, deviation, logDiscount);
        return Sign(isCall) * (asset - strike * CashLeg(isCall, forward, strike, deviation, logDiscount));
    }
}
