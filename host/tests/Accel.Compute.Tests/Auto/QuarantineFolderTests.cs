using Accel.Compute.Auto;
using Accel.Testing;
using Xunit;

namespace Accel.Compute.Tests.Auto;

public class QuarantineFolderTests
{
    [Theory]
    [InlineData("serial:/dev/ttyUSB0@921600")]
    [InlineData("opencl:0/1#../../card.bin")]
    [InlineData("..")]
    public void A_record_is_found_by_its_devices_name_alone(string device)
    {
        using TemporaryFolder folder = new();
        QuarantineFolder quarantines = new(folder["quarantine"]);
        Assert.Null(quarantines.Find(device));
        quarantines.Remove(device);
        Quarantine record = new(device, "it lied", DateTimeOffset.UnixEpoch, 3, DateTimeOffset.UnixEpoch.AddHours(1));
        quarantines.Put(record with { Reason = "before" });
        quarantines.Put(record);
        Assert.Equal(record, new QuarantineFolder(folder["quarantine"]).Find(device));
        Assert.Null(quarantines.Find(device + "1"));
        Assert.Single(Directory.GetFileSystemEntries(folder["quarantine"]));
        quarantines.Remove(device);
        Assert.Null(quarantines.Find(device));
        Assert.Empty(Directory.GetFileSystemEntries(folder["quarantine"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"device\":\"usb\"}")]
    [InlineData("{\"device\":\"pcie:0\",\"reason\":\"of another\",\"since\":\"2026-01-01T00:00:00Z\",\"failures\":1,\"nextTest\":\"2026-01-01T00:00:00Z\"}")]
    [InlineData("{\"device\":\"usb\",\"reason\":\"none\",\"since\":\"2026-01-01T00:00:00Z\",\"failures\":0,\"nextTest\":\"2026-01-01T00:00:00Z\"}")]
    public void A_device_whose_record_can_not_be_read_is_not_trusted(string text)
    {
        using TemporaryFolder folder = new();
        QuarantineFolder quarantines = new(folder["quarantine"]);
        quarantines.Put(new Quarantine("usb", "any", DateTimeOffset.UnixEpoch, 1, DateTimeOffset.UnixEpoch));
        string file = Assert.Single(Directory.GetFiles(folder["quarantine"]));
        File.WriteAllText(file, text);
        Quarantine? found = quarantines.Find("usb");
        Assert.Contains(file, found?.Reason, StringComparison.Ordinal);
        Assert.Contains("can't be read", found?.Reason, StringComparison.Ordinal);
    }
}
