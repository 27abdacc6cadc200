using Accel.Device.Pcie;
using Accel.Testing;
using Xunit;

namespace Accel.Device.Tests;

/// <summary>The driver's files: how they are found, named and used. Plain files take the driver's place; offsets mean the same in both.</summary>
public sealed class XdmaPathsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Cards_and_their_channels_are_found_by_their_files()
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["xdma0_user", "xdma0_h2c_0", "xdma0_h2c_1", "xdma0_c2h_0", "xdma12_user", "xdma_user", "xdma0_control"])
        {
            File.WriteAllBytes(folder[name], []);
        }

        XdmaTransportProvider provider = new(Path.GetDirectoryName(folder["x"])!);
        Assert.Equal(["pcie:0", "pcie:12"], provider.Find().Select(found => found.Name));
        Assert.Contains("2 + 1", provider.Find()[0].Description, StringComparison.Ordinal);
        Assert.Empty(new XdmaTransportProvider(folder["absent"]).Find());
    }

    [Theory]
    [InlineData("", "/dev/xdma0_user", "/dev/xdma0_h2c_0", "/dev/xdma0_c2h_0", false)]
    [InlineData("3", "/dev/xdma3_user", "/dev/xdma3_h2c_0", "/dev/xdma3_c2h_0", false)]
    [InlineData("3,h2c=/a,h2c=/b, user=/u", "/u", "/a /b", "/dev/xdma3_c2h_0", false)]
    [InlineData("0,c2h=/c", "/dev/xdma0_user", "/dev/xdma0_h2c_0", "/c", false)]
    [InlineData("/run/card", "/run/card/user", "/run/card/h2c_0", "/run/card/c2h_0", true)]
    public void Options_name_the_files(string options, string user, string toCard, string fromCard, bool standIn)
    {
        XdmaPaths paths = XdmaPaths.Parse(options, "/dev");
        Assert.Equal((user, toCard, fromCard, standIn), (paths.User, string.Join(' ', paths.ToCard), string.Join(' ', paths.FromCard), paths.IsStandIn));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("0,user")]
    [InlineData("0,user=")]
    [InlineData("0,speed=3")]
    [InlineData("0,user=/a,user=/b")]
    [InlineData("/run/card,user=/a")]
    public void Wrong_options_are_refused(string options)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => XdmaPaths.Parse(options, "/dev"));
        Assert.Contains(options.Split(',')[^1], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absent_card_is_told_with_what_would_help()
    {
        DeviceException error = Assert.Throws<DeviceException>(() => new XdmaTransportProvider().Open("77"));
        Assert.Contains("/dev/xdma77_user", error.Message, StringComparison.Ordinal);
        Assert.Contains("errno 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("modprobe xdma", error.Message, StringComparison.Ordinal);
        DeviceException nobody = Assert.Throws<DeviceException>(() => new StandInChannel("/tmp/of-no-server/h2c_0"));
        Assert.Contains("accel-sim serve --xdma /tmp/of-no-server", nobody.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registers_and_offsets_land_where_the_driver_has_them()
    {
        using TemporaryFolder folder = new();
        byte[] registers = new byte[RegisterWindow.Bytes];
        BitConverter.TryWriteBytes(registers.AsSpan((int)AccelRegisters.Id.Bytes), AccelRegisters.IdValue);
        BitConverter.TryWriteBytes(registers.AsSpan((int)AccelRegisters.CyclesHi.Bytes), 7u);
        File.WriteAllBytes(folder["user"], registers);
        byte[] memory = new byte[1 << 16];
        new Random(4).NextBytes(memory);
        File.WriteAllBytes(folder["c2h"], memory);
        File.WriteAllBytes(folder["h2c"], []);
        string options = $"0,user={folder["user"]},h2c={folder["h2c"]},c2h={folder["c2h"]}";
        await using (XdmaTransport transport = new(options))
        {
            Assert.Equal(AccelRegisters.IdValue, await transport.ReadRegisterAsync(AccelRegisters.Id, Cancel));
            await transport.WriteRegisterAsync(AccelRegisters.QueueTail, 0x12345678, Cancel);
            byte[] chunk = new byte[4096];
            await transport.ReadAsync(new DeviceAddress(0x1040), chunk, Cancel);
            Assert.Equal(memory.AsSpan(0x1040, chunk.Length).ToArray(), chunk);
            await transport.WriteAsync(new DeviceAddress(0x200c0), chunk, Cancel);
            Assert.Null(transport.ReadActivity());

            // Behind the end of what plays the driver there is nothing to read.
            DeviceException end = await Assert.ThrowsAsync<DeviceException>(() => transport.ReadAsync(new DeviceAddress(0xffc0), chunk, Cancel).AsTask());
            Assert.Contains("ended after 64", end.Message, StringComparison.Ordinal);

            // Another opening of the same card is refused.
            DeviceException second = Assert.Throws<DeviceException>(() => new XdmaTransport(options));
            Assert.Contains("another program has this card", second.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0x12345678u, BitConverter.ToUInt32(File.ReadAllBytes(folder["user"]), (int)AccelRegisters.QueueTail.Bytes));
        byte[] written = File.ReadAllBytes(folder["h2c"]);
        Assert.Equal(0x200c0 + 4096, written.Length);
        Assert.Equal(memory.AsSpan(0x1040, 4096).ToArray(), written[0x200c0..]);
    }
}
