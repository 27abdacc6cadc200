namespace Accel.Network.Evm;

/// <summary>An Ethereum node answered a request with an error.</summary>
/// <param name="method">The method that was called, such as <c>eth_call</c>.</param>
/// <param name="code">JSON-RPC's error code; 3 and −32000 to −32099 come from execution.</param>
/// <param name="error">The node's own message.</param>
/// <param name="revertData">What the contract returned when it reverted; null when the error is not a revert.</param>
public sealed class JsonRpcException(string method, int code, string error, ReadOnlyMemory<byte>? revertData)
    : Exception($"{method} failed with {code}: {error}")
{
    /// <summary>The method that was called.</summary>
    public string Method { get; } = method;

    /// <summary>JSON-RPC's error code.</summary>
    public int Code { get; } = code;

    /// <summary>What the contract returned when it reverted (may be empty); null when the error is not a revert.</summary>
    public ReadOnlyMemory<byte>? RevertData { get; } = revertData;
}
