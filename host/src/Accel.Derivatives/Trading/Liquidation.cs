using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>The sizes that a liquidation circuit is compiled for.</summary>
/// <param name="Instruments">Rows of the risk matrix that the batch opens.</param>
/// <param name="Positions">Positions that an account may hold: 8, 16, 24 or 32.</param>
/// <param name="Expiries">Expiry slots, at most eight.</param>
/// <param name="Liquidations">Liquidations, one after the other.</param>
public sealed record LiquidationShape(int Instruments, int Positions, int Expiries, int Liquidations)
{
    /// <summary>4 instruments, 8 positions, 2 expiries, 1 liquidation: for tests and first steps.</summary>
    public static LiquidationShape Tiny { get; } = new(4, 8, 2, 1);

    /// <summary>16 instruments, 8 positions, 4 expiries, 4 liquidations: the reference size.</summary>
    public static LiquidationShape Standard { get; } = new(16, 8, 4, 4);

    /// <summary>Short name, such as <c>16x8x4x4</c>.</summary>
    public string Name => $"{Instruments}x{Positions}x{Expiries}x{Liquidations}";

    /// <summary>The shape of one account of the batch.</summary>
    internal TradeShape AccountShape => new(Instruments, 2, Positions, Expiries, 1);

    /// <summary>Checks that the sizes are possible.</summary>
    /// <exception cref="ArgumentException">They are not; the message says what would be.</exception>
    public void Validate()
    {
        AccountShape.Validate();
        if (Liquidations is < 1 or > 256)
        {
            throw new ArgumentException($"{Name}: expected 1-256 liquidations");
        }
    }

    /// <inheritdoc />
    public override string ToString() => Name;
}

/// <summary>What a liquidator signs: to take a share of an account that is below maintenance.</summary>
/// <param name="Leaf">The liquidator's account.</param>
/// <param name="LiquidatedLeaf">The account that is below maintenance.</param>
/// <param name="ShareMillionths">The share of each of its positions, in 10⁻⁶, at least one.</param>
/// <param name="PaymentMax">Most that the liquidator pays for the positions, in 10⁻⁸ USD; negative to be paid.</param>
/// <param name="ExpiresAt">Unix second after which the bid no longer counts.</param>
/// <param name="Nonce">As an order's; a bid takes an order slot and is used once.</param>
public sealed record LiquidationBid(int Leaf, int LiquidatedLeaf, long ShareMillionths, CashAmount PaymentMax, long ExpiresAt, long Nonce)
{
    private const int PaymentBits = CashAmount.MagnitudeBits + 1;

    /// <summary><c>((share·2⁸¹ + paymentMax + 2⁸⁰)·2⁴⁰ + expiresAt)·2⁴⁰ + nonce</c>, 181 bits.</summary>
    public Fr PackTerms() => Fr.FromBigInteger(
        (((((BigInteger)ShareMillionths << PaymentBits) + (BigInteger)PaymentMax.Value + (BigInteger.One << CashAmount.MagnitudeBits) << Account.TimeBits) + ExpiresAt) << OrderFill.NonceBits) + Nonce);

    /// <summary>The message: <c>Poseidon(domain, kind·2²⁴ + leaf, liquidated leaf, terms)</c>.</summary>
    public Fr Message(Fr domain) => Poseidon.Hash(domain, Order.ActionTag(SignedAction.LiquidationBid, Leaf), LiquidatedLeaf, PackTerms());

    /// <summary>Signs the bid.</summary>
    public SignedBid Sign(Fr domain, EdDsaPrivateKey key) => new(this, EdDsaPoseidon.Sign(key, Message(domain)));
}

/// <summary>A bid with the liquidator's signature over <see cref="LiquidationBid.Message"/>.</summary>
public sealed record SignedBid(LiquidationBid Bid, EdDsaSignature Signature);

/// <summary>A bid and the scenario under which the account is shown to be below maintenance.</summary>
/// <param name="Bid">The bid.</param>
/// <param name="Scenario">Index of a scenario whose loss exceeds the account's value; it also prices the liquidation.</param>
public sealed record Liquidation(SignedBid Bid, int Scenario);

/// <summary>What is to be liquidated.</summary>
/// <param name="State">State before.</param>
/// <param name="Risk">Prices under every scenario.</param>
/// <param name="Parameters">The venue's parameters.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Liquidations">Liquidations, one after the other.</param>
/// <param name="BatchNumber">Number of the batch.</param>
/// <param name="Domain">Chain and contract.</param>
public sealed record LiquidationBatch(
    ExchangeState State, RiskMatrix Risk, VenueParameters Parameters, LiquidationShape Shape, IReadOnlyList<Liquidation> Liquidations, ulong BatchNumber, Fr Domain);

/// <summary>One liquidation as it was done.</summary>
/// <param name="Liquidated">The account that was below maintenance.</param>
/// <param name="Liquidator">The account that took the positions.</param>
/// <param name="Payment">What the liquidator paid, in 10⁻⁸ USD; negative when it was paid.</param>
public sealed record LiquidationStep(OpenedAccount Liquidated, OpenedAccount Liquidator, CashAmount Payment);

/// <summary>A batch as it was done, and everything that a proof of it takes.</summary>
/// <param name="Batch">What was asked for.</param>
/// <param name="NewState">State after.</param>
/// <param name="Rows">Indices of the opened rows, ascending by id.</param>
/// <param name="Steps">As many as the shape has; those that are not needed open the first accounts again and leave them.</param>
/// <param name="OpenInterest">The account that keeps the open interest.</param>
/// <param name="Words">The published words.</param>
/// <param name="PublicInputs">What a proof says in public.</param>
public sealed record LiquidationResult(
    LiquidationBatch Batch,
    ExchangeState NewState,
    IReadOnlyList<int> Rows,
    IReadOnlyList<LiquidationStep> Steps,
    OpenedAccount OpenInterest,
    IReadOnlyList<Fr> Words,
    TransitionPublicInputs PublicInputs);
