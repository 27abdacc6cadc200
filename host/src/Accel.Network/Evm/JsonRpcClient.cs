using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Accel.Network.Evm;

/// <summary>JSON-RPC 2.0 over HTTP to an Ethereum node on this machine.</summary>
/// <remarks>Only loopback is allowed: transactions are signed by accounts that the node itself has unlocked.</remarks>
public sealed class JsonRpcClient : IDisposable
{
    private const int ResponseBytesMax = 64 << 20;

    /// <summary>A node's code for a reverted execution, beside the revert data (geth's convention, which anvil follows).</summary>
    private const int RevertCode = 3;

    private readonly HttpClient http;
    private readonly TimeSpan requestDeadline;
    private long lastId;

    /// <summary>A client for one endpoint.</summary>
    /// <param name="endpoint">An http address on the loopback interface, such as <c>http://127.0.0.1:8545</c>.</param>
    /// <param name="requestDeadline">Longest wait for one answer.</param>
    /// <exception cref="ArgumentException">The endpoint is not plain http on loopback.</exception>
    public JsonRpcClient(Uri endpoint, TimeSpan requestDeadline)
    {
        if (!endpoint.IsLoopback || endpoint.Scheme != Uri.UriSchemeHttp)
        {
            throw new ArgumentException($"{endpoint} is not http on the loopback interface", nameof(endpoint));
        }

        Endpoint = endpoint;
        this.requestDeadline = requestDeadline;
        // A proxy from the environment must not see, or swallow, calls to this machine.
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = endpoint,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = ResponseBytesMax,
        };
    }

    /// <summary>Where the node listens.</summary>
    public Uri Endpoint { get; }

    /// <summary>Calls one method.</summary>
    /// <param name="method">Such as <c>eth_blockNumber</c>.</param>
    /// <param name="parameters">Positional parameters.</param>
    /// <param name="cancel">Gives up the wait.</param>
    /// <returns>The result; a JSON null when the node has none.</returns>
    /// <exception cref="JsonRpcException">The node answered with an error.</exception>
    /// <exception cref="TimeoutException">No answer before the deadline.</exception>
    /// <exception cref="HttpRequestException">The node cannot be reached.</exception>
    public async Task<JsonElement> CallAsync(string method, JsonArray parameters, CancellationToken cancel)
    {
        JsonObject request = new()
        {
            ["jsonrpc"] = "2.0",
            ["id"] = Interlocked.Increment(ref lastId),
            ["method"] = method,
            ["params"] = parameters,
        };
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(requestDeadline);
        try
        {
            using HttpResponseMessage response = await http.PostAsJsonAsync((Uri?)null, request, JsonRpcMessages.Default.JsonObject, deadline.Token);
            response.EnsureSuccessStatusCode();
            JsonElement answer = await response.Content.ReadFromJsonAsync(JsonRpcMessages.Default.JsonElement, deadline.Token);
            return ReadAnswer(method, answer);
        }
        catch (OperationCanceledException exception) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"{method}: no answer from {Endpoint} within {requestDeadline.TotalSeconds:0.#} s", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private static JsonElement ReadAnswer(string method, JsonElement answer)
    {
        if (answer.TryGetProperty("error", out JsonElement error))
        {
            int code = error.GetProperty("code").GetInt32();
            throw new JsonRpcException(method, code, error.GetProperty("message").GetString() ?? string.Empty, ReadRevertData(code, error));
        }

        return answer.GetProperty("result");
    }

    private static ReadOnlyMemory<byte>? ReadRevertData(int code, JsonElement error)
    {
        if (error.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.String)
        {
            return Hex.Decode(data.GetString()!);
        }

        // The cast is needed: a bare null would become an empty memory by way of byte[].
        return code == RevertCode ? ReadOnlyMemory<byte>.Empty : (ReadOnlyMemory<byte>?)null;
    }
}
