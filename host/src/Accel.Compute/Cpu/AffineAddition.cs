using System.Runtime.CompilerServices;

namespace Accel.Compute.Cpu;

/// <summary>
/// Affine addition cut in two around its division, so that many additions share one inversion (Montgomery's trick): 5M + 1S each and 1/n of an inversion.
/// Right for every pair: equal, opposite, infinity on either side.
/// </summary>
internal static class AffineAddition<TField, TCurve>
    where TField : struct, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    /// <summary>What the slope is divided by; zero when the sum needs no slope, and batch inversion leaves zeros alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TField Denominator(in AffinePoint<TField, TCurve> a, in AffinePoint<TField, TCurve> b)
    {
        if (a.IsInfinity || b.IsInfinity)
        {
            return TField.Zero;
        }

        TField difference = b.X - a.X;
        return !difference.IsZero ? difference : a.Y == b.Y ? a.Y.Double() : TField.Zero;
    }

    /// <summary>a + b, given the inverse of their <see cref="Denominator"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AffinePoint<TField, TCurve> Finish(in AffinePoint<TField, TCurve> a, in AffinePoint<TField, TCurve> b, in TField inverse)
    {
        if (inverse.IsZero)
        {
            // Opposite points have no slope either; on a curve of odd order y is never zero, so a doubling always has one.
            return a.IsInfinity ? b : b.IsInfinity ? a : AffinePoint<TField, TCurve>.Infinity;
        }

        TField slope = a.X == b.X ? Tangent(a.X) * inverse : (b.Y - a.Y) * inverse;
        TField x = slope.Square() - a.X - b.X;
        return new(x, (slope * (a.X - x)) - a.Y);
    }

    /// <summary>The numerator 3x² of a tangent's slope (a = 0).</summary>
    private static TField Tangent(in TField x)
    {
        TField square = x.Square();
        return square.Double() + square;
    }
}
