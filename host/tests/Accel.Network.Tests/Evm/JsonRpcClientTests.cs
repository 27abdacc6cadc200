using System.Net;
using System.Net.Sockets;
using Accel.Network.Evm;
using Xunit;

namespace Accel.Network.Tests.Evm;

public sealed class JsonRpcClientTests
{
    [Theory]
    [InlineData("http://192.0.2.1:8545")]
    [InlineData("http://example.org:8545")]
    [InlineData("https://127.0.0.1:8545")]
    public void Refuses_an_endpoint_that_is_not_http_on_loopback(string endpoint) =>
        Assert.Throws<ArgumentException>(() => new JsonRpcClient(new Uri(endpoint), TimeSpan.FromSeconds(1)));

    [Fact]
    public async Task Gives_up_at_its_deadline_when_the_node_is_silent()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using JsonRpcClient rpc = new(new Uri($"http://{silent.LocalEndpoint}"), TimeSpan.FromMilliseconds(100));
        TimeoutException exception = await Assert.ThrowsAsync<TimeoutException>(
            () => rpc.CallAsync("eth_chainId", [], TestContext.Current.CancellationToken));
        Assert.Contains("eth_chainId", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_up_when_cancelled()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using JsonRpcClient rpc = new(new Uri($"http://{silent.LocalEndpoint}"), TimeSpan.FromMinutes(1));
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rpc.CallAsync("eth_chainId", [], cancel.Token));
    }
}
