using Accel.Derivatives.State;

namespace Accel.Derivatives.Expiries;

/// <summary>The sizes that an expiry circuit is compiled for; what is unused is zero.</summary>
/// <param name="Contracts">Contract slots.</param>
/// <param name="Accounts">Leaves of the range: a power of four.</param>
/// <param name="Positions">Positions that an account may hold, at most eight: the first position block.</param>
/// <param name="Fixings">Slots of the fixing series.</param>
public sealed record ExpiryShape(int Contracts, int Accounts, int Positions, int Fixings)
{
    /// <summary>2 contracts, 1 account, 3 positions, 3 fixings: for searches.</summary>
    public static ExpiryShape Tiny { get; } = new(2, 1, 3, 3);

    /// <summary>8 contracts, 16 accounts, 8 positions, 16 fixings: the reference size.</summary>
    public static ExpiryShape Standard { get; } = new(8, 16, 8, 16);

    /// <summary>Height of the account range in the 4-ary tree.</summary>
    public int RangeHeight => int.Log2(Accounts) / 2;

    /// <summary>Short name, such as <c>8x16x8x16</c>.</summary>
    public string Name => $"{Contracts}x{Accounts}x{Positions}x{Fixings}";

    /// <summary>Parses <see cref="Name"/>.</summary>
    /// <exception cref="FormatException">The text has another form, or names a shape that cannot be.</exception>
    public static ExpiryShape Parse(string text) => Circuits.ShapeText.Parse(
        text, "contracts x accounts x positions x fixings", Standard,
        sizes => new ExpiryShape(sizes[0], sizes[1], sizes[2], sizes[3]), shape => shape.Validate());

    /// <summary>Checks that the sizes are possible.</summary>
    /// <exception cref="ArgumentException">They are not; the message says what would be.</exception>
    public void Validate()
    {
        bool accounts = Accounts >= 1 && Accounts < AccountTree.Capacity && int.IsPow2(Accounts) && int.Log2(Accounts) % 2 == 0;
        if (!accounts || Contracts is < 1 or > 256 || Positions is < 1 or > PositionBlocks.BlockSize || Fixings is < 1 or > 255)
        {
            throw new ArgumentException(
                $"{Name}: expected 1-256 contracts, a power of four accounts, 1-{PositionBlocks.BlockSize} positions, 1-255 fixings");
        }
    }

    /// <inheritdoc />
    public override string ToString() => Name;
}
