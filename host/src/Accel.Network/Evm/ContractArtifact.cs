using System.Text.Json;

namespace Accel.Network.Evm;

/// <summary>A compiled contract: its name, creation bytecode and custom errors.</summary>
/// <param name="Name">The contract's name in Solidity.</param>
/// <param name="Bytecode">Creation bytecode without constructor arguments; empty for an interface.</param>
/// <param name="DeployedLengthBytes">Length of the code that lies on the chain; at most 24,576 (EIP-170).</param>
/// <param name="Errors">The custom errors that its ABI lists.</param>
public sealed record ContractArtifact(string Name, ReadOnlyMemory<byte> Bytecode, int DeployedLengthBytes, IReadOnlyList<AbiError> Errors)
{
    /// <summary>Reads an artifact that <c>scripts/compile-contracts.mjs</c> wrote.</summary>
    /// <param name="path">The artifact, such as <c>build/contracts/Settlement.json</c>.</param>
    /// <exception cref="InvalidDataException">The file is not such an artifact.</exception>
    public static ContractArtifact Load(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            return new ContractArtifact(
                root.GetProperty("contractName").GetString() ?? string.Empty,
                Hex.Decode(root.GetProperty("bytecode").GetString() ?? string.Empty),
                Hex.Decode(root.GetProperty("deployedBytecode").GetString() ?? string.Empty).Length,
                [.. root.GetProperty("abi").EnumerateArray().Where(IsError).Select(AbiError.Read)]);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path}: not a contract artifact: {exception.Message}", exception);
        }
    }

    private static bool IsError(JsonElement entry) => entry.GetProperty("type").GetString() == "error";
}
