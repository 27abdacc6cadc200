using System.Numerics;

namespace Accel.Network.Evm;

/// <summary>A contract refused a call or a transaction.</summary>
public sealed class EvmRevertException : Exception
{
    private EvmRevertException(string message, string? errorName, IReadOnlyDictionary<string, BigInteger> arguments, Exception? inner)
        : base(message, inner)
    {
        ErrorName = errorName;
        Arguments = arguments;
    }

    /// <summary>Name of the custom error, such as <c>InvalidProof</c>; null when the contract gave none that is known.</summary>
    public string? ErrorName { get; }

    /// <summary>The error's arguments by name; empty when <see cref="ErrorName"/> is null.</summary>
    public IReadOnlyDictionary<string, BigInteger> Arguments { get; }

    internal static EvmRevertException Decode(string action, ReadOnlySpan<byte> revertData, IEnumerable<AbiError> errors, Exception? inner)
    {
        foreach (AbiError error in errors.Append(AbiError.Panic))
        {
            if (error.TryDecode(revertData) is { } arguments)
            {
                string list = string.Join(", ", error.Parameters.Select(parameter => $"{parameter.Name}: {Format(parameter.Type, arguments[parameter.Name])}"));
                return new EvmRevertException($"{action} was refused: {error.Name}({list})", error.Name, arguments, inner);
            }
        }

        string data = revertData.IsEmpty ? "without data" : $"with unknown data {Hex.Encode(revertData)}";
        return new EvmRevertException($"{action} was refused {data}", null, new Dictionary<string, BigInteger>(), inner);
    }

    private static string Format(string type, BigInteger value) => type == "address" ? new EvmAddress(value).ToString() : value.ToString();
}
