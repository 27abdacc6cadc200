using System.Diagnostics;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Accel.Network.Evm;

/// <summary>Calls and transactions of one account that the node has unlocked.</summary>
public sealed class EvmClient
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    private readonly JsonRpcClient rpc;
    private readonly TimeSpan miningDeadline;

    private EvmClient(JsonRpcClient rpc, ulong chainId, EvmAddress account, TimeSpan miningDeadline)
    {
        this.rpc = rpc;
        this.miningDeadline = miningDeadline;
        ChainId = chainId;
        Account = account;
    }

    /// <summary>The chain's identity (EIP-155).</summary>
    public ulong ChainId { get; }

    /// <summary>The sender of all transactions.</summary>
    public EvmAddress Account { get; }

    /// <summary>Asks the node for its chain and its first unlocked account.</summary>
    /// <param name="rpc">The node; remains the caller's to dispose.</param>
    /// <param name="miningDeadline">Longest wait for a sent transaction to be mined.</param>
    /// <param name="cancel">Gives up the wait.</param>
    /// <exception cref="InvalidOperationException">The node has no unlocked account.</exception>
    public static async Task<EvmClient> ConnectAsync(JsonRpcClient rpc, TimeSpan miningDeadline, CancellationToken cancel)
    {
        JsonElement chainId = await rpc.CallAsync("eth_chainId", [], cancel);
        JsonElement accounts = await rpc.CallAsync("eth_accounts", [], cancel);
        if (accounts.GetArrayLength() == 0)
        {
            throw new InvalidOperationException($"{rpc.Endpoint} has no unlocked account to send from");
        }

        return new EvmClient(rpc, (ulong)Hex.DecodeQuantity(chainId.GetString()!), EvmAddress.Parse(accounts[0].GetString()!), miningDeadline);
    }

    /// <summary>The same chain with another sender.</summary>
    /// <param name="account">An account that the node has unlocked, or impersonates.</param>
    public EvmClient As(EvmAddress account) => new(rpc, ChainId, account, miningDeadline);

    /// <summary>Number of the newest block.</summary>
    public async Task<long> BlockNumberAsync(CancellationToken cancel) =>
        (long)Hex.DecodeQuantity((await rpc.CallAsync("eth_blockNumber", [], cancel)).GetString()!);

    /// <summary>Runs a call without a transaction.</summary>
    /// <param name="to">The contract.</param>
    /// <param name="data">Call data, as <see cref="AbiEncoder"/> builds them.</param>
    /// <param name="errors">Custom errors that a refusal is looked up in.</param>
    /// <param name="cancel">Gives up the wait.</param>
    /// <param name="blockNumber">The state after this block; null for the newest.</param>
    /// <returns>What the contract returned.</returns>
    /// <exception cref="EvmRevertException">The contract refused.</exception>
    public async Task<byte[]> CallAsync(
        EvmAddress to, ReadOnlyMemory<byte> data, IReadOnlyList<AbiError> errors, CancellationToken cancel, long? blockNumber = null)
    {
        string block = blockNumber is { } number ? Hex.Quantity(number) : "latest";
        JsonElement result = await RunAsync("eth_call", new JsonArray(Transaction(to, data), block), $"call of {to}", errors, cancel);
        return Hex.Decode(result.GetString()!);
    }

    /// <summary>Deploys a contract.</summary>
    /// <param name="artifact">Bytecode and errors.</param>
    /// <param name="arguments">Constructor arguments, ABI-encoded; empty for none.</param>
    /// <param name="cancel">Gives up the wait; the transaction may still be mined.</param>
    /// <returns>The receipt, with the contract's address.</returns>
    /// <exception cref="EvmRevertException">The constructor refused.</exception>
    /// <exception cref="TimeoutException">Not mined before the deadline.</exception>
    public Task<EvmReceipt> DeployAsync(ContractArtifact artifact, ReadOnlyMemory<byte> arguments, CancellationToken cancel) =>
        SendAsync(null, (byte[])[.. artifact.Bytecode.Span, .. arguments.Span], $"deployment of {artifact.Name}", artifact.Errors, cancel);

    /// <summary>Sends a transaction and waits until it is mined.</summary>
    /// <param name="to">The contract.</param>
    /// <param name="data">Call data.</param>
    /// <param name="errors">Custom errors that a refusal is looked up in.</param>
    /// <param name="cancel">Gives up the wait; the transaction may still be mined.</param>
    /// <param name="value">Wei that go along.</param>
    /// <exception cref="EvmRevertException">The contract refuses, found before anything is sent, or refused when mined.</exception>
    /// <exception cref="TimeoutException">Not mined before the deadline.</exception>
    public Task<EvmReceipt> SendAsync(
        EvmAddress to, ReadOnlyMemory<byte> data, IReadOnlyList<AbiError> errors, CancellationToken cancel, BigInteger value = default) =>
        SendAsync(to, data, $"transaction to {to}", errors, cancel, value);

    private async Task<EvmReceipt> SendAsync(
        EvmAddress? to, ReadOnlyMemory<byte> data, string action, IReadOnlyList<AbiError> errors, CancellationToken cancel, BigInteger value = default)
    {
        // The estimate runs the transaction, so that a refusal costs nothing and comes with its data.
        JsonElement gas = await RunAsync("eth_estimateGas", new JsonArray(Transaction(to, data, value)), action, errors, cancel);
        JsonObject transaction = Transaction(to, data, value);
        transaction["gas"] = gas.GetString();
        JsonElement hash = await RunAsync("eth_sendTransaction", new JsonArray(transaction), action, errors, cancel);
        JsonElement receipt = await WaitUntilMinedAsync(hash.GetString()!, action, cancel);
        return Hex.DecodeQuantity(receipt.GetProperty("status").GetString()!).IsOne
            ? ReadReceipt(receipt)
            : throw EvmRevertException.Decode($"{action} ({hash.GetString()}), mined,", [], errors, null);
    }

    private async Task<JsonElement> RunAsync(
        string method, JsonArray parameters, string action, IReadOnlyList<AbiError> errors, CancellationToken cancel)
    {
        try
        {
            return await rpc.CallAsync(method, parameters, cancel);
        }
        catch (JsonRpcException exception) when (exception.RevertData is { } revertData)
        {
            throw EvmRevertException.Decode(action, revertData.Span, errors, exception);
        }
    }

    private async Task<JsonElement> WaitUntilMinedAsync(string hash, string action, CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        for (TimeSpan pause = FirstPoll; ; pause = pause * 2 < LongestPoll ? pause * 2 : LongestPoll)
        {
            JsonElement receipt = await rpc.CallAsync("eth_getTransactionReceipt", new JsonArray(hash), cancel);
            if (receipt.ValueKind != JsonValueKind.Null)
            {
                return receipt;
            }

            if (Stopwatch.GetElapsedTime(start) > miningDeadline)
            {
                throw new TimeoutException($"{action} ({hash}) was not mined within {miningDeadline.TotalSeconds:0.#} s");
            }

            await Task.Delay(pause, cancel);
        }
    }

    private JsonObject Transaction(EvmAddress? to, ReadOnlyMemory<byte> data, BigInteger value = default)
    {
        JsonObject transaction = new() { ["from"] = Account.ToString(), ["data"] = Hex.Encode(data.Span) };
        if (to is { } address)
        {
            transaction["to"] = address.ToString();
        }

        if (!value.IsZero)
        {
            transaction["value"] = Hex.Quantity(value);
        }

        return transaction;
    }

    private static EvmReceipt ReadReceipt(JsonElement receipt) => new(
        receipt.GetProperty("transactionHash").GetString()!,
        (long)Hex.DecodeQuantity(receipt.GetProperty("gasUsed").GetString()!),
        receipt.GetProperty("contractAddress") is { ValueKind: JsonValueKind.String } address ? EvmAddress.Parse(address.GetString()!) : null,
        [.. receipt.GetProperty("logs").EnumerateArray().Select(ReadLog)]);

    private static EvmLog ReadLog(JsonElement log) => new(
        EvmAddress.Parse(log.GetProperty("address").GetString()!),
        [.. log.GetProperty("topics").EnumerateArray().Select(topic => (ReadOnlyMemory<byte>)Hex.Decode(topic.GetString()!))],
        Hex.Decode(log.GetProperty("data").GetString()!));
}
