namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>Whether the barrier lies above the spot.</summary>
public enum BarrierSide
{
    /// <summary>The barrier lies below the spot.</summary>
    Down,

    /// <summary>The barrier lies above the spot.</summary>
    Up,
}

/// <summary>What touching the barrier does.</summary>
public enum BarrierEffect
{
    /// <summary>The option comes alive.</summary>
    In,

    /// <summary>The option ends.</summary>
    Out,
}

/// <summary>What a digital pays.</summary>
public enum DigitalPayment
{
    /// <summary>An amount of cash.</summary>
    Cash,

    /// <summary>The underlying.</summary>
    Asset,
}
