using System.Diagnostics;
using System.Threading.Channels;
using Accel.Device.Usb;
using Xunit;

namespace Accel.Device.Tests;

/// <summary>The path over bulk pipes, without a bus: what is under way, in which order, and how it ends.</summary>
public sealed class UsbLinkTests
{
    private const int Packet = 512;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_come_out_in_order_however_they_are_cut()
    {
        FakePipe pipe = new();
        await using UsbLink link = new(pipe);
        Random random = new(5);
        byte[] sent = new byte[300_000];
        random.NextBytes(sent);
        Task device = Task.Run(
            async () =>
            {
                // An echo that gives back pieces of its own choice, some of them empty.
                using MemoryStream waiting = new();
                for (int echoed = 0; echoed < sent.Length;)
                {
                    byte[] piece = await pipe.ToDevice.Reader.ReadAsync(Cancel);
                    for (int offset = 0; offset < piece.Length;)
                    {
                        int count = Math.Min(piece.Length - offset, random.Next(5000));
                        await pipe.FromDevice.Writer.WriteAsync(piece[offset..(offset + count)], Cancel);
                        offset += count;
                    }

                    echoed += piece.Length;
                }
            },
            Cancel);
        Task writing = Task.Run(
            async () =>
            {
                for (int offset = 0; offset < sent.Length;)
                {
                    int count = Math.Min(sent.Length - offset, 1 + new Random(offset).Next(40_000));
                    await link.WriteAsync(sent.AsMemory(offset, count), Cancel);
                    offset += count;
                }
            },
            Cancel);
        byte[] received = new byte[sent.Length];
        for (int offset = 0; offset < received.Length;)
        {
            offset += await link.ReadAsync(received.AsMemory(offset, Math.Min(received.Length - offset, 7_000)), Cancel);
        }

        await Task.WhenAll(device, writing);
        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task Several_transfers_are_under_way_each_way()
    {
        FakePipe pipe = new() { Holds = true };
        UsbLink link = new(pipe);
        Assert.Equal(4, pipe.InUnderWay);
        await link.WriteAsync(new byte[16_384 * 4], Cancel);
        Assert.Equal(4, pipe.OutUnderWay);
        Task fifth = link.WriteAsync(new byte[1], Cancel).AsTask();
        Assert.False(fifth.IsCompleted);
        pipe.Holds = false;
        pipe.Release();
        await fifth;
        await link.DisposeAsync();
        Assert.Equal((0, 0, true), (pipe.InUnderWay, pipe.OutUnderWay, pipe.IsDisposed));
    }

    [Fact]
    public async Task An_unplugged_device_is_a_lost_path_on_both_sides()
    {
        FakePipe pipe = new();
        await using UsbLink link = new(pipe);
        Task<int> reading = link.ReadAsync(new byte[64], Cancel).AsTask();
        pipe.Unplug();
        await Assert.ThrowsAsync<IOException>(() => reading);
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (int i = 0; i < 8; i++)
            {
                await link.WriteAsync(new byte[16_384], Cancel);
            }
        });
    }

    /// <summary>Whoever waits has taken its transfer out of the link's list; libusb still has it.</summary>
    [Fact]
    public async Task A_link_closed_under_a_waiting_read_and_write_ends_both_and_all_transfers()
    {
        FakePipe pipe = new() { Holds = true };
        UsbLink link = new(pipe);
        Task reading = link.ReadAsync(new byte[64], Cancel).AsTask();
        Task writing = link.WriteAsync(new byte[16_384 * 5], Cancel).AsTask();
        Assert.Equal((4, 4), (pipe.InUnderWay, pipe.OutUnderWay));
        await link.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(TimeSpan.FromSeconds(10), Cancel));
        await Assert.ThrowsAnyAsync<Exception>(() => writing.WaitAsync(TimeSpan.FromSeconds(10), Cancel));
        Assert.True(reading.IsFaulted || reading.IsCanceled);
        Assert.True(writing.IsFaulted || writing.IsCanceled);
        Assert.Equal((0, 0, true), (pipe.InUnderWay, pipe.OutUnderWay, pipe.IsDisposed));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => link.ReadAsync(new byte[64], Cancel).AsTask());
    }

    [Fact]
    public async Task A_cancelled_read_withdraws_its_transfers()
    {
        FakePipe pipe = new();
        await using UsbLink link = new(pipe);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task<int> reading = link.ReadAsync(new byte[64], stop.Token).AsTask();
        Assert.False(reading.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        // The pipe ends them on other threads.
        long start = Stopwatch.GetTimestamp();
        while (pipe.InUnderWay > 0 && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(1, Cancel);
        }

        Assert.Equal(0, pipe.InUnderWay);
    }

    [Fact]
    public async Task Nothing_is_allocated_for_a_transfer()
    {
        FakePipe pipe = new() { IsSink = true };
        await using UsbLink link = new(pipe);
        byte[] bytes = new byte[10_000];
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                await link.WriteAsync(bytes, CancellationToken.None);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData("", 0x1d50, 0x6130, null)]
    [InlineData("0403:6014", 0x0403, 0x6014, null)]
    [InlineData("0403:601F:A:B", 0x0403, 0x601f, "A:B")]
    public void Options_name_a_device(string options, int vendor, int product, string? serial) =>
        Assert.Equal(new UsbName((ushort)vendor, (ushort)product, serial), UsbTransportProvider.Parse(options));

    [Theory]
    [InlineData("1d50")]
    [InlineData("1d50:")]
    [InlineData("1d50:61300")]
    [InlineData("1d50:x130")]
    [InlineData("1d50:6130:")]
    public void Wrong_options_are_refused(string options)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => UsbTransportProvider.Parse(options));
        Assert.Contains($"'{options}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("usb:1d50:6130", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Two queues of packets in place of a device.</summary>
    private sealed class FakePipe : IUsbBulkPipe
    {
        private readonly CancellationTokenSource _unplugged = new();
        private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _inUnderWay;
        private int _outUnderWay;

        public Channel<byte[]> ToDevice { get; } = Channel.CreateUnbounded<byte[]>();

        public Channel<byte[]> FromDevice { get; } = Channel.CreateUnbounded<byte[]>();

        public int InUnderWay => Volatile.Read(ref _inUnderWay);

        public int OutUnderWay => Volatile.Read(ref _outUnderWay);

        public bool Holds { get; set; }

        public bool IsSink { get; init; }

        public bool IsDisposed { get; private set; }

        public int PacketBytes => Packet;

        public IUsbBulkTransfer Allocate(UsbDirection direction, int bytes) => new Transfer(this, direction, bytes);

        public void Release() => _released.TrySetResult();

        public void Unplug() => _unplugged.Cancel();

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }

        private sealed class Transfer(FakePipe pipe, UsbDirection direction, int bytes) : IUsbBulkTransfer
        {
            private readonly byte[] _buffer = new byte[bytes];
            private CancellationTokenSource _cancel = new();

            public Memory<byte> Buffer => _buffer;

            public ValueTask<int> SubmitAsync(int bytes) =>
                pipe.IsSink && direction == UsbDirection.Out ? new ValueTask<int>(bytes) : new ValueTask<int>(MoveAsync(bytes));

            public void Cancel() => _cancel.Cancel();

            public void Dispose()
            {
            }

            private async Task<int> MoveAsync(int bytes)
            {
                _cancel = new CancellationTokenSource();
                using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(_cancel.Token, pipe._unplugged.Token);
                ref int underWay = ref direction == UsbDirection.In ? ref pipe._inUnderWay : ref pipe._outUnderWay;
                Interlocked.Increment(ref underWay);
                try
                {
                    return direction == UsbDirection.In ? await ComeAsync(both.Token) : await GoAsync(bytes, both.Token);
                }
                catch (OperationCanceledException) when (pipe._unplugged.IsCancellationRequested)
                {
                    throw new IOException("the USB device was unplugged");
                }
                finally
                {
                    if (direction == UsbDirection.In)
                    {
                        Interlocked.Decrement(ref pipe._inUnderWay);
                    }
                    else
                    {
                        Interlocked.Decrement(ref pipe._outUnderWay);
                    }
                }
            }

            private async Task<int> ComeAsync(CancellationToken cancel)
            {
                byte[] packet = await pipe.FromDevice.Reader.ReadAsync(cancel);
                packet.CopyTo(_buffer, 0);
                return packet.Length;
            }

            private async Task<int> GoAsync(int bytes, CancellationToken cancel)
            {
                byte[] packet = _buffer[..bytes];
                if (pipe.Holds)
                {
                    await pipe._released.Task.WaitAsync(cancel);
                }

                cancel.ThrowIfCancellationRequested();
                await pipe.ToDevice.Writer.WriteAsync(packet, cancel);
                return bytes;
            }
        }
    }
}
