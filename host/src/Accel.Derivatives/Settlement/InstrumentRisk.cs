namespace Accel.Derivatives.Settlement;

/// <summary>What a settlement knows about one instrument: its prices under every scenario and its Greeks, or its pay-off once expired.</summary>
/// <param name="Id">The instrument's id.</param>
/// <param name="ExpirySlot">Slot of the expiry in the snapshot.</param>
/// <param name="HasExpired">Whether the expiry lies at or before the snapshot's time.</param>
/// <param name="PayoffTicks">Ticks per contract that the option pays; zero while live.</param>
/// <param name="ScenarioTicks">Undiscounted price per scenario; zero once expired.</param>
/// <param name="Greeks">Delta, gamma, vega and theta per contract, in the pricer's units; zero once expired.</param>
public sealed record InstrumentRisk(Fr Id, int ExpirySlot, bool HasExpired, long PayoffTicks, IReadOnlyList<long> ScenarioTicks, IReadOnlyList<long> Greeks)
{
    /// <summary>Number of Greeks.</summary>
    public const int GreekCount = 4;
}
