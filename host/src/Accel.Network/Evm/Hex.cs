using System.Globalization;
using System.Numerics;

namespace Accel.Network.Evm;

/// <summary>JSON-RPC's two encodings: bytes as an even count of hexadecimal digits, quantities without leading zeros, both after <c>0x</c>.</summary>
internal static class Hex
{
    public static string Encode(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    public static string Quantity(BigInteger value) =>
        value.IsZero ? "0x0" : "0x" + value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');

    public static byte[] Decode(string text)
    {
        if (!text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || text.Length % 2 != 0)
        {
            throw new FormatException($"'{Shorten(text)}' is not bytes: expected 0x and an even count of hexadecimal digits");
        }

        try
        {
            return Convert.FromHexString(text.AsSpan(2));
        }
        catch (FormatException exception)
        {
            throw new FormatException($"'{Shorten(text)}' is not bytes: expected hexadecimal digits after 0x", exception);
        }
    }

    public static BigInteger DecodeQuantity(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        && BigInteger.TryParse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out BigInteger value)
            ? value
            : throw new FormatException($"'{Shorten(text)}' is not a quantity: expected hexadecimal digits after 0x");

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
