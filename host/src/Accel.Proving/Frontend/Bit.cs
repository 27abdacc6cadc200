namespace Accel.Proving.Frontend;

/// <summary>A value that a constraint holds to 0 or 1. Only gadgets that add that constraint can make one, so a missing check does not compile.</summary>
public readonly struct Bit
{
    internal Bit(Linear value) => Value = value;

    /// <summary>The constant 0.</summary>
    public static Bit False => new(Linear.Zero);

    /// <summary>The constant 1.</summary>
    public static Bit True => new(Linear.One);

    /// <summary>The value as a linear combination.</summary>
    public Linear Value { get; }

    /// <summary>1 − a; no constraint.</summary>
    public static Bit operator !(in Bit a) => new(Linear.One - a.Value);

    /// <summary>The value in the field.</summary>
    public static implicit operator Linear(in Bit bit) => bit.Value;

    /// <summary>The value as an integer in [0, 1].</summary>
    public static implicit operator Integer(in Bit bit) => new(bit.Value, 0, 1);

    /// <summary>A constant bit.</summary>
    public static Bit Constant(bool value) => value ? True : False;
}
