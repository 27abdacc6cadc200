using Accel.Derivatives.Market;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>Which way an order trades; the numeric value is the one that its message holds.</summary>
public enum OrderSide
{
    /// <summary>Buys at its limit or below.</summary>
    Buy = 0,

    /// <summary>Sells at its limit or above.</summary>
    Sell = 1,
}

/// <summary>What an owner signs; the kinds keep a signature of one from serving as another.</summary>
internal enum SignedAction
{
    Order = 1,
    Withdrawal = 2,
    LiquidationBid = 3,
}

/// <summary>A limit order.</summary>
/// <param name="Leaf">The account.</param>
/// <param name="InstrumentId">What it trades.</param>
/// <param name="Side">Which way.</param>
/// <param name="Limit">Worst price, in ticks a contract.</param>
/// <param name="Quantity">Most that it trades in all, in 10⁻⁴ contract, in [1, 2³³).</param>
/// <param name="ExpiresAt">Unix second after which it no longer trades, below 2⁴⁰.</param>
/// <param name="Nonce">Distinguishes the account's orders, below 2⁴⁰; see <see cref="OrderSlots"/> for the order in which they live.</param>
public sealed record Order(int Leaf, Fr InstrumentId, OrderSide Side, PriceTicks Limit, long Quantity, long ExpiresAt, long Nonce)
{
    /// <summary><c>(((side·2³⁶ + limit)·2³³ + quantity)·2⁴⁰ + expiresAt)·2⁴⁰ + nonce</c>, 150 bits.</summary>
    public Fr PackTerms()
    {
        Fr packed = ((Fr)(int)Side * (1L << PriceTicks.Bits)) + Limit.Value;
        packed = (packed * (1L << OrderFill.FilledBits)) + Quantity;
        packed = (packed * (1L << Account.TimeBits)) + ExpiresAt;
        return (packed * (1L << OrderFill.NonceBits)) + Nonce;
    }

    /// <summary>The message that the owner signs: <c>Poseidon(domain, kind·2²⁴ + leaf, instrument, terms)</c>.</summary>
    /// <param name="domain">Chain and contract.</param>
    public Fr Message(Fr domain) => Poseidon.Hash(domain, ActionTag(SignedAction.Order, Leaf), InstrumentId, PackTerms());

    /// <summary>Signs the order.</summary>
    public SignedOrder Sign(Fr domain, EdDsaPrivateKey key) => new(this, EdDsaPoseidon.Sign(key, Message(domain)));

    internal static Fr ActionTag(SignedAction kind, int leaf) => ((long)kind << (2 * AccountTree.Depth)) + leaf;
}

/// <summary>An order with its owner's signature over <see cref="Order.Message"/>.</summary>
public sealed record SignedOrder(Order Order, EdDsaSignature Signature);

/// <summary>Two orders that met.</summary>
/// <param name="Buy">The buyer's order.</param>
/// <param name="Sell">The seller's order.</param>
/// <param name="Price">Price in ticks a contract.</param>
/// <param name="Quantity">Units of 10⁻⁴ contract, in [1, 2³²].</param>
/// <param name="BuyerIsTaker">Whether the buyer's order came last.</param>
public sealed record Trade(SignedOrder Buy, SignedOrder Sell, PriceTicks Price, long Quantity, bool BuyerIsTaker)
{
    /// <summary>Bits of a trade's quantity less one.</summary>
    public const int QuantityBits = 32;
}
