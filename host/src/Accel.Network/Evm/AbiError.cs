using System.Numerics;
using System.Text.Json;

namespace Accel.Network.Evm;

/// <summary>A custom error of a contract, whose parameters are single words (integers, booleans, addresses).</summary>
/// <param name="Name">The error's name.</param>
/// <param name="Parameters">Name and ABI type of each parameter, in order.</param>
public sealed record AbiError(string Name, IReadOnlyList<(string Name, string Type)> Parameters)
{
    private const int SelectorLength = 4;
    private const int WordLength = 32;

    /// <summary>Solidity's own error for a failed assertion or checked arithmetic.</summary>
    public static AbiError Panic { get; } = new("Panic", [("code", "uint256")]);

    /// <summary>The name and the types, such as <c>InvalidProof(uint64,uint64,uint256)</c>.</summary>
    public string Signature => $"{Name}({string.Join(',', Parameters.Select(parameter => parameter.Type))})";

    /// <summary>Decodes revert data: the selector, then one word for each parameter.</summary>
    /// <returns>The arguments by name, or null when the data are not of this error.</returns>
    public IReadOnlyDictionary<string, BigInteger>? TryDecode(ReadOnlySpan<byte> revertData)
    {
        if (revertData.Length != SelectorLength + (WordLength * Parameters.Count)
            || !revertData.StartsWith(Keccak256.Selector(Signature)))
        {
            return null;
        }

        Dictionary<string, BigInteger> arguments = [];
        for (int i = 0; i < Parameters.Count; i++)
        {
            arguments.Add(Parameters[i].Name, AbiEncoder.ReadWord(revertData[SelectorLength..], i));
        }

        return arguments;
    }

    internal static AbiError Read(JsonElement entry) => new(
        entry.GetProperty("name").GetString() ?? string.Empty,
        [.. entry.GetProperty("inputs").EnumerateArray().Select(input => (
            input.GetProperty("name").GetString() ?? string.Empty,
            input.GetProperty("type").GetString() ?? string.Empty))]);
}
