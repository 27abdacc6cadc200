using Accel.Derivatives.Market;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Settlement;

/// <summary>The sizes that a settlement circuit is compiled for; what is unused is zero.</summary>
/// <param name="Instruments">Instrument slots of the snapshot.</param>
/// <param name="Accounts">Leaves of the range: a power of four.</param>
/// <param name="Positions">Positions that an account may hold, at most eight: the first position block.</param>
/// <param name="Expiries">Expiry slots of the snapshot: a power of two, at most eight.</param>
public sealed record BatchShape(int Instruments, int Accounts, int Positions, int Expiries)
{
    /// <summary>Bits of an expiry slot's index in a packed instrument.</summary>
    public const int ExpirySlotBits = 3;

    /// <summary>4 instruments, 4 accounts, 4 positions, 2 expiries: for tests and first steps.</summary>
    public static BatchShape Tiny { get; } = new(4, 4, 4, 2);

    /// <summary>8 instruments, 4 accounts, 8 positions, 4 expiries.</summary>
    public static BatchShape Small { get; } = new(8, 4, 8, 4);

    /// <summary>16 instruments, 16 accounts, 8 positions, 4 expiries: the reference size.</summary>
    public static BatchShape Standard { get; } = new(16, 16, 8, 4);

    /// <summary>32 instruments, 64 accounts, 8 positions, 4 expiries.</summary>
    public static BatchShape Large { get; } = new(32, 64, 8, 4);

    /// <summary>The shapes that circuits are published for, by growing size.</summary>
    public static IReadOnlyList<BatchShape> BuiltIn { get; } = [Tiny, Small, Standard, Large];

    /// <summary>Height of the account range in the 4-ary tree.</summary>
    public int RangeHeight => int.Log2(Accounts) / 2;

    /// <summary>Tells snapshots of one shape from those of another: the signed message carries it beside the spot.</summary>
    public Fr SnapshotTag => (Fr)(((long)Instruments << 4) | (long)Expiries) * (1L << PriceTicks.Bits);

    /// <summary>Short name, such as <c>16x16x8x4</c>.</summary>
    public string Name => $"{Instruments}x{Accounts}x{Positions}x{Expiries}";

    /// <summary>The smallest built-in shape that holds so many of each.</summary>
    /// <exception cref="ArgumentException">None does; the message says what the largest holds.</exception>
    public static BatchShape SmallestThatFits(int instruments, int accounts, int positions, int expiries) =>
        BuiltIn.FirstOrDefault(s => s.Instruments >= instruments && s.Accounts >= accounts && s.Positions >= positions && s.Expiries >= expiries)
        ?? throw new ArgumentException(
            $"no built-in shape holds {instruments} instruments, {accounts} accounts, {positions} positions and {expiries} expiries; the largest is {BuiltIn[^1].Name}");

    /// <summary>Parses <see cref="Name"/>.</summary>
    /// <exception cref="FormatException">The text has another form, or names a shape that cannot be.</exception>
    public static BatchShape Parse(string text)
    {
        int[] sizes = [.. text.Split('x').Select(part => int.TryParse(part, out int size) ? size : 0)];
        if (sizes.Length != 4)
        {
            throw new FormatException($"'{text}' is not instruments x accounts x positions x expiries, such as 16x16x8x4");
        }

        var shape = new BatchShape(sizes[0], sizes[1], sizes[2], sizes[3]);
        try
        {
            shape.Validate();
        }
        catch (ArgumentException error)
        {
            throw new FormatException(error.Message, error);
        }

        return shape;
    }

    /// <summary>Checks that the sizes are possible.</summary>
    /// <exception cref="ArgumentException">They are not; the message says what would be.</exception>
    public void Validate()
    {
        bool accounts = Accounts >= 1 && Accounts < AccountTree.Capacity && int.IsPow2(Accounts) && int.Log2(Accounts) % 2 == 0;
        if (!accounts || Instruments is < 1 or > 1024 || Positions is < 1 or > PositionBlocks.BlockSize || Expiries is < 1 or > 1 << ExpirySlotBits || !int.IsPow2(Expiries))
        {
            throw new ArgumentException($"{Name}: expected 1-1024 instruments, a power of four accounts, 1-{PositionBlocks.BlockSize} positions, 1, 2, 4 or {1 << ExpirySlotBits} expiries");
        }
    }

    /// <inheritdoc />
    public override string ToString() => Name;
}
