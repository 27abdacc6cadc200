using Xunit;

namespace Accel.Device.Tests;

/// <summary>What is shown of a card's registers, and that showing it changes nothing.</summary>
public sealed class RegisterDumpTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void The_map_and_the_constants_are_of_one_source()
    {
        RegisterDescription status = RegisterMap.Registers.Single(register => register.Name == "STATUS");
        Assert.Equal(AccelRegisters.Status, status.Offset);
        Assert.Equal(AccelRegisters.StatusFault, 1u << status.Fields.Single(field => field.Name == "FAULT").FirstBit);
        RegisterDescription cycles = RegisterMap.Registers.Single(register => register.Name == "CYCLES");
        Assert.Equal((AccelRegisters.CyclesLo, 64, true), (cycles.Offset, cycles.Bits, cycles.IsCounter));
        RegisterFieldDescription error = RegisterMap.Registers.Single(register => register.Name == "ERROR").Fields.Single(field => field.Name == "STATUS");
        Assert.All(Enum.GetValues<DeviceStatus>(), code => Assert.Equal($"{code}", error.Describe((uint)code).Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true));
        Assert.Equal("200 (unknown)", error.Describe(200));
        Assert.Equal(RegisterMap.Registers.OrderBy(register => register.Offset.Bytes), RegisterMap.Registers);
    }

    [Fact]
    public async Task Every_register_is_read_and_decoded_and_none_is_written()
    {
        ScriptedCard card = new() { [AccelRegisters.Error] = (7u << 16) | (1u << 8) | (byte)DeviceStatus.BadWindow };
        (card[AccelRegisters.CyclesLo], card[AccelRegisters.CyclesHi]) = (5, 1);
        RegisterDump dump = await RegisterDump.ReadAsync(card, Cancel);
        Assert.Equal(RegisterMap.Registers, dump.Registers.Select(register => register.Register));
        RegisterValue error = dump.Registers.Single(register => register.Register.Name == "ERROR");
        Assert.Equal(["BAD_WINDOW", "MSM", "7"], error.Register.Fields.Select(field => field.Describe(field.ValueIn(error.Value!.Value))));
        Assert.Equal("0x0000000100000005", dump.Registers.Single(register => register.Register.Name == "CYCLES").Hexadecimal);
        Assert.Empty(card.Written);
    }

    [Fact]
    public async Task A_wide_register_that_carries_while_it_is_read_is_read_again()
    {
        ScriptedCard card = new() { [AccelRegisters.CyclesLo] = uint.MaxValue };
        int reads = 0;
        card.BeforeRead = offset =>
        {
            // The lower half overflows between the first two reads.
            if (offset == AccelRegisters.CyclesLo && reads++ == 0)
            {
                (card[AccelRegisters.CyclesLo], card[AccelRegisters.CyclesHi]) = (3, 1);
            }
        };
        Assert.Equal(0x1_0000_0003ul, await RegisterMap.Registers.Single(register => register.Name == "CYCLES").ReadAsync(card, Cancel));
        Assert.Equal(2, reads);
    }

    [Fact]
    public async Task A_wide_register_that_never_holds_still_is_an_error()
    {
        ScriptedCard card = new();
        card.BeforeRead = offset => card[AccelRegisters.CyclesHi] += offset == AccelRegisters.CyclesHi ? 1u : 0;
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(
            () => RegisterMap.Registers.Single(register => register.Name == "CYCLES").ReadAsync(card, Cancel).AsTask());
        Assert.Contains("CYCLES", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AccelRegisters.IdValue, 0x0002_0005u, 2, 5, "version 2.5, but this program knows 1.x")]
    [InlineData(0xdeadbeefu, 0xffff_ffffu, 65535, 65535, "0xdeadbeef, not 0x4c434341: this is no Accel card")]
    public async Task Of_a_card_that_this_program_does_not_know_the_identity_is_shown_and_nothing_is_guessed(uint id, uint version, int major, int minor, string refusal)
    {
        ScriptedCard card = new() { [AccelRegisters.Id] = id, [AccelRegisters.Version] = version };
        RegisterDump dump = await RegisterDump.ReadAsync(card, Cancel);
        Assert.Equal((id, major, minor), (dump.Identity.Id, dump.Identity.MajorVersion, dump.Identity.MinorVersion));
        Assert.Contains(refusal, dump.Identity.Refusal, StringComparison.Ordinal);
        Assert.Empty(dump.Registers);
        DeviceException refused = await Assert.ThrowsAsync<DeviceException>(() => DeviceCapabilities.ReadAsync(card, Cancel));
        Assert.Equal(dump.Identity.Refusal, refused.Message);
    }

    [Fact]
    public async Task A_register_that_an_older_core_lacks_does_not_hide_the_others()
    {
        ScriptedCard card = new();
        card.BeforeRead = offset =>
        {
            if (offset == AccelRegisters.WriteBeatsHi)
            {
                throw new DeviceException("the bus answered with an error");
            }
        };
        RegisterDump dump = await RegisterDump.ReadAsync(card, Cancel);
        RegisterValue absent = Assert.Single(dump.Registers, register => register.Value is null);
        Assert.Equal(("WRITE_BEATS", "the bus answered with an error", string.Empty), (absent.Register.Name, absent.Failure, absent.Hexadecimal));
    }
}
