using Accel.Compute.Cpu;

namespace Accel.Compute;

/// <summary>
/// Many products of one point, as a set-up needs them: windowed tables of multiples (Brickell et al., "Fast exponentiation with precomputation", 1992)
/// with signed digits; the affine sums of a block of results advance window by window, one shared inversion each.
/// </summary>
public static class FixedBase
{
    /// <summary>resultsᵢ = scalarᵢ·basePoint, affine; a zero scalar gives infinity.</summary>
    /// <typeparam name="TField">The field of the coordinates.</typeparam>
    /// <typeparam name="TCurve">The curve.</typeparam>
    /// <param name="basePoint">A point of the subgroup of order r; infinity is allowed.</param>
    /// <param name="scalars">n scalars.</param>
    /// <param name="results">Receives n points.</param>
    /// <param name="threads">Threads to use, at least 1. Results do not depend on it.</param>
    /// <param name="cancel">Cancels the work; the results are then unspecified.</param>
    /// <exception cref="ArgumentException">The two lengths differ.</exception>
    public static async ValueTask MultiplyAsync<TField, TCurve>(
        AffinePoint<TField, TCurve> basePoint, ReadOnlyMemory<Fr> scalars, Memory<AffinePoint<TField, TCurve>> results, int threads, CancellationToken cancel)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (results.Length != scalars.Length)
        {
            throw new ArgumentException($"there are {scalars.Length} scalars and room for {results.Length} results", nameof(results));
        }

        cancel.ThrowIfCancellationRequested();
        CpuEngine engine = CpuEngine.Choose();
        using FixedBaseTable<TField, TCurve> table = FixedBaseTable<TField, TCurve>.Create(engine, basePoint, scalars.Length, threads, cancel);
        await ParallelWork.ForRangesAsync(
            scalars.Length,
            FixedBaseTable<TField, TCurve>.BlockSize,
            threads,
            (from, to) => table.Multiply(scalars.Span[from..to], results.Span[from..to]),
            cancel);
    }
}
