using Accel.Derivatives.Settlement;
using Xunit;

namespace Accel.Derivatives.Tests.Settlement;

public sealed class BatchShapeTests
{
    [Fact]
    public void The_smallest_built_in_shape_that_fits_is_chosen()
    {
        Assert.Equal(BatchShape.Tiny, BatchShape.SmallestThatFits(1, 1, 1, 1));
        Assert.Equal(BatchShape.Small, BatchShape.SmallestThatFits(4, 4, 4, 3));
        Assert.Equal(BatchShape.Standard, BatchShape.SmallestThatFits(8, 5, 8, 4));
        Assert.Equal(BatchShape.Large, BatchShape.SmallestThatFits(17, 16, 8, 4));
        Assert.Contains("largest is 32x64x8x4", Assert.Throws<ArgumentException>(() => BatchShape.SmallestThatFits(33, 1, 1, 1)).Message, StringComparison.Ordinal);
        Assert.All(BatchShape.BuiltIn, shape => shape.Validate());
    }

    [Theory]
    [InlineData("16x16x8x4", 2)]
    [InlineData("1x1x1x1", 0)]
    [InlineData("4x64x8x8", 3)]
    public void A_name_parses_back(string name, int rangeHeight)
    {
        BatchShape shape = BatchShape.Parse(name);
        Assert.Equal((name, name, rangeHeight), (shape.Name, shape.ToString(), shape.RangeHeight));
    }

    [Theory]
    [InlineData("16x16x8")]
    [InlineData("16x8x8x4")]
    [InlineData("16x16x9x4")]
    [InlineData("16x16x8x3")]
    [InlineData("1x16777216x1x2")]
    [InlineData("0x16x8x4")]
    public void Impossible_shapes_are_refused(string name) => Assert.Throws<FormatException>(() => BatchShape.Parse(name));
}
