using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Accel.Algebra;

public readonly partial struct PrimeField<TModulus>
{
    /// <summary>The prime p.</summary>
    public static BigInteger Modulus => Constants.Modulus;

    /// <summary>An element from a machine integer.</summary>
    public static implicit operator PrimeField<TModulus>(ulong value) => ToMontgomery(value, 0, 0, 0);

    /// <summary>An element from a signed machine integer; negative values are taken mod p.</summary>
    public static implicit operator PrimeField<TModulus>(long value) => value < 0 ? -FromMagnitude(value) : ToMontgomery((ulong)value, 0, 0, 0);

    /// <summary>An element from a signed machine integer; negative values are taken mod p.</summary>
    public static implicit operator PrimeField<TModulus>(int value) => (long)value;

    /// <summary>An element from any integer, taken mod p; negative integers too.</summary>
    public static PrimeField<TModulus> FromBigInteger(BigInteger value)
    {
        BigInteger reduced = BigInteger.Remainder(value, Constants.Modulus);
        if (reduced.Sign < 0)
        {
            reduced += Constants.Modulus;
        }

        Span<byte> bytes = stackalloc byte[32];
        bytes.Clear();
        reduced.TryWriteBytes(bytes, out _, isUnsigned: true);
        return FromCanonicalLimbs(bytes);
    }

    /// <summary>The canonical representative in [0, p).</summary>
    public BigInteger ToBigInteger()
    {
        Span<byte> bytes = stackalloc byte[32];
        WriteCanonical(bytes);
        return new BigInteger(bytes, isUnsigned: true);
    }

    /// <summary>The representative in (−p/2, p/2], as circuits read signed integers.</summary>
    public BigInteger ToSignedBigInteger()
    {
        BigInteger value = ToBigInteger();
        return value > Constants.Modulus >> 1 ? value - Constants.Modulus : value;
    }

    /// <summary>Reads 32 little-endian bytes of a canonical integer.</summary>
    /// <returns>False when the integer is not below p.</returns>
    public static bool TryReadCanonical(ReadOnlySpan<byte> source, out PrimeField<TModulus> value)
    {
        if (!IsBelowModulus(source))
        {
            value = default;
            return false;
        }

        value = FromCanonicalLimbs(source);
        return true;
    }

    /// <summary>Writes the canonical integer as 32 little-endian bytes.</summary>
    public void WriteCanonical(Span<byte> destination)
    {
        PrimeField<TModulus> canonical = ToCanonicalLimbs();
        canonical.WriteMontgomery(destination);
    }

    /// <summary>Reads 32 little-endian bytes that hold the Montgomery form, as snarkjs keys do.</summary>
    /// <returns>False when the stored integer is not below p.</returns>
    public static bool TryReadMontgomery(ReadOnlySpan<byte> source, out PrimeField<TModulus> value)
    {
        bool valid = IsBelowModulus(source);
        value = valid ? ReadLimbs(source) : default;
        return valid;
    }

    /// <summary>Writes the Montgomery form as 32 little-endian bytes.</summary>
    public void WriteMontgomery(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, _l0);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], _l1);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], _l2);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], _l3);
    }

    /// <summary>Writes the canonical integer as four little-endian 64-bit limbs.</summary>
    public void WriteCanonicalLimbs(Span<ulong> destination)
    {
        PrimeField<TModulus> canonical = ToCanonicalLimbs();
        destination[3] = canonical._l3;
        destination[2] = canonical._l2;
        destination[1] = canonical._l1;
        destination[0] = canonical._l0;
    }

    /// <summary>Parses a decimal integer, or a hexadecimal one after <c>0x</c>, that is below p and not negative.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PrimeField<TModulus> value)
    {
        value = default;

        // 80 digits hold any 254-bit integer; longer text would only cost quadratic time to refuse.
        if (string.IsNullOrEmpty(text) || text.Length > 80 || text.Equals("0x", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        bool parsed = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? BigInteger.TryParse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out BigInteger integer)
            : BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out integer);
        if (!parsed || integer.Sign < 0 || integer >= Constants.Modulus)
        {
            return false;
        }

        value = FromBigInteger(integer);
        return true;
    }

    /// <summary>Parses as <see cref="TryParse"/> does.</summary>
    /// <exception cref="FormatException">The text is not an integer in [0, p).</exception>
    public static PrimeField<TModulus> Parse(string text) =>
        TryParse(text, out PrimeField<TModulus> value)
            ? value
            : throw new FormatException($"'{(text.Length > 90 ? text[..90] + "…" : text)}' is not an integer below the modulus of {TModulus.Name}");

    /// <summary>The canonical integer in decimal.</summary>
    public override string ToString() => ToBigInteger().ToString(CultureInfo.InvariantCulture);

    private static PrimeField<TModulus> FromMagnitude(long negative) => ToMontgomery((ulong)-(negative + 1) + 1, 0, 0, 0);

    private static PrimeField<TModulus> ToMontgomery(ulong l0, ulong l1, ulong l2, ulong l3) =>
        new PrimeField<TModulus>(l0, l1, l2, l3) * Constants.RSquared;

    private static PrimeField<TModulus> FromCanonicalLimbs(ReadOnlySpan<byte> source) => ReadLimbs(source) * Constants.RSquared;

    private static PrimeField<TModulus> ReadLimbs(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(source),
        BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[24..]));

    /// <summary>A Montgomery product with the integer 1 divides by R.</summary>
    private PrimeField<TModulus> ToCanonicalLimbs() => this * new PrimeField<TModulus>(1, 0, 0, 0);

    private static bool IsBelowModulus(ReadOnlySpan<byte> source)
    {
        PrimeField<TModulus> raw = ReadLimbs(source);
        ulong borrow = 0;
        SubtractBorrow(raw._l0, TModulus.Limb0, ref borrow);
        SubtractBorrow(raw._l1, TModulus.Limb1, ref borrow);
        SubtractBorrow(raw._l2, TModulus.Limb2, ref borrow);
        SubtractBorrow(raw._l3, TModulus.Limb3, ref borrow);
        return borrow != 0;
    }

    private static class Constants
    {
        public static readonly BigInteger Modulus =
            ((((((BigInteger)TModulus.Limb3 << 64) | TModulus.Limb2) << 64) | TModulus.Limb1) << 64) | TModulus.Limb0;

        public static readonly PrimeField<TModulus> One = Raw((BigInteger.One << 256) % Modulus);

        public static readonly PrimeField<TModulus> RSquared = Raw((BigInteger.One << 512) % Modulus);

        private static PrimeField<TModulus> Raw(BigInteger value)
        {
            Span<byte> bytes = stackalloc byte[32];
            bytes.Clear();
            value.TryWriteBytes(bytes, out _, isUnsigned: true);
            return ReadLimbs(bytes);
        }
    }
}
