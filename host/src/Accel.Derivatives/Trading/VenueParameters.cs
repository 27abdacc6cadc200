namespace Accel.Derivatives.Trading;

/// <summary>
/// What a venue sets: fees, the limit of open interest, and how liquidations are priced. Rates are in millionths. They are private data of a
/// proof; their <see cref="Hash"/> is public, so that a contract decides which ones count.
/// </summary>
public sealed record VenueParameters
{
    /// <summary>One, in millionths.</summary>
    public const long Unit = 1_000_000;

    /// <summary>Bits of a rate: up to one.</summary>
    public const int RateBits = 20;

    /// <summary>Bits of <see cref="AuctionSeconds"/>.</summary>
    public const int AuctionBits = 24;

    /// <summary>Fee of the order that rested, as a share of the premium.</summary>
    public long MakerFee { get; init; } = 300;

    /// <summary>Fee of the order that took it.</summary>
    public long TakerFee { get; init; } = 500;

    /// <summary>Most open interest of an instrument, in 10⁻⁴ contract, below 2³².</summary>
    public long OpenInterestMax { get; init; } = 1_000_000_000;

    /// <summary>A liquidation's discount at the end of its auction, as a share of the margin that is taken over.</summary>
    public long AuctionDiscountMax { get; init; } = 300_000;

    /// <summary>Seconds over which the discount rises from zero, in [1, 2²⁴).</summary>
    public long AuctionSeconds { get; init; } = 900;

    /// <summary>Largest share of an account that one liquidation may take.</summary>
    public long LiquidatedShareMax { get; init; } = 500_000;

    /// <summary>Margin above maintenance that a liquidation may restore, as a share of the account's maintenance requirement.</summary>
    public long LiquidationBuffer { get; init; } = 100_000;

    /// <summary>The elements of the hash, in order.</summary>
    public IReadOnlyList<long> Scalars =>
        [MakerFee, TakerFee, OpenInterestMax, AuctionDiscountMax, AuctionSeconds, LiquidatedShareMax, LiquidationBuffer];

    /// <summary>Poseidon over <see cref="Scalars"/>.</summary>
    public Fr Hash() => Poseidon.Hash([.. Scalars.Select(scalar => (Fr)scalar)]);

    /// <summary>Checks that every parameter lies in its domain.</summary>
    /// <exception cref="ArgumentException">One does not; the message names it.</exception>
    public void Validate()
    {
        Check(nameof(MakerFee), MakerFee, 0, Unit);
        Check(nameof(TakerFee), TakerFee, 0, Unit);
        Check(nameof(OpenInterestMax), OpenInterestMax, 0, (1L << 32) - 1);
        Check(nameof(AuctionDiscountMax), AuctionDiscountMax, 0, Unit);
        Check(nameof(AuctionSeconds), AuctionSeconds, 1, (1L << AuctionBits) - 1);
        Check(nameof(LiquidatedShareMax), LiquidatedShareMax, 1, Unit);
        Check(nameof(LiquidationBuffer), LiquidationBuffer, 0, Unit);
    }

    private static void Check(string name, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            throw new ArgumentException($"{name}: {value} is outside [{least}, {most}]");
        }
    }
}
