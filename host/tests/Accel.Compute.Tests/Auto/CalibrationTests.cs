using Accel.Compute.Auto;
using Accel.Testing;
using Xunit;

namespace Accel.Compute.Tests.Auto;

public class CalibrationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_file_is_read_as_it_was_written()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder["deeper"], "calibration.json");
        DeviceCalibration one = new("gpu:0", "a device", DateTimeOffset.UnixEpoch, [new OperationTime(ComputeOperation.Ntt, 1024, 0.125)]);
        DeviceCalibration two = new("cpu", "another", DateTimeOffset.UnixEpoch, []);
        Calibration.Empty.With(one with { Device = "of old" }).With(two).With(one).Write(path);
        Calibration read = Calibration.Read(path);
        Assert.Equal(["cpu", "gpu:0"], read.Devices.Select(device => device.Name));
        Assert.Equal(one.Times, read.Find("gpu:0", "a device")!.Times);
        Assert.Null(read.Find("gpu:0", "a device of another make"));
        Assert.Equal([path], Directory.GetFiles(folder["deeper"]));
    }

    [Fact]
    public void A_file_that_is_not_there_is_empty()
    {
        using TemporaryFolder folder = new();
        Assert.Empty(Calibration.Read(folder["none"]).Devices);
        Assert.Empty(Calibration.Read(Path.Combine(folder["no"], "such", "folder")).Devices);
    }

    [Theory]
    [InlineData("", "input does not contain")]
    [InlineData("null", "found null")]
    [InlineData("[]", "")]
    [InlineData("{\"version\":1", "")]
    [InlineData("{\"version\":2,\"devices\":[]}", "version is 2")]
    [InlineData("{\"version\":1,\"devices\":null}", "")]
    [InlineData("{\"version\":1,\"devices\":[],\"extra\":0}", "extra")]
    [InlineData("{\"version\":1,\"devices\":[{\"name\":\"a\",\"device\":\"b\",\"measuredAt\":\"2026-01-01T00:00:00Z\",\"times\":[{\"operation\":\"Ntt\",\"count\":0,\"medianMs\":1}]}]}", "positive")]
    [InlineData("{\"version\":1,\"devices\":[{\"name\":\"a\",\"device\":\"b\",\"measuredAt\":\"2026-01-01T00:00:00Z\",\"times\":[{\"operation\":\"Sort\",\"count\":1,\"medianMs\":1}]}]}", "operation")]
    public void Hostile_files_are_refused_by_name(string text, string reason)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["c.json"], text);
        CalibrationException refused = Assert.Throws<CalibrationException>(() => Calibration.Read(folder["c.json"]));
        Assert.StartsWith(folder["c.json"], refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Contains("accel calibrate", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Measuring_gives_a_time_for_every_operation_and_size()
    {
        await using CpuBackend backend = new(threads: 1);
        List<OperationTime> told = [];
        DeviceCalibration measured = await Calibrator.MeasureAsync(
            "cpu", backend, new CalibrationPlan { Log2Sizes = [2, 5], Runs = 2 }, new Synchronous(told.Add), Cancel);
        Assert.Equal("cpu", measured.Name);
        Assert.Equal(backend.Info.Device, measured.Device);
        Assert.Equal(measured.Times, told);
        IEnumerable<(ComputeOperation, long)> expected = Enum.GetValues<ComputeOperation>().SelectMany(operation => new[] { (operation, 4L), (operation, 32L) });
        Assert.Equal(expected.Order(), measured.Times.Select(time => (time.Operation, time.Count)).Order());
    }

    [Fact]
    public async Task A_wrong_result_measures_nothing()
    {
        await using BentBackend backend = new() { Before = _ => { }, Lies = "ntt" };
        DeviceResultException refused = await Assert.ThrowsAsync<DeviceResultException>(
            () => Calibrator.MeasureAsync("bent", backend, new CalibrationPlan { Log2Sizes = [4] }, null, Cancel));
        Assert.Contains("Ntt of 16", refused.Message, StringComparison.Ordinal);
    }

    private sealed class Synchronous(Action<OperationTime> tell) : IProgress<OperationTime>
    {
        public void Report(OperationTime value) => tell(value);
    }
}
