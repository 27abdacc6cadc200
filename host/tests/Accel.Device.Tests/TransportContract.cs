using System.Runtime.InteropServices;
using Accel.Device.OpenCl;
using Accel.Testing;
using Xunit;

namespace Accel.Device.Tests;

/// <summary>What every path to a card keeps, against the RTL of the tiny curve. Derived classes say how the card is reached.</summary>
public abstract class TransportContract
{
    private const string NotBuilt = "the simulated card is not built: run `make sim-libraries`";

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Bytes of the largest transfer that the path makes in about a second.</summary>
    protected virtual int TransferBytes => 1 << 16;

    /// <summary>Whether the path carries the bus's answer to an access of a register.</summary>
    protected virtual bool TellsOfRegisters => true;

    [Fact]
    public async Task Chunks_go_to_their_addresses_and_back_with_several_in_flight()
    {
        await using Card card = await OpenAsync();
        byte[][] sent = [.. Enumerable.Range(0, 12).Select(i => Noise(i, Beats((i + 1) * TransferBytes / 78)))];
        await Task.WhenAll(sent.Select((bytes, i) => card.Transport.WriteAsync(Place(i), bytes, Cancel).AsTask()));
        byte[][] received = [.. sent.Select(bytes => new byte[bytes.Length])];
        await Task.WhenAll(received.Select((bytes, i) => card.Transport.ReadAsync(Place(i), bytes, Cancel).AsTask()));
        Assert.Equal(sent, received);

        static DeviceAddress Place(int i) => new((ulong)(i + 1) << 16);
        static int Beats(int bytes) => Math.Max(1, bytes / DeviceAddress.AlignmentBytes) * DeviceAddress.AlignmentBytes;
    }

    [Fact]
    public async Task Neighbours_of_a_chunk_keep_their_bytes()
    {
        await using Card card = await OpenAsync();
        byte[] all = Noise(1, 5 * 64);
        await card.Transport.WriteAsync(new DeviceAddress(4096 - 128), all, Cancel);
        byte[] one = Noise(2, 64);
        await card.Transport.WriteAsync(new DeviceAddress(4096), one, Cancel);
        one.CopyTo(all, 128);
        byte[] received = new byte[all.Length];
        await card.Transport.ReadAsync(new DeviceAddress(4096 - 128), received, Cancel);
        Assert.Equal(all, received);
        await card.Transport.ReadAsync(new DeviceAddress(4096), Memory<byte>.Empty, Cancel);
    }

    [Fact]
    public async Task Commands_complete_and_a_wrong_one_is_named()
    {
        await using Card card = await OpenAsync();
        await using CommandQueue queue = await CommandQueue.OpenAsync(card.Transport, new CommandQueueOptions { RingLog2 = 3 }, Cancel);
        Task<DeviceCompletion>[] all = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => queue.SubmitAsync(DeviceCommand.Nop(), 10_000_000, Cancel)));
        DeviceCompletion[] completions = await Task.WhenAll(all);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (uint)i), completions.Select(completion => completion.Sequence).Order());

        DeviceCommand tooLarge = DeviceCommand.Ntt(
            DeviceCommandFlags.None, 60, new DeviceAddress(1 << 20), new DeviceAddress(2 << 20), new DeviceAddress(3 << 20), []);
        DeviceCommandException error = await Assert.ThrowsAsync<DeviceCommandException>(() => queue.ExecuteAsync(tooLarge, 10_000_000, Cancel));
        Assert.Equal((byte)DeviceStatus.BadSize, error.Completion.Status);
        Assert.True((await queue.ExecuteAsync(DeviceCommand.Nop(), 10_000_000, Cancel)).IsOk);
    }

    [Fact]
    public async Task A_reset_takes_back_what_was_set_and_leaves_memory_as_it_was()
    {
        await using Card card = await OpenAsync();
        byte[] sent = Noise(1, 1024);
        await card.Transport.WriteAsync(new DeviceAddress(0), sent, Cancel);
        await card.Transport.WriteRegisterAsync(AccelRegisters.QueueLog2, 5, Cancel);
        await card.Transport.WriteRegisterAsync(AccelRegisters.NttTileLog2, 2, Cancel);
        Assert.Equal(5u, await card.Transport.ReadRegisterAsync(AccelRegisters.QueueLog2, Cancel));
        await card.Transport.ResetAsync(Cancel);
        Assert.Equal(0u, await card.Transport.ReadRegisterAsync(AccelRegisters.QueueLog2, Cancel));
        Assert.Equal(0xffu, await card.Transport.ReadRegisterAsync(AccelRegisters.NttTileLog2, Cancel));
        byte[] received = new byte[sent.Length];
        await card.Transport.ReadAsync(new DeviceAddress(0), received, Cancel);
        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task A_wait_ends_with_the_change_or_with_its_cycles()
    {
        await using Card card = await OpenAsync();
        uint seen = await card.Transport.ReadRegisterAsync(AccelRegisters.CompletionTail, Cancel);
        Assert.InRange(await card.Transport.WaitAsync(AccelRegisters.CompletionTail, seen, 1_000, Cancel), 1_000ul, 10_000_000ul);
        Assert.InRange(await card.Transport.WaitAsync(AccelRegisters.CompletionTail, seen + 1, 1_000_000_000, Cancel), 0ul, 1_000ul);
    }

    [Fact]
    public async Task What_is_refused_is_an_error_and_the_next_access_works()
    {
        await using Card card = await OpenAsync();
        IDeviceTransport transport = card.Transport;
        ulong end = (ulong)(await DeviceCapabilities.ReadAsync(transport, Cancel)).MemoryBytes;
        int longest = transport.Info.ChunkBytesMax;
        await RefusedAsync(transport.WriteAsync(new DeviceAddress(32), new byte[64], Cancel).AsTask());
        await RefusedAsync(transport.ReadAsync(new DeviceAddress(0), new byte[65], Cancel).AsTask());
        await RefusedAsync(transport.WriteAsync(new DeviceAddress(0), new byte[longest + 64], Cancel).AsTask());
        await RefusedAsync(transport.ReadAsync(new DeviceAddress(end), new byte[64], Cancel).AsTask());
        await RefusedAsync(transport.WriteAsync(new DeviceAddress(end - 64), new byte[128], Cancel).AsTask());
        if (TellsOfRegisters)
        {
            await RefusedAsync(transport.ReadRegisterAsync(new RegisterOffset(0xff8), Cancel).AsTask());
            await RefusedAsync(transport.WriteRegisterAsync(AccelRegisters.Id, 1, Cancel).AsTask());
        }

        byte[] sent = Noise(3, 64);
        byte[] received = new byte[64];
        await transport.WriteAsync(new DeviceAddress(end - 64), sent, Cancel);
        await transport.ReadAsync(new DeviceAddress(end - 64), received, Cancel);
        Assert.Equal(sent, received);
        Assert.Equal(AccelRegisters.IdValue, await transport.ReadRegisterAsync(AccelRegisters.Id, Cancel));

        static async Task RefusedAsync(Task access)
        {
            DeviceException error = await Assert.ThrowsAnyAsync<DeviceException>(() => access);
            Assert.NotEmpty(error.Message);
        }
    }

    [Fact]
    public async Task A_cancelled_access_leaves_the_path_as_it_was()
    {
        await using Card card = await OpenAsync();
        using CancellationTokenSource given = new();
        Task writing = card.Transport.WriteAsync(new DeviceAddress(1 << 20), Noise(4, TransferBytes / 64 * 64), given.Token).AsTask();
        await given.CancelAsync();
        try
        {
            await writing;
        }
        catch (OperationCanceledException)
        {
            // It may have been done before it was given up.
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => card.Transport.ReadRegisterAsync(AccelRegisters.Id, given.Token).AsTask());
        byte[] sent = Noise(5, 256);
        byte[] received = new byte[256];
        await card.Transport.WriteAsync(new DeviceAddress(0), sent, Cancel);
        await card.Transport.ReadAsync(new DeviceAddress(0), received, Cancel);
        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task Registers_and_chunks_of_many_threads_do_not_meet()
    {
        await using Card card = await OpenAsync();
        IDeviceTransport transport = card.Transport;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(
            async () =>
            {
                for (int round = 0; round < 6; round++)
                {
                    byte[] sent = Noise((thread * 100) + round, 64 * (1 + round));
                    byte[] received = new byte[sent.Length];
                    await transport.WriteAsync(new DeviceAddress((ulong)thread << 12), sent, Cancel);
                    Assert.Equal(AccelRegisters.IdValue, await transport.ReadRegisterAsync(AccelRegisters.Id, Cancel));
                    await transport.ReadAsync(new DeviceAddress((ulong)thread << 12), received, Cancel);
                    Assert.Equal(sent, received);
                }
            },
            Cancel)));
    }

    [Fact]
    public async Task A_closed_path_says_so_and_can_be_closed_again()
    {
        await using Card card = await OpenAsync();
        Assert.Equal(AccelRegisters.IdValue, await card.Transport.ReadRegisterAsync(AccelRegisters.Id, Cancel));
        await card.Transport.DisposeAsync();
        await card.Transport.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => card.Transport.ReadRegisterAsync(AccelRegisters.Id, Cancel).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => card.Transport.WriteAsync(new DeviceAddress(0), new byte[64], Cancel).AsTask());
    }

    /// <summary>A card that has just been powered up, behind the path.</summary>
    protected abstract Task<Card> ConnectAsync();

    private static byte[] Noise(int seed, int bytes)
    {
        byte[] noise = new byte[bytes];
        new Random(seed).NextBytes(noise);
        return noise;
    }

    private async Task<Card> OpenAsync()
    {
        Assert.SkipUnless(SimTransport.IsBuilt("tiny79"), NotBuilt);
        return await ConnectAsync();
    }

    /// <summary>A path, and what it leads through.</summary>
    protected sealed class Card(IDeviceTransport transport, CardServer? server = null, TemporaryFolder? folder = null) : IAsyncDisposable
    {
        public IDeviceTransport Transport { get; } = transport;

        public async ValueTask DisposeAsync()
        {
            await Transport.DisposeAsync();
            if (server is not null)
            {
                await server.DisposeAsync();
            }

            folder?.Dispose();
        }
    }
}

/// <summary>The contract in this process.</summary>
public sealed class SimTransportContractTests : TransportContract
{
    protected override Task<Card> ConnectAsync() => Task.FromResult(new Card(new SimTransport("library=tiny79")));
}

/// <summary>The contract over the files of XDMA's driver.</summary>
public sealed class XdmaTransportContractTests : TransportContract
{
    // Registers are mapped into the process: a load has no status, and a store is posted.
    protected override bool TellsOfRegisters => false;

    protected override async Task<Card> ConnectAsync()
    {
        TemporaryFolder folder = new();
        CardServer server = await CardServer.StartAsync("--xdma", folder["card"], "--library", "tiny79");
        return new Card(new Pcie.XdmaTransport(folder["card"]), server, folder);
    }
}

/// <summary>The contract over a serial port.</summary>
public sealed class SerialTransportContractTests : TransportContract
{
    protected override int TransferBytes => 1 << 13;

    protected override async Task<Card> ConnectAsync()
    {
        TemporaryFolder folder = new();
        CardServer server = await CardServer.StartAsync("--pty", folder["tty"], "--library", "tiny79");
        return new Card(new Serial.SerialTransportProvider().Open(folder["tty"] + "@115200"), server, folder);
    }
}

/// <summary>The contract over a card whose shell speaks OpenCL.</summary>
public sealed partial class OpenClTransportContractTests : TransportContract
{
    private static readonly string Vendors = Path.Combine(OutsideData.RepositoryRoot, "build", "sim", "opencl");

    static OpenClTransportContractTests()
    {
        // The loader asks the process's own environment, once; nothing else of this project uses it.
        if (SetEnvironment("OCL_ICD_VENDORS", Vendors, 1) != 0)
        {
            throw new InvalidOperationException($"OCL_ICD_VENDORS can't be set: error {Marshal.GetLastSystemError()}");
        }
    }

    protected override Task<Card> ConnectAsync()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Vendors, "accel.icd")), "the simulated card's OpenCL driver is not built: run `make sim-libraries`");
        return Task.FromResult(new Card(new OpenClCardTransport(OpenClDevice.Select("0/0"), Path.Combine(Vendors, "tiny79.bin"))));
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
