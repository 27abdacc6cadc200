using Xunit;

namespace Accel.Device.Tests;

/// <summary>Bytes of descriptors and completions, as hdl/README.md lays them out.</summary>
public class EncodingTests
{
    [Fact]
    public void Every_field_of_a_descriptor_lies_where_the_contract_says()
    {
        byte[] shift = [.. Enumerable.Range(0x80, 32).Select(i => (byte)i)];
        DeviceCommand command = DeviceCommand.Ntt(
            DeviceCommandFlags.Inverse | DeviceCommandFlags.Coset, 17, new DeviceAddress(0x1122334455667780), new DeviceAddress(0x40), new DeviceAddress(0xc0), shift);
        byte[] bytes = Encode(command, 0xabcd);
        Assert.Equal(
            "02" + "18" + "cdab" + "11000000" + "8077665544332211" + "4000000000000000" + "c000000000000000" + Convert.ToHexStringLower(shift),
            Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void Each_kind_of_command_fills_its_own_fields_and_leaves_the_rest_zero()
    {
        byte[] msm = Encode(DeviceCommand.Msm(DeviceCommandFlags.First | DeviceCommandFlags.Last, 9, new DeviceAddress(64), new DeviceAddress(128), new DeviceAddress(192), 13), 1);
        Assert.Equal((1, 6, 9, 64, 128, 192, 13), (msm[0], msm[1], msm[4], msm[8], msm[16], msm[24], msm[32]));
        Assert.All(msm[33..], value => Assert.Equal(0, value));
        byte[] pointwise = Encode(DeviceCommand.Pointwise(5, new DeviceAddress(64), new DeviceAddress(128), new DeviceAddress(192), new DeviceAddress(0x1000)), 2);
        Assert.Equal((3, 0, 5, 64, 128, 0x10, 192), (pointwise[0], pointwise[1], pointwise[4], pointwise[8], pointwise[16], pointwise[25], pointwise[32]));
        byte[] nop = Encode(DeviceCommand.Nop(DeviceCommandFlags.Fence), 3);
        Assert.Equal("00010300" + new string('0', 120), Convert.ToHexStringLower(nop));
        Assert.All(Encode(DeviceCommand.Ntt(DeviceCommandFlags.None, 3, default, default, default, []), 4)[8..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_completion_is_read_field_by_field()
    {
        byte[] bytes = Convert.FromHexString(
            "3412" + "0c" + "01" + "05000000" + "0100000000000000" + "0200000000000000" + "0300000000000000" + "0400000000000000" + "0500000000000000" + "78563412" + "efbeadde" + "0600000000000000");
        DeviceCompletion completion = DeviceCompletion.Decode(bytes);
        Assert.Equal((0x1234, 12, DeviceOpcode.Msm, 5u), (completion.Tag, completion.Status, completion.Opcode, completion.Sequence));
        Assert.Equal((1ul, 2ul, 3ul, 4ul), (completion.Cycles, completion.CompletedAtCycle, completion.AccumulateCycles, completion.AggregateCycles));
        Assert.Equal((5ul, 0x12345678u, 0xdeadbeefu, 6ul), (completion.Operations, completion.ScalarChecksum, completion.BaseChecksum, completion.MemoryWaitCycles));
        Assert.False(completion.IsOk);
        Assert.Equal("12 (ReadError)", completion.StatusName);
        Assert.Equal("99 (unknown)", (completion with { Status = 99 }).StatusName);
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DeviceCommand.Nop().Encode(0, new byte[63]));
        Assert.Throws<ArgumentOutOfRangeException>(() => DeviceCompletion.Decode(new byte[65]));
        Assert.Throws<ArgumentOutOfRangeException>(() => DeviceCommand.Ntt(DeviceCommandFlags.Coset, 3, default, default, default, new byte[31]));
    }

    private static byte[] Encode(DeviceCommand command, ushort tag)
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0xff, 64)];
        command.Encode(tag, bytes);
        return bytes;
    }
}
