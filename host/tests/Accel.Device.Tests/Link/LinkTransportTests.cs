using System.IO.Pipelines;
using Accel.Device.Link;
using Xunit;

namespace Accel.Device.Tests.Link;

public class LinkTransportTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Requests_from_many_threads_are_carried_over_a_path_that_is_lost_now_and_then()
    {
        await using DeviceHost host = new(seed: 1, cutAfterBytes: 60_000);
        await using LinkTransport transport = new("test", "pipe", host.ConnectAsync, host.Options);
        Assert.Equal(LinkDevice.Identity, await transport.ReadRegisterAsync(new RegisterOffset(0), None));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            Random random = new(worker);
            for (int round = 0; round < 20; round++)
            {
                byte[] bytes = new byte[64 * random.Next(1, 64)];
                random.NextBytes(bytes);
                DeviceAddress address = new((ulong)(worker * 8192));
                await transport.WriteAsync(address, bytes, None);
                byte[] back = new byte[bytes.Length];
                await transport.ReadAsync(address, back, None);
                Assert.Equal(bytes, back);
                RegisterOffset register = new((uint)(0x40 + (4 * worker)));
                await transport.WriteRegisterAsync(register, (uint)round + 1, None);
                Assert.Equal((uint)round + 1, await transport.ReadRegisterAsync(register, None));
                Assert.InRange(await transport.WaitAsync(register, (uint)round, 1000, None), 0ul, 999ul);
            }
        })));
        Assert.True(host.Connections > 3, $"{host.Connections} connections");
        await transport.ResetAsync(None);
        Assert.Equal(0u, await transport.ReadRegisterAsync(new RegisterOffset(0x40), None));
    }

    [Fact]
    public async Task What_is_under_way_fails_when_the_transport_closes_or_its_path_never_comes()
    {
        LinkOptions options = new() { ConnectMax = TimeSpan.FromMilliseconds(200) };
        LinkTransport transport = new("test", "nowhere", _ => throw new IOException("nothing there"), options);
        RegisterOffset identity = new(0);
        DeviceLinkException late = await Assert.ThrowsAsync<DeviceLinkException>(async () => await transport.ReadRegisterAsync(identity, None));
        Assert.Contains("no path", late.Message, StringComparison.Ordinal);
        ValueTask<uint> pending = transport.ReadRegisterAsync(new RegisterOffset(0), None);
        await transport.DisposeAsync();
        await transport.DisposeAsync();
        await Assert.ThrowsAnyAsync<DeviceException>(async () => await pending);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await transport.ReadRegisterAsync(new RegisterOffset(0), None));
    }

    [Fact]
    public async Task A_caller_may_give_up()
    {
        await using DeviceHost host = new(seed: 2, cutAfterBytes: int.MaxValue) { Hangs = true };
        await using LinkTransport transport = new("test", "pipe", host.ConnectAsync, host.Options);
        using CancellationTokenSource impatient = new();
        ValueTask<uint> read = transport.ReadRegisterAsync(new RegisterOffset(0), impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);
        host.Hangs = false;
        Assert.Equal(LinkDevice.Identity, await transport.ReadRegisterAsync(new RegisterOffset(0), None));
    }

    [Fact]
    public async Task Odd_addresses_and_lengths_are_refused_and_an_impossible_path_says_why()
    {
        await using LinkTransport transport = new("test", "broken", _ => throw new NotSupportedException("no such port"));
        await Assert.ThrowsAsync<DeviceException>(async () => await transport.WriteAsync(new DeviceAddress(32), new byte[64], None));
        await Assert.ThrowsAsync<DeviceException>(async () => await transport.ReadAsync(new DeviceAddress(64), new byte[65], None));
        Exception refused = await Assert.ThrowsAnyAsync<Exception>(async () => await transport.ReadRegisterAsync(new RegisterOffset(0), None));
        Assert.True(refused is ObjectDisposedException || refused.Message.Contains("no such port", StringComparison.Ordinal), refused.Message);
    }

    /// <summary>A device behind pipes in memory, and the power to cut them.</summary>
    private sealed class DeviceHost : IAsyncDisposable
    {
        private readonly LinkDevice _device;
        private readonly Lock _lock = new();
        private readonly int _cutAfterBytes;
        private readonly CancellationTokenSource _closing = new();
        private readonly List<Task> _serving = [];

        public DeviceHost(int seed, int cutAfterBytes)
        {
            _device = new LinkDevice(1 << 16, 4, 520, new Random(seed));
            _cutAfterBytes = cutAfterBytes;
        }

        public LinkOptions Options { get; } = new() { RetryAfter = TimeSpan.FromMilliseconds(20), HelloEvery = TimeSpan.FromMilliseconds(5) };

        public int Connections { get; private set; }

        public bool Hangs
        {
            get => _device.Hangs;
            set
            {
                lock (_lock)
                {
                    _device.Hangs = value;
                }
            }
        }

        public ValueTask<IByteLink> ConnectAsync(CancellationToken cancel)
        {
            Connections++;
            Pipe toDevice = new();
            Pipe toHost = new();
            _serving.Add(Task.Run(() => ServeAsync(toDevice.Reader, toHost.Writer), cancel));
            return ValueTask.FromResult<IByteLink>(new PipeLink(toHost.Reader, toDevice.Writer));
        }

        public async ValueTask DisposeAsync()
        {
            await _closing.CancelAsync();
            await Task.WhenAll(_serving);
            _closing.Dispose();
        }

        private async Task ServeAsync(PipeReader input, PipeWriter output)
        {
            byte[] buffer = new byte[4096];
            using PeriodicTimer ticks = new(TimeSpan.FromMilliseconds(1));
            int carried = 0;
            while (carried < _cutAfterBytes && !_closing.IsCancellationRequested)
            {
                bool isHere = input.TryRead(out ReadResult read);
                int answered;
                lock (_lock)
                {
                    foreach (ReadOnlyMemory<byte> part in isHere ? read.Buffer : default)
                    {
                        _device.Consume(part.Span);
                        carried += part.Length;
                    }

                    answered = _device.Produce(buffer);
                }

                if (isHere)
                {
                    input.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted)
                    {
                        break;
                    }
                }

                if (answered > 0)
                {
                    await output.WriteAsync(buffer.AsMemory(0, answered));
                    carried += answered;
                }
                else if (!isHere)
                {
                    await ticks.WaitForNextTickAsync();
                }
            }

            await output.CompleteAsync();
            await input.CompleteAsync();
        }
    }

    private sealed class PipeLink(PipeReader input, PipeWriter output) : IByteLink
    {
        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
        {
            if ((await output.WriteAsync(bytes, cancel)).IsCompleted)
            {
                throw new IOException("unplugged");
            }
        }

        public async ValueTask<int> ReadAsync(Memory<byte> bytes, CancellationToken cancel)
        {
            ReadResult read = await input.ReadAsync(cancel);
            int count = (int)Math.Min(bytes.Length, read.Buffer.Length);
            foreach (ReadOnlyMemory<byte> part in read.Buffer.Slice(0, count))
            {
                part.CopyTo(bytes);
                bytes = bytes[part.Length..];
            }

            input.AdvanceTo(read.Buffer.GetPosition(count));
            return count;
        }

        public async ValueTask DisposeAsync()
        {
            await output.CompleteAsync();
            await input.CompleteAsync();
        }
    }
}
