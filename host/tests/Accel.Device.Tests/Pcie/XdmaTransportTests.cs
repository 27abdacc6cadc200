using Accel.Device.Pcie;
using Accel.Testing;
using Xunit;

namespace Accel.Device.Tests;

/// <summary>The transport against the RTL of the tiny curve, behind what stands in for the driver.</summary>
public sealed class XdmaTransportTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wait_without_end_can_be_cancelled()
    {
        await using Served card = await Served.StartAsync();
        uint seen = await card.Transport.ReadRegisterAsync(AccelRegisters.CompletionTail, Cancel);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        ValueTask<ulong> waiting = card.Transport.WaitAsync(AccelRegisters.CompletionTail, seen, ulong.MaxValue, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.AsTask());
    }

    [Fact]
    public async Task A_transfer_that_the_card_refuses_names_its_channel()
    {
        await using Served card = await Served.StartAsync();
        long size = (await DeviceCapabilities.ReadAsync(card.Transport, Cancel)).MemoryBytes;
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => card.Transport.ReadAsync(new DeviceAddress((ulong)size), new byte[64], Cancel).AsTask());
        Assert.Contains($"0x{size:x}", error.Message, StringComparison.Ordinal);
        Assert.Contains("c2h_", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_link_takes_the_time_that_its_rate_says_while_the_engine_works()
    {
        await using Served card = await Served.StartAsync("--link-bytes-per-cycle", "2");
        LinkActivity before = card.Transport.ReadActivity()!.Value;
        Assert.Equal(2, before.BytesPerCycle);
        await card.Transport.WriteAsync(new DeviceAddress(0), new byte[1 << 16], Cancel);
        LinkActivity moved = card.Transport.ReadActivity()!.Value.Since(before);
        Assert.Equal((1ul << 16, 0ul), (moved.BytesToCard, moved.BytesFromCard));
        Assert.InRange(moved.LinkCycles, 32_000ul, 34_000ul);
        Assert.Equal((1.0, 0ul), (moved.Overlap, moved.BothCycles));

        // A product beside a chunk that takes some hundred times as long, so that all of its work falls into the transfer.
        await using CommandQueue queue = await CommandQueue.OpenAsync(card.Transport, null, Cancel);
        DeviceAddress zeros = new(4 << 20);
        await card.Transport.WriteAsync(zeros, new byte[1 << 16], Cancel);
        before = card.Transport.ReadActivity()!.Value;
        Task writing = card.Transport.WriteAsync(new DeviceAddress(16 << 20), new byte[XdmaTransport.ChunkBytesMax], Cancel).AsTask();
        Task<DeviceCompletion> running = await queue.SubmitAsync(
            DeviceCommand.Msm(DeviceCommandFlags.First, 1024, zeros, zeros, default, 3), 10_000_000, Cancel);
        Assert.True((await running).IsOk);
        await writing;
        LinkActivity both = card.Transport.ReadActivity()!.Value.Since(before);
        Assert.InRange(both.BothCycles, 1_000ul, Math.Min(both.LinkCycles, both.EngineCycles));
        Assert.InRange(both.Overlap, 0.9, 1);
    }

    [Fact]
    public async Task A_server_that_ends_is_a_card_that_is_gone()
    {
        await using Served card = await Served.StartAsync();
        await card.Server.StopAsync();
        DeviceException gone = await Assert.ThrowsAsync<DeviceException>(() => card.Transport.ReadRegisterAsync(AccelRegisters.Status, Cancel).AsTask());
        Assert.Contains("all ones", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_vanishes_in_a_transfer_fails_that_and_every_wait()
    {
        await using Served card = await Served.StartAsync("--link-bytes-per-cycle", "0.01");
        Task writing = card.Transport.WriteAsync(new DeviceAddress(0), new byte[1 << 20], Cancel).AsTask();
        await card.Transport.WaitAsync(AccelRegisters.CompletionTail, 0, 20_000, Cancel);
        Assert.False(writing.IsCompleted);
        await card.Server.KillAsync();
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => writing);
        Assert.Contains("went away", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<DeviceException>(() => card.Transport.WaitAsync(AccelRegisters.CompletionTail, 0, 1_000_000, Cancel).AsTask());
        Assert.Contains("clock has stood", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_fails_what_waits_for_a_channel()
    {
        await using Served card = await Served.StartAsync("--link-bytes-per-cycle", "0.01", "--channels", "1");
        Task[] writing = [.. Enumerable.Range(0, 4).Select(_ => card.Transport.WriteAsync(new DeviceAddress(0), new byte[1 << 20], Cancel).AsTask())];
        await card.Transport.DisposeAsync();
        foreach (Task one in writing)
        {
            await Assert.ThrowsAsync<DeviceException>(() => one);
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => card.Transport.WriteAsync(new DeviceAddress(0), new byte[64], Cancel).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => card.Transport.ReadRegisterAsync(AccelRegisters.Id, Cancel).AsTask());
    }

    [Fact]
    public async Task A_folder_takes_one_server_and_another_one_after_it()
    {
        await using Served card = await Served.StartAsync();
        string path = Path.GetDirectoryName(card.Transport.Info.Path)!;
        await Assert.ThrowsAnyAsync<Xunit.Sdk.FailException>(() => CardServer.StartAsync("--xdma", path, "--library", "tiny79"));
        await card.Server.KillAsync();
        await using CardServer again = await CardServer.StartAsync("--xdma", path, "--library", "tiny79");
        await using XdmaTransport transport = new(path);
        Assert.Equal(AccelRegisters.IdValue, await transport.ReadRegisterAsync(AccelRegisters.Id, Cancel));
    }

    /// <summary>A served card of the tiny curve, and the transport to it.</summary>
    private sealed class Served : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder;

        private Served(TemporaryFolder folder, CardServer server)
        {
            _folder = folder;
            Server = server;
            Transport = new XdmaTransport(folder["card"]);
        }

        public CardServer Server { get; }

        public XdmaTransport Transport { get; }

        public static async Task<Served> StartAsync(params string[] options)
        {
            Assert.SkipUnless(SimTransport.IsBuilt("tiny79"), "the simulated card is not built: run `make sim-libraries`");
            TemporaryFolder folder = new();
            return new Served(folder, await CardServer.StartAsync(["--xdma", folder["card"], "--library", "tiny79", .. options]));
        }

        public async ValueTask DisposeAsync()
        {
            await Transport.DisposeAsync();
            await Server.DisposeAsync();
            _folder.Dispose();
        }
    }
}
