using Accel.Network.Evm;
using Accel.Network.Tests.Support;
using Xunit;

namespace Accel.Network.Tests.Evm;

public sealed class AnvilProcessTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_chains_run_side_by_side_and_end_when_disposed_of()
    {
        RequireTools();
        AnvilOptions options = new() { ChainId = 4242, GenesisTime = 1_700_000_000, Hardfork = "cancun", StartDeadline = Deadline };
        AnvilProcess first = await AnvilProcess.StartAsync(ChainFixture.Tools, options, Cancel);
        await using AnvilProcess second = await AnvilProcess.StartAsync(ChainFixture.Tools, new AnvilOptions(), Cancel);
        Assert.True(first.Endpoint.IsLoopback);
        Assert.NotEqual(first.Endpoint, second.Endpoint);

        using JsonRpcClient rpc = new(first.Endpoint, Deadline);
        Assert.Equal(first.Endpoint, rpc.Endpoint);
        EvmClient evm = await EvmClient.ConnectAsync(rpc, Deadline, Cancel);
        Assert.Equal(4242UL, evm.ChainId);
        Assert.Equal(0, await evm.BlockNumberAsync(Cancel));
        Assert.NotEqual(default, evm.Account);
        var genesis = await rpc.CallAsync("eth_getBlockByNumber", ["0x0", false], Cancel);
        Assert.Equal("0x6553f100", genesis.GetProperty("timestamp").GetString());

        await first.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => rpc.CallAsync("eth_chainId", [], Cancel));
    }

    [Fact]
    public async Task Says_what_anvil_wrote_when_it_does_not_start()
    {
        RequireTools();
        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => AnvilProcess.StartAsync(ChainFixture.Tools, new AnvilOptions { Hardfork = "no-such-fork" }, Cancel));
        Assert.Contains("no-such-fork", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_anvil_when_it_is_late()
    {
        RequireTools();
        AnvilOptions impatient = new() { StartDeadline = TimeSpan.FromMilliseconds(1) };
        await Assert.ThrowsAsync<TimeoutException>(() => AnvilProcess.StartAsync(ChainFixture.Tools, impatient, Cancel));
    }

    [Fact]
    public async Task A_node_error_carries_method_and_code()
    {
        RequireTools();
        await using AnvilProcess anvil = await AnvilProcess.StartAsync(ChainFixture.Tools, new AnvilOptions(), Cancel);
        using JsonRpcClient rpc = new(anvil.Endpoint, Deadline);
        JsonRpcException exception = await Assert.ThrowsAsync<JsonRpcException>(() => rpc.CallAsync("eth_noSuchMethod", [], Cancel));
        Assert.Equal(("eth_noSuchMethod", -32601), (exception.Method, exception.Code));
        Assert.Null(exception.RevertData);
    }

    [Fact]
    public void A_missing_tool_is_named_with_the_command_that_installs_it()
    {
        NpmTools nowhere = new(Path.Combine(AppContext.BaseDirectory, "no-such-folder"));
        Assert.EndsWith("no-such-folder", nowhere.ScriptsFolder, StringComparison.Ordinal);
        foreach (Func<string> tool in (Func<string>[])[() => nowhere.Anvil, () => nowhere.ContractCompiler])
        {
            Assert.Contains("npm ci --prefix scripts", Assert.Throws<FileNotFoundException>(tool).Message, StringComparison.Ordinal);
        }
    }

    private static void RequireTools() => Assert.SkipWhen(ChainFixture.Missing is not null, ChainFixture.Missing ?? string.Empty);
}
