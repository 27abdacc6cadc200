using Accel.Derivatives.Circuits;

namespace Accel.Derivatives.Settlement;

/// <summary>The sizes that a market-risk circuit is compiled for.</summary>
/// <param name="Instruments">Instrument slots of the snapshot, at most 256.</param>
/// <param name="Expiries">Expiry slots of the snapshot: 1, 2, 4 or 8.</param>
public sealed record MarketShape(int Instruments, int Expiries)
{
    /// <summary>4 instruments, 2 expiries: for tests and first steps.</summary>
    public static MarketShape Tiny { get; } = new(4, 2);

    /// <summary>64 instruments, 4 expiries: the reference size.</summary>
    public static MarketShape Standard { get; } = new(64, 4);

    /// <summary>The snapshot's shape. Accounts and positions are no part of what the oracle signs.</summary>
    public BatchShape Snapshot => new(Instruments, 1, 1, Expiries);

    /// <summary>Parses text such as <c>64x4</c>.</summary>
    /// <exception cref="FormatException">The text has another form, or names a shape that cannot be.</exception>
    public static MarketShape Parse(string text) => ShapeText.Parse(text, "instruments x expiries", Standard, sizes => new MarketShape(sizes[0], sizes[1]), shape => shape.Validate());

    /// <summary>Checks that the sizes are possible.</summary>
    /// <exception cref="ArgumentException">They are not; the message says what would be.</exception>
    public void Validate()
    {
        Snapshot.Validate();
        if (Instruments > RiskMatrix.RowsMax)
        {
            throw new ArgumentException($"{this}: a risk matrix holds at most {RiskMatrix.RowsMax} instruments");
        }
    }

    /// <inheritdoc />
    public override string ToString() => $"{Instruments}x{Expiries}";
}
