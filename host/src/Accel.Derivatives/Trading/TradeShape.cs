using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>The sizes that a trading circuit is compiled for; what is unused is a no-op.</summary>
/// <param name="Instruments">Rows of the risk matrix that the batch opens.</param>
/// <param name="Accounts">Accounts that the batch opens: a power of two.</param>
/// <param name="Positions">Positions that an account may hold: 8, 16, 24 or 32, whole blocks.</param>
/// <param name="Expiries">Expiry slots that the batch's instruments may lie in, at most eight.</param>
/// <param name="Trades">Trades.</param>
public sealed record TradeShape(int Instruments, int Accounts, int Positions, int Expiries, int Trades)
{
    /// <summary>4 instruments, 2 accounts, 8 positions, 2 expiries, 2 trades: for tests and first steps.</summary>
    public static TradeShape Tiny { get; } = new(4, 2, 8, 2, 2);

    /// <summary>16 instruments, 16 accounts, 8 positions, 4 expiries, 16 trades: the reference size.</summary>
    public static TradeShape Standard { get; } = new(16, 16, 8, 4, 16);

    /// <summary>Most instruments of a batch: as many as the open interest lists.</summary>
    public const int InstrumentsMax = 128;

    /// <summary>Blocks of positions that an account may use.</summary>
    public int Blocks => Positions / PositionBlocks.BlockSize;

    /// <summary>Blocks that the open interest of every instrument takes.</summary>
    public int OpenInterestBlocks => (Instruments + PositionBlocks.BlockSize - 1) / PositionBlocks.BlockSize;

    /// <summary>Short name, such as <c>16x16x8x4x16</c>.</summary>
    public string Name => $"{Instruments}x{Accounts}x{Positions}x{Expiries}x{Trades}";

    /// <summary>Parses <see cref="Name"/>.</summary>
    /// <exception cref="FormatException">The text has another form, or names a shape that cannot be.</exception>
    public static TradeShape Parse(string text) => Circuits.ShapeText.Parse(
        text, "instruments x accounts x positions x expiries x trades", Standard,
        sizes => new TradeShape(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]), shape => shape.Validate());

    /// <summary>Checks that the sizes are possible.</summary>
    /// <exception cref="ArgumentException">They are not; the message says what would be.</exception>
    public void Validate()
    {
        bool positions = Positions > 0 && Positions <= Account.PositionsMax && Positions % PositionBlocks.BlockSize == 0;
        if (!positions || !int.IsPow2(Accounts) || Accounts is < 2 or > 1024 || Instruments < 1 || Instruments > InstrumentsMax || Expiries is < 1 or > RiskMatrix.ExpiriesMax || Trades is < 1 or > 1024)
        {
            throw new ArgumentException(
                $"{Name}: expected 1-{InstrumentsMax} instruments, a power of two of accounts up to 1024, 8, 16, 24 or 32 positions, 1-{RiskMatrix.ExpiriesMax} expiries, 1-1024 trades");
        }
    }

    /// <inheritdoc />
    public override string ToString() => Name;
}
