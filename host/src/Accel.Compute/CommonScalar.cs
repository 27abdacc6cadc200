using Accel.Compute.Cpu;

namespace Accel.Compute;

/// <summary>
/// Products of many points with one scalar, as a ceremony's contribution needs them. The scalar's width-5 non-adjacent form (Solinas, "Efficient
/// arithmetic on Koblitz curves", 2000) is found once; a block of affine sums then doubles and adds in lockstep, one shared inversion a step.
/// </summary>
/// <remarks>The scalar's digits live in memory that is wiped. Time depends on the scalar.</remarks>
public static class CommonScalar
{
    /// <summary>resultsᵢ = scalar·pointᵢ, affine.</summary>
    /// <typeparam name="TField">The field of the coordinates.</typeparam>
    /// <typeparam name="TCurve">The curve.</typeparam>
    /// <param name="points">n points on the curve; infinity is allowed.</param>
    /// <param name="scalar">The scalar.</param>
    /// <param name="results">Receives n points.</param>
    /// <param name="threads">Threads to use, at least 1. Results do not depend on it.</param>
    /// <param name="cancel">Cancels the work; the results are then unspecified.</param>
    /// <exception cref="ArgumentException">The two lengths differ.</exception>
    public static ValueTask MultiplyAsync<TField, TCurve>(
        ReadOnlyMemory<AffinePoint<TField, TCurve>> points, Fr scalar, Memory<AffinePoint<TField, TCurve>> results, int threads, CancellationToken cancel)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (results.Length != points.Length)
        {
            throw new ArgumentException($"there are {points.Length} points and room for {results.Length} results", nameof(results));
        }

        cancel.ThrowIfCancellationRequested();
        return MultiplyAsync(points, new CommonScalarDigits(scalar), results, threads, cancel);
    }

    // Apart from the method above because an asynchronous method's arguments live on the heap, where nobody wipes them.
    private static async ValueTask MultiplyAsync<TField, TCurve>(
        ReadOnlyMemory<AffinePoint<TField, TCurve>> points, CommonScalarDigits owned, Memory<AffinePoint<TField, TCurve>> results, int threads, CancellationToken cancel)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        using CommonScalarDigits digits = owned;
        CpuEngine engine = CpuEngine.Choose();
        await ParallelWork.ForRangesAsync(
            points.Length,
            CommonScalarBlock<TField, TCurve>.Size,
            threads,
            (from, to) =>
            {
                using CommonScalarBlock<TField, TCurve> block = new(engine, points.Span[from..to]);
                block.Multiply(digits.Digits, results.Span[from..to]);
            },
            cancel);
    }
}
