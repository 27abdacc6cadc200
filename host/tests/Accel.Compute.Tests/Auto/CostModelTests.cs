using Accel.Compute.Auto;
using Xunit;

namespace Accel.Compute.Tests.Auto;

public class CostModelTests
{
    [Fact]
    public void What_was_measured_is_what_is_expected()
    {
        CostModel model = new([Msm(256, 3), Msm(1024, 5), Msm(4096, 20), new OperationTime(ComputeOperation.Ntt, 1024, 0.25)]);
        Assert.Equal(3, model.Estimate(ComputeOperation.MsmG1, 256)!.Value, 9);
        Assert.Equal(5, model.Estimate(ComputeOperation.MsmG1, 1024)!.Value, 9);
        Assert.Equal(20, model.Estimate(ComputeOperation.MsmG1, 4096)!.Value, 9);
        Assert.Equal(0.25, model.Estimate(ComputeOperation.Ntt, 1024)!.Value, 9);
        Assert.Null(model.Estimate(ComputeOperation.MsmG2, 1024));
    }

    [Fact]
    public void Between_two_sizes_time_is_a_power_of_the_size()
    {
        CostModel model = new([Msm(1 << 10, 4), Msm(1 << 14, 64)]);
        Assert.Equal(16, model.Estimate(ComputeOperation.MsmG1, 1 << 12)!.Value, 9);
        Assert.Equal(8, model.Estimate(ComputeOperation.MsmG1, 1 << 11)!.Value, 9);
    }

    [Fact]
    public void Beyond_the_largest_size_time_grows_at_least_in_proportion()
    {
        CostModel flat = new([Msm(1 << 8, 10), Msm(1 << 10, 10)]);
        Assert.Equal(40, flat.Estimate(ComputeOperation.MsmG1, 1 << 12)!.Value, 9);
        CostModel steep = new([Msm(1 << 8, 1), Msm(1 << 9, 8)]);
        Assert.Equal(8 * Math.Pow(2, 1.2), steep.Estimate(ComputeOperation.MsmG1, 1 << 10)!.Value, 9);
        CostModel single = new([Msm(1000, 10)]);
        Assert.Equal(20, single.Estimate(ComputeOperation.MsmG1, 2000)!.Value, 9);
    }

    [Fact]
    public void Below_the_smallest_size_time_does_not_rise()
    {
        CostModel falling = new([Msm(1 << 8, 10), Msm(1 << 10, 5)]);
        Assert.Equal(10, falling.Estimate(ComputeOperation.MsmG1, 1)!.Value, 9);
        CostModel rising = new([Msm(1 << 8, 10), Msm(1 << 10, 40)]);
        Assert.Equal(5, rising.Estimate(ComputeOperation.MsmG1, 1 << 7)!.Value, 9);
        Assert.Equal(rising.Estimate(ComputeOperation.MsmG1, 1), rising.Estimate(ComputeOperation.MsmG1, 0));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(10, 0)]
    [InlineData(10, -1)]
    [InlineData(10, double.NaN)]
    [InlineData(10, double.PositiveInfinity)]
    public void Impossible_measurements_are_refused(long count, double milliseconds) =>
        Assert.Throws<ArgumentException>(() => new CostModel([Msm(count, milliseconds)]));

    private static OperationTime Msm(long count, double milliseconds) => new(ComputeOperation.MsmG1, count, milliseconds);
}
