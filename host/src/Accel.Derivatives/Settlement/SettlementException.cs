namespace Accel.Derivatives.Settlement;

/// <summary>A batch cannot be settled as asked; the message names leaf and instrument and says what would be right.</summary>
public sealed class SettlementException : InvalidOperationException
{
    /// <summary>States the reason.</summary>
    public SettlementException(string message)
        : base(message)
    {
    }
}
