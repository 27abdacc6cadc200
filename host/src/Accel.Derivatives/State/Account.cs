using Accel.Derivatives.Market;

namespace Accel.Derivatives.State;

/// <summary>What an account's flags say; the other bits of the byte are kept as they are.</summary>
[Flags]
public enum AccountStatus
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Below maintenance margin at the last settlement; <see cref="Account.FlaggedAt"/> says since when.</summary>
    BelowMaintenance = 1,
}

/// <summary>
/// One leaf of the account tree:
/// <c>Poseidon(Ax, Ay, nonce‖flags‖flaggedAt, cash, perpetual, indices, positionsRoot, ordersRoot)</c>.
/// </summary>
public sealed record Account
{
    /// <summary>Bits of <see cref="Status"/>.</summary>
    public const int FlagBits = 8;

    /// <summary>Bits of <see cref="FlaggedAt"/> and of every time.</summary>
    public const int TimeBits = 40;

    /// <summary>Most positions of an account.</summary>
    public const int PositionsMax = PositionBlocks.BlockCount * PositionBlocks.BlockSize;

    /// <summary>x of the owner's Baby Jubjub key.</summary>
    public required Fr KeyX { get; init; }

    /// <summary>y of the owner's Baby Jubjub key.</summary>
    public required Fr KeyY { get; init; }

    /// <summary>Count of the owner's signed actions.</summary>
    public ulong Nonce { get; init; }

    /// <summary>Status bits, below 2⁸.</summary>
    public AccountStatus Status { get; init; }

    /// <summary>Unix second since when the account is below maintenance; zero when it is not. Below 2⁴⁰.</summary>
    public long FlaggedAt { get; init; }

    /// <summary>Cash.</summary>
    public CashAmount Cash { get; init; }

    /// <summary><c>perpQuantity‖perpCost</c>; zero when there is no perpetual.</summary>
    public Fr Perpetual { get; init; }

    /// <summary><c>fundingIndex‖interestIndex</c>; zero before the first accrual.</summary>
    public Fr Indices { get; init; }

    /// <summary>Positions, strictly ascending by id, none of them zero.</summary>
    public IReadOnlyList<Position> Positions { get; init; } = [];

    /// <summary>How far the account's latest orders are filled.</summary>
    public OrderSlots Orders { get; init; } = OrderSlots.Empty;

    /// <summary>
    /// Open interest per instrument, ascending by id, none of it zero: only of the account at <see cref="ExchangeState.OpenInterestLeaf"/>,
    /// where it stands in place of <see cref="Orders"/>; null elsewhere.
    /// </summary>
    public IReadOnlyList<Position>? OpenInterest { get; init; }

    /// <summary>Commits to <see cref="Orders"/>, or to <see cref="OpenInterest"/> where there is one.</summary>
    public Fr OrdersRoot => OpenInterest is { } openInterest ? PositionBlocks.OpenInterestRoot(openInterest) : Orders.Root;

    /// <summary><c>nonce·2⁴⁸ + flags·2⁴⁰ + flaggedAt</c>.</summary>
    public Fr PackedStatus => ((((Fr)Nonce * (1L << FlagBits)) + (long)Status) * (1L << TimeBits)) + FlaggedAt;

    /// <summary>The leaf.</summary>
    public Fr Hash() => Poseidon.Hash(KeyX, KeyY, PackedStatus, FieldIntegers.FromInt128(Cash.Value), Perpetual, Indices, PositionBlocks.Root(Positions), OrdersRoot);

    /// <summary>Checks that every field lies in its domain and that positions are canonical.</summary>
    /// <exception cref="ArgumentException">A field does not; the message says which and what would be right.</exception>
    public void Validate()
    {
        if (!Cash.IsInDomain)
        {
            throw new ArgumentException($"cash {Cash} USD is outside ±2^80 units of 10^-8 USD");
        }

        if ((int)Status is < 0 or >= 1 << FlagBits || FlaggedAt is < 0 or >= 1L << TimeBits)
        {
            throw new ArgumentException($"flags {(int)Status} must be below 2^8 and flaggedAt {FlaggedAt} below 2^40");
        }

        PositionBlocks.Validate(Positions, PositionBlocks.BlockCount);
        if (OpenInterest is { } openInterest)
        {
            PositionBlocks.Validate(openInterest, PositionBlocks.OpenInterestBlockCount);
            if (openInterest.Any(position => position.Quantity.Value < 0))
            {
                throw new ArgumentException("open interest is negative; expected the sum of the long positions");
            }
        }
    }
}
