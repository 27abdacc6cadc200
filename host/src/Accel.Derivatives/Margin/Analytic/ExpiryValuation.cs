using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing.Analytic;

namespace Accel.Derivatives.Margin.Analytic;

/// <summary>Values one expiry's options under the rule's shocks.</summary>
internal sealed class ExpiryValuation
{
    private readonly PortfolioMarginParameters _parameters;
    private readonly MarginExpiry _expiry;
    private readonly double _discount, _gainFactor, _lossFactor;
    private readonly double[] _marks;

    public ExpiryValuation(PortfolioMarginParameters parameters, MarginExpiry expiry)
    {
        _parameters = parameters;
        _expiry = expiry;
        _discount = parameters.Discount.Value(expiry.Rate, expiry.Years);
        _gainFactor = parameters.Discount.GainFactor(expiry.Rate, expiry.Years);
        _lossFactor = parameters.Discount.LossFactor(expiry.Rate, expiry.Years);
        _marks = Values(1, static (_, option) => option.Volatility);
        Value = _marks.Sum();
    }

    public MarginExpiry Expiry => _expiry;

    /// <summary>Value now.</summary>
    public double Value { get; }

    /// <summary>Value now of each option held.</summary>
    public IReadOnlyList<double> OptionValues => _marks;

    /// <summary>
    /// Each option's gain; their sum is the expiry's, discounted by its sign. A skew counts as a loss whichever way it moves the value.
    /// </summary>
    public double[] Gains(MarginScenario scenario)
    {
        double[] shocked = Values(scenario.EffectiveSpotFactor, (parameters, option) => Volatility(parameters, option, scenario));
        double sum = shocked.Sum();
        double factor = sum >= 0 ? _gainFactor : _lossFactor;
        double sign = scenario.IsSkew && (factor * sum) - Value > 0 ? -1 : 1;
        return [.. shocked.Select((value, i) => sign * ((factor * value) - _marks[i]))];
    }

    /// <summary>Each option's part of the forward contingency; their sum is at most zero.</summary>
    public double[] ForwardContingency()
    {
        double scale = _parameters.ForwardBasis.Add + (_parameters.ForwardBasis.TermScale * _expiry.Years);
        double[] up = Moved(_parameters.ForwardBasis.UpFactor), down = Moved(_parameters.ForwardBasis.DownFactor);
        double[] worse = up.Sum() < down.Sum() ? up : down;
        return worse.Sum() < 0 ? [.. worse.Select(gain => scale * gain)] : new double[worse.Length];
    }

    private double[] Moved(double factor) => [.. Values(factor, static (_, option) => option.Volatility).Select((value, i) => value - _marks[i])];

    private double Volatility(PortfolioMarginParameters parameters, MarginOption option, MarginScenario scenario) => scenario.Volatility switch
    {
        VolatilityMove.Up => parameters.VolatilityTerm.Up(option.Volatility, _expiry.TermSeconds),
        VolatilityMove.Down => parameters.VolatilityTerm.Down(option.Volatility, _expiry.TermSeconds),
        VolatilityMove.None => option.Volatility,
        _ => option.Volatility * parameters.Skew.Factor(scenario, Math.Log(option.Strike / _expiry.Forward), _expiry.Years),
    };

    private double[] Values(double spotFactor, Func<PortfolioMarginParameters, MarginOption, double> volatility)
    {
        double forward = _expiry.FixedForward + ((_expiry.Forward - _expiry.FixedForward) * spotFactor);
        double root = Math.Sqrt(_expiry.Years);
        return
        [
            .. _expiry.Options.Select(option => _discount * option.Quantity * BlackFormula.Vanilla(
                option.Kind == OptionKind.Call,
                new Real(forward),
                new Real(option.Strike),
                new Real(Finite(volatility(_parameters, option), option) * root),
                default).Value),
        ];
    }

    private static double Finite(double volatility, MarginOption option) => double.IsFinite(volatility)
        ? volatility
        : throw new ArgumentException($"{option.Name}: a scenario gives a volatility that is not finite; expected shocks of ordinary size");
}
