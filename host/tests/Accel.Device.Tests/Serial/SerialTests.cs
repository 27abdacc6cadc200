using Accel.Device.Link;
using Accel.Device.Serial;
using Accel.Testing;
using Xunit;

namespace Accel.Device.Tests;

/// <summary>Cards on a serial port: the RTL of link and core behind a pseudo terminal, and the ports of a machine as files.</summary>
public sealed class SerialTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_answers_over_its_UART()
    {
        using TemporaryFolder folder = new();
        await using CardServer server = await StartAsync(folder["tty"]);
        await using IDeviceTransport transport = new SerialTransportProvider().Open(folder["tty"] + "@115200");
        Assert.Equal(("serial", folder["tty"]), (transport.Info.Kind, transport.Info.Path));
        byte[] sent = new byte[4096 + 64];
        new Random(6).NextBytes(sent);
        await transport.WriteAsync(new DeviceAddress(1 << 16), sent, Cancel);
        byte[] received = new byte[sent.Length];
        await transport.ReadAsync(new DeviceAddress(1 << 16), received, Cancel);
        Assert.Equal(sent, received);
        await using CommandQueue queue = await CommandQueue.OpenAsync(transport, new CommandQueueOptions { RingLog2 = 3 }, Cancel);
        Task<DeviceCompletion>[] all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => queue.SubmitAsync(DeviceCommand.Nop(), 1_000_000, Cancel)));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (uint)i), (await Task.WhenAll(all)).Select(completion => completion.Sequence).Order());
    }

    [Fact]
    public async Task A_card_that_is_pulled_out_and_put_in_again_in_mid_chunk_has_restarted()
    {
        using TemporaryFolder folder = new();
        CardServer server = await StartAsync(folder["tty"]);
        await using IDeviceTransport transport = new SerialTransportProvider().Open(folder["tty"] + "@115200");
        Assert.Equal(AccelRegisters.IdValue, await transport.ReadRegisterAsync(AccelRegisters.Id, Cancel));
        Task writing = transport.WriteAsync(new DeviceAddress(0), new byte[1 << 20], Cancel).AsTask();
        Assert.False(writing.IsCompleted);
        await PullOutAsync(server, folder["tty"]);
        await server.DisposeAsync();
        server = await StartAsync(folder["tty"]);
        await using (server)
        {
            await Assert.ThrowsAsync<DeviceRestartedException>(() => writing);
            Assert.Equal(AccelRegisters.IdValue, await transport.ReadRegisterAsync(AccelRegisters.Id, Cancel));
        }
    }

    [Fact]
    public async Task A_card_that_stays_away_fails_what_was_under_way_in_time()
    {
        using TemporaryFolder folder = new();
        await using CardServer server = await StartAsync(folder["tty"]);
        await using IDeviceTransport transport = new SerialTransportProvider().Open(folder["tty"]);
        Assert.Equal(AccelRegisters.IdValue, await transport.ReadRegisterAsync(AccelRegisters.Id, Cancel));
        Task writing = transport.WriteAsync(new DeviceAddress(0), new byte[1 << 20], Cancel).AsTask();
        await PullOutAsync(server, folder["tty"]);
        await Assert.ThrowsAsync<DeviceLinkException>(() => writing.WaitAsync(TimeSpan.FromSeconds(60), Cancel));
    }

    [Fact]
    public async Task A_port_closes_though_it_takes_no_bytes()
    {
        using PseudoTerminal terminal = new();
        SerialLink link = SerialLink.Open(terminal.Path, 115_200);
        using CancellationTokenSource impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task writing = link.WriteAsync(new byte[1 << 16], impatient.Token).AsTask();
        Assert.False(writing.IsCompleted);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        await link.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancel);
    }

    [Fact]
    public void An_absent_port_and_one_that_is_none_are_told_with_what_would_help()
    {
        SerialTransportProvider provider = new();
        DeviceException absent = Assert.Throws<DeviceException>(() => provider.Open("/dev/ttyUSB-of-nobody"));
        Assert.Contains("/dev/ttyUSB-of-nobody", absent.Message, StringComparison.Ordinal);
        Assert.Contains("accel devices", absent.Message, StringComparison.Ordinal);
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["file"], "no port");
        Assert.Contains(folder["file"], Assert.Throws<DeviceException>(() => provider.Open(folder["file"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/ttyUSB0", "/dev/ttyUSB0", 3_000_000)]
    [InlineData("/dev/ttyACM1@115200", "/dev/ttyACM1", 115_200)]
    [InlineData("/dev/serial/by-id/a@b@9600", "/dev/serial/by-id/a@b", 9600)]
    public void Options_name_port_and_rate(string options, string path, int baud) => Assert.Equal((path, baud), SerialTransportProvider.Parse(options));

    [Theory]
    [InlineData("", "no serial port")]
    [InlineData("@9600", "no serial port")]
    [InlineData("/dev/ttyUSB0@", "''")]
    [InlineData("/dev/ttyUSB0@fast", "'fast'")]
    [InlineData("/dev/ttyUSB0@12", "'12'")]
    public void Wrong_options_are_refused(string options, string said) =>
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => SerialTransportProvider.Parse(options)).Message, StringComparison.Ordinal);

    [Fact]
    public void Ports_of_USB_are_found_by_their_lasting_names()
    {
        using TemporaryFolder folder = new();
        string devices = Path.GetDirectoryName(folder["x"])!;
        foreach (string name in (string[])["ttyUSB0", "ttyUSB1", "ttyACM0", "ttyS0"])
        {
            File.WriteAllBytes(folder[name], []);
        }

        Directory.CreateDirectory(folder["serial/by-id"]);
        File.CreateSymbolicLink(folder["serial/by-id/usb-FTDI-if00"], "../../ttyUSB1");
        Assert.Equal(
            [$"serial:{folder["serial/by-id/usb-FTDI-if00"]}", $"serial:{folder["ttyUSB0"]}", $"serial:{folder["ttyACM0"]}"],
            new SerialTransportProvider(devices).Find().Select(found => found.Name));
        Assert.Empty(new SerialTransportProvider(folder["absent"]).Find());
    }

    [Fact]
    public void Slow_lines_get_more_time()
    {
        Assert.Equal(new LinkOptions(), SerialTransportProvider.Times(SerialTransportProvider.BaudDefault));
        LinkOptions slow = SerialTransportProvider.Times(9600);
        Assert.InRange(slow.RetryAfter.TotalSeconds, 8192 * 10 / 9600.0 - 0.1, 9);
        Assert.True(slow.SilenceMax > slow.RetryAfterMax);
    }

    /// <summary>The name goes first, as udev takes it away: terminals have few numbers, and the next one may be another card's.</summary>
    private static async Task PullOutAsync(CardServer server, string path)
    {
        File.Delete(path);
        await server.KillAsync();
    }

    private static async Task<CardServer> StartAsync(string path)
    {
        Assert.SkipUnless(SimTransport.IsBuilt("tiny79"), "the simulated card is not built: run `make sim-libraries`");
        return await CardServer.StartAsync("--pty", path, "--library", "tiny79");
    }
}
