using System.Text;
using Accel.Derivatives.Market;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Settlement;

/// <summary>One account of a book.</summary>
/// <param name="Leaf">Index of its leaf, 0 being the clearing account.</param>
/// <param name="Name">Display name.</param>
/// <param name="Key">The owner's public key.</param>
/// <param name="Cash">Cash.</param>
/// <param name="Positions">Holdings, in the file's order; instruments distinct.</param>
public sealed record BookAccount(int Leaf, string Name, EdDsaPublicKey Key, CashAmount Cash, IReadOnlyList<BookPosition> Positions)
{
    /// <summary>Count of the owner's signed actions.</summary>
    public ulong Nonce { get; init; }

    /// <summary>Status bits, below 2⁸.</summary>
    public AccountStatus Status { get; init; }

    /// <summary>Unix second since when the account is below maintenance; zero when it is not. Below 2⁴⁰.</summary>
    public long FlaggedAt { get; init; }

    /// <summary>Funding and interest indices as the leaf holds them; zero before the first accrual.</summary>
    public Fr Indices { get; init; }

    /// <summary>Whether the account holds anything beside cash.</summary>
    public bool HoldsPositions => Positions.Count > 0 || Perpetual is not null || Collateral.Count > 0;

    /// <summary>A perpetual that the margin rule counts and no statement settles; null where none is held.</summary>
    public BookPerpetual? Perpetual { get; init; }

    /// <summary>Collateral beside cash, which the margin rule counts and no statement settles.</summary>
    public IReadOnlyList<BookCollateral> Collateral { get; init; } = [];
}

/// <summary>A linear perpetual held, for margin analysis.</summary>
/// <param name="Quantity">Contracts of one unit of the underlying, negative when short; never zero.</param>
/// <param name="Entry">Average price of entry in USD.</param>
/// <param name="Price">Its price in USD; null for the market's spot.</param>
public sealed record BookPerpetual(decimal Quantity, decimal Entry, decimal? Price);

/// <summary>An asset held as collateral, for margin analysis.</summary>
/// <param name="Asset">Its name.</param>
/// <param name="Amount">Units, positive.</param>
/// <param name="Price">Price of a unit in USD; null for the market's spot.</param>
/// <param name="MovesWithSpot">Whether it is the underlying or follows it, so that it offsets risk.</param>
/// <param name="MaintenanceHaircut">Share of its value that maintenance margin does not count.</param>
/// <param name="InitialHaircut">Further share that initial margin does not count.</param>
public sealed record BookCollateral(string Asset, decimal Amount, decimal? Price, bool MovesWithSpot, double MaintenanceHaircut, double InitialHaircut);

/// <summary>One holding of a book.</summary>
/// <param name="Instrument">What is held.</param>
/// <param name="Quantity">How much; never zero.</param>
public sealed record BookPosition(Instrument Instrument, PositionQuantity Quantity);

/// <summary>The accounts of an exchange in readable form, from which a state is made.</summary>
/// <param name="Underlying">Ticker that every instrument has.</param>
/// <param name="Accounts">Accounts, ascending by leaf.</param>
public sealed record Book(string Underlying, IReadOnlyList<BookAccount> Accounts)
{
    /// <summary>The distinct instruments held, in order of expiry, strike and kind.</summary>
    public IReadOnlyList<Instrument> Instruments =>
    [
        .. Accounts.SelectMany(a => a.Positions).Select(p => p.Instrument).Distinct().OrderBy(i => i.Expiry).ThenBy(i => i.Strike).ThenBy(i => i.Kind),
    ];

    /// <summary>The smallest built-in shape for the aligned range that starts at leaf 0 and holds every account.</summary>
    public BatchShape SmallestShape() => BatchShape.SmallestThatFits(
        Instruments.Count,
        Accounts.Count == 0 ? 1 : Accounts.Max(a => a.Leaf) + 1,
        Accounts.Count == 0 ? 1 : Math.Max(1, Accounts.Max(a => a.Positions.Count)),
        Instruments.Select(i => i.Expiry).Distinct().Count());

    /// <summary>The state that holds these accounts.</summary>
    /// <exception cref="SettlementException">An account holds what a state has no place for: a perpetual or collateral beside cash.</exception>
    public ExchangeState ToState() => ExchangeState.Empty.With(Accounts.Select(a => KeyValuePair.Create(a.Leaf, ToAccount(a))));

    /// <summary>A key for development, derived from a text; whoever knows the text owns the account.</summary>
    public static EdDsaPrivateKey DevelopmentKey(string seed) => new(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(seed)));

    private static Account ToAccount(BookAccount account) => account.Perpetual is null && account.Collateral.Count == 0
        ? ToLeaf(account)
        : throw new SettlementException(
            $"account {account.Name} holds a perpetual or collateral, which `accel margin` counts but no statement settles; expected cash and options only");

    private static Account ToLeaf(BookAccount account) => new()
    {
        KeyX = account.Key.Point.X,
        KeyY = account.Key.Point.Y,
        Nonce = account.Nonce,
        Status = account.Status,
        FlaggedAt = account.FlaggedAt,
        Indices = account.Indices,
        Cash = account.Cash,
        Positions = [.. account.Positions.Select(p => new Position(p.Instrument.Id, p.Quantity)).OrderBy(p => p.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare))],
    };
}
