using Accel.Proving.Frontend;

namespace Accel.Proving.Gadgets;

/// <summary>A run of a value's bits as an integer of its own; the bits themselves exist only where the circuit is compiled without look-ups.</summary>
public readonly struct Slice
{
    private readonly Bit[]? _bits;

    private Slice(Integer value, Bit[]? bits) => (Value, _bits) = (value, bits);

    /// <summary>The slice as an integer within its width.</summary>
    public Integer Value { get; }

    /// <summary>Its bits, least significant first.</summary>
    /// <exception cref="InvalidOperationException">The slice was looked up.</exception>
    public ReadOnlySpan<Bit> Bits => _bits ?? throw new InvalidOperationException("a slice that was looked up has no bits: ask UsesLookups first");

    /// <summary>The value as an integer.</summary>
    public static implicit operator Integer(in Slice slice) => slice.Value;

    internal static Slice Of(Bit[] bits) => new(Gadgets.Bits.FromBits(bits), bits);

    internal static Slice Of(in Integer value) => new(value, null);
}
