namespace Accel.Derivatives.Trading.Simulation;

/// <summary>Why pre-trade risk refused a fill. The record goes on as it was; the venue's accounts do not have the trade.</summary>
public enum FillRefusal
{
    /// <summary>The fill is less than 10⁻⁴ contract.</summary>
    BelowOneUnit,

    /// <summary>Both orders were dealt to one member.</summary>
    SelfTrade,

    /// <summary>Sixteen orders of one side's member are partly filled, so that there is no slot for another.</summary>
    NoOrderSlot,

    /// <summary>The fill would take an order beyond its signed quantity, or an account beyond what its leaf can hold.</summary>
    OutsideDomain,

    /// <summary>One side would be below initial margin, and further than before.</summary>
    InitialMargin,

    /// <summary>The instrument's open interest would exceed its limit.</summary>
    OpenInterest,
}
