namespace Accel.Derivatives.State;

/// <summary>How much of one order was filled.</summary>
/// <param name="Nonce">The order's nonce, in [0, 2⁴⁰).</param>
/// <param name="Filled">Filled so far in units of 10⁻⁴ contract, in [0, 2³³).</param>
public readonly record struct OrderFill(long Nonce, long Filled)
{
    /// <summary>Bits of a nonce.</summary>
    public const int NonceBits = 40;

    /// <summary>Bits of a quantity of an order.</summary>
    public const int FilledBits = 33;

    /// <summary>Bits of a packed slot.</summary>
    public const int PackedBits = NonceBits + FilledBits;

    /// <summary><c>nonce·2³³ + filled</c>, 73 bits.</summary>
    public Fr Pack() => ((Fr)Nonce * (1L << FilledBits)) + Filled;
}

/// <summary>
/// What an account remembers of its orders: sixteen slots, an order in slot nonce mod 16. A slot keeps the order with the highest nonce that
/// was filled; orders with lower ones are dead in it, so an order can be neither replayed nor filled beyond its quantity. Immutable.
/// </summary>
public sealed class OrderSlots
{
    /// <summary>Number of slots.</summary>
    public const int Count = 1 << IndexBits;

    /// <summary>Bits of a nonce that name its slot.</summary>
    public const int IndexBits = 4;

    /// <summary>Pairs of slots: what is hashed.</summary>
    public const int PairCount = Count / 2;

    private static readonly Fr PairShift = Fr.FromBigInteger(System.Numerics.BigInteger.One << OrderFill.PackedBits);

    private readonly OrderFill[] _fills;

    // Hashed when it is asked for: a batch replaces an account's slots many times and publishes only the last.
    private readonly Lazy<Fr> _root;

    private OrderSlots(OrderFill[] fills)
    {
        _fills = fills;
        _root = new Lazy<Fr>(() => Poseidon.Hash([.. Pairs()]));
    }

    /// <summary>No order was filled yet.</summary>
    public static OrderSlots Empty { get; } = new(new OrderFill[Count]);

    /// <summary>Poseidon over the eight pairs of <see cref="Pairs"/>.</summary>
    public Fr Root => _root.Value;

    /// <summary>The slots.</summary>
    public IReadOnlyList<OrderFill> Fills => _fills;

    /// <summary>Slots 2i and 2i + 1 side by side: <c>second·2⁷³ + first</c>, 146 bits.</summary>
    public IEnumerable<Fr> Pairs() => _fills.Chunk(2).Select(pair => (pair[1].Pack() * PairShift) + pair[0].Pack());

    /// <summary>The slot of a nonce.</summary>
    public static int IndexOf(long nonce) => (int)(nonce & (Count - 1));

    /// <summary>The slots after an order was filled so far.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Nonce or quantity is outside its domain.</exception>
    public OrderSlots With(OrderFill fill)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fill.Nonce);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fill.Nonce, 1L << OrderFill.NonceBits);
        ArgumentOutOfRangeException.ThrowIfNegative(fill.Filled);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fill.Filled, 1L << OrderFill.FilledBits);
        OrderFill[] fills = [.. _fills];
        fills[IndexOf(fill.Nonce)] = fill;
        return new OrderSlots(fills);
    }
}
