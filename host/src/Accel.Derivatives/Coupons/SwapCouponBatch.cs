using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Coupons;

/// <summary>The sizes that a coupon circuit is compiled for; what is unused is zero.</summary>
/// <param name="Accounts">Leaves of the range: a power of four.</param>
/// <param name="Positions">Positions that an account may hold, at most eight: the first position block.</param>
/// <param name="Fixings">Slots of the rate series.</param>
public sealed record SwapCouponShape(int Accounts, int Positions, int Fixings)
{
    /// <summary>1 account, 3 positions, 3 fixings: for searches.</summary>
    public static SwapCouponShape Tiny { get; } = new(1, 3, 3);

    /// <summary>16 accounts, 8 positions, 8 fixings: the reference size.</summary>
    public static SwapCouponShape Standard { get; } = new(16, 8, 8);

    /// <summary>Height of the account range in the 4-ary tree.</summary>
    public int RangeHeight => int.Log2(Accounts) / 2;

    /// <summary>Short name, such as <c>16x8x8</c>.</summary>
    public string Name => $"{Accounts}x{Positions}x{Fixings}";

    /// <summary>Parses <see cref="Name"/>.</summary>
    /// <exception cref="FormatException">The text has another form, or names a shape that cannot be.</exception>
    public static SwapCouponShape Parse(string text) => Circuits.ShapeText.Parse(
        text, "accounts x positions x fixings", Standard, sizes => new SwapCouponShape(sizes[0], sizes[1], sizes[2]), shape => shape.Validate());

    /// <summary>Checks that the sizes are possible.</summary>
    /// <exception cref="ArgumentException">They are not; the message says what would be.</exception>
    public void Validate()
    {
        bool accounts = Accounts >= 1 && Accounts < AccountTree.Capacity && int.IsPow2(Accounts) && int.Log2(Accounts) % 2 == 0;
        if (!accounts || Positions is < 1 or > PositionBlocks.BlockSize || Fixings is < 1 or > 255)
        {
            throw new ArgumentException($"{Name}: expected a power of four accounts, 1-{PositionBlocks.BlockSize} positions, 1-255 fixings");
        }
    }

    /// <inheritdoc />
    public override string ToString() => Name;
}

/// <summary>A coupon to be paid to a range of accounts.</summary>
/// <param name="State">State before.</param>
/// <param name="Rates">The signed series of the rate index; its slots are the shape's.</param>
/// <param name="Coupon">The coupon; null, or one that is not due, changes nothing.</param>
/// <param name="Shape">Sizes of the batch.</param>
/// <param name="FirstLeaf">First leaf of the range, a multiple of the shape's account count.</param>
/// <param name="BatchNumber">Number of the batch.</param>
/// <param name="Domain">Chain and contract.</param>
public sealed record SwapCouponBatch(
    ExchangeState State, SignedFixings Rates, SwapCoupon? Coupon, SwapCouponShape Shape, int FirstLeaf, ulong BatchNumber, Fr Domain);

/// <summary>A paid coupon: the new state, what happened to each account, and everything that a proof of it takes.</summary>
/// <param name="Batch">What was to be paid.</param>
/// <param name="Range">The accounts, the clearing account and the paths; marked positions moved to the next coupon or are gone.</param>
/// <param name="Amount">Ticks that one contract received; zero when nothing was due.</param>
/// <param name="DiffWords">The published difference: <see cref="RangeDiff"/>, then the upper and the lower 127 bits of the next coupon's id.</param>
/// <param name="PublicInputs">What a proof says in public.</param>
public sealed record SwapCouponResult(SwapCouponBatch Batch, ClearedRange Range, long Amount, IReadOnlyList<Fr> DiffWords,
    RangePublicInputs PublicInputs);
