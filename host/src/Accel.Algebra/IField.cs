namespace Accel.Algebra;

/// <summary>A finite field. Towers, curves and transforms are generic over it, so that the JIT specialises one source for each field.</summary>
/// <typeparam name="TSelf">The implementing struct.</typeparam>
public interface IField<TSelf> : IEquatable<TSelf>
    where TSelf : struct, IField<TSelf>
{
    /// <summary>The additive identity.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>The multiplicative identity.</summary>
    static abstract TSelf One { get; }

    /// <summary>Length in bytes of the canonical encoding.</summary>
    static abstract int ByteLength { get; }

    /// <summary>Whether this is the additive identity.</summary>
    bool IsZero { get; }

    /// <summary>a + b.</summary>
    static abstract TSelf operator +(in TSelf a, in TSelf b);

    /// <summary>a − b.</summary>
    static abstract TSelf operator -(in TSelf a, in TSelf b);

    /// <summary>a · b.</summary>
    static abstract TSelf operator *(in TSelf a, in TSelf b);

    /// <summary>−a.</summary>
    static abstract TSelf operator -(in TSelf a);

    /// <summary>Equality of field elements.</summary>
    static abstract bool operator ==(in TSelf a, in TSelf b);

    /// <summary>Inequality of field elements.</summary>
    static abstract bool operator !=(in TSelf a, in TSelf b);

    /// <summary>The element's square.</summary>
    TSelf Square();

    /// <summary>Twice the element.</summary>
    TSelf Double();

    /// <summary>The multiplicative inverse; the inverse of zero is zero.</summary>
    TSelf Inverse();

    /// <summary>A square root, when there is one; which of the two is not specified.</summary>
    /// <param name="root">The root, or zero when the element is not a square.</param>
    /// <returns>Whether the element is a square.</returns>
    bool TrySqrt(out TSelf root);
}
