using Accel.Derivatives.Market;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading.Simulation;

/// <summary>How recorded flow is dealt to members that never were, and how their trades are cut into batches.</summary>
public sealed record SimulationOptions
{
    /// <summary>Most members.</summary>
    public const int MembersMax = 4096;

    /// <summary>Seconds after the market's time for which the members' orders are good.</summary>
    public const long OrderLifeSeconds = 86_400;

    /// <summary>Members, in [2, <see cref="MembersMax"/>]; they own the leaves from <see cref="FirstLeaf"/> on.</summary>
    public int Members { get; init; } = 16;

    /// <summary>Decides the members' keys and who gets which order.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Cash of each member before the first trade.</summary>
    public CashAmount Cash { get; init; } = CashAmount.Parse("1000000");

    /// <summary>Size of a batch.</summary>
    public TradeShape Shape { get; init; } = TradeShape.Standard;

    /// <summary>Fees and limits.</summary>
    public VenueParameters Parameters { get; init; } = new();

    /// <summary>Chain and contract that orders are signed for.</summary>
    public Fr Domain { get; init; }

    /// <summary>Batches after which no more fills are booked.</summary>
    public int BatchesMax { get; init; } = 64;

    /// <summary>The first member's leaf; clearing and open interest lie below.</summary>
    public const int FirstLeaf = ExchangeState.OpenInterestLeaf + 1;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">One is outside its range; the message names it.</exception>
    public void Validate()
    {
        Shape.Validate();
        Parameters.Validate();
        Require(Members is >= 2 and <= MembersMax, $"{Members} members; expected 2 to {MembersMax}");
        Require(BatchesMax >= 1, $"{BatchesMax} batches at most; expected 1 or more");
        Require(Cash.IsInDomain && Cash.Value >= 0, $"a member's cash of {Cash} USD; expected 0 to 2^80 units of 10^-8 USD");
    }

    private static void Require(bool condition, string violation)
    {
        if (!condition)
        {
            throw new ArgumentException(violation);
        }
    }
}
