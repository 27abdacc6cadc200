namespace Accel.Compute.Auto;

/// <summary>
/// How long a device takes for an operation of any size: straight lines between measured points, both axes logarithmic. Below the smallest point
/// the first line goes on but never rises, above the largest the last one, never flatter than proportional: a start-up cost that dominates
/// small sizes must not make large ones look free.
/// </summary>
public sealed class CostModel
{
    private const double SteepestSlope = 1.2;

    private readonly Dictionary<ComputeOperation, Point[]> _points;

    /// <summary>A model of what was measured on one device.</summary>
    /// <param name="times">Any operations at any sizes; of several for one size the last counts.</param>
    /// <exception cref="ArgumentException">A count or a time is not positive.</exception>
    public CostModel(IEnumerable<OperationTime> times)
    {
        List<OperationTime> all = [.. times];
        if (all.Find(time => time.Count < 1 || !double.IsFinite(time.MedianMs) || time.MedianMs <= 0) is { } wrong)
        {
            throw new ArgumentException($"{wrong.Operation} of {wrong.Count} took {wrong.MedianMs} ms: counts and times must be positive", nameof(times));
        }

        _points = all.GroupBy(time => time.Operation).ToDictionary(
            group => group.Key,
            group => group.GroupBy(time => time.Count).Select(same => new Point(Math.Log2(same.Key), Math.Log2(same.Last().MedianMs))).OrderBy(point => point.Size).ToArray());
    }

    /// <summary>Milliseconds that the operation takes; null when it was not measured on the device.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="count">Bases, scalars or values; none count as one.</param>
    public double? Estimate(ComputeOperation operation, long count)
    {
        if (!_points.TryGetValue(operation, out Point[]? points))
        {
            return null;
        }

        double size = Math.Log2(Math.Max(1, count));
        int above = Array.FindIndex(points, point => point.Size >= size);
        double time = above switch
        {
            0 => points[0].At(size, points.Length > 1 ? Math.Clamp(Slope(points[0], points[1]), 0, 1) : 0),
            < 0 => points[^1].At(size, points.Length > 1 ? Math.Clamp(Slope(points[^2], points[^1]), 1, SteepestSlope) : 1),
            _ => points[above].At(size, Slope(points[above - 1], points[above])),
        };
        return Math.Pow(2, time);
    }

    private static double Slope(Point first, Point second) => (second.Time - first.Time) / (second.Size - first.Size);

    private readonly record struct Point(double Size, double Time)
    {
        public double At(double size, double slope) => Time + (slope * (size - Size));
    }
}
