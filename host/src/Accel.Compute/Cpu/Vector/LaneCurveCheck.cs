using System.Runtime.CompilerServices;

namespace Accel.Compute.Cpu.Vector;

/// <summary>The equation y² = x³ + b in lanes, a point a lane.</summary>
internal static unsafe class LaneCurveCheck<TField, TCurve, TLaneField>
    where TField : unmanaged, IField<TField>
    where TCurve : struct, ICurve<TField>
    where TLaneField : struct, ILaneField<TField>
{
    private static int Lanes => TLaneField.Lanes;

    private static int Size => TLaneField.Size;

    /// <summary>The index of the first point that is neither on the curve nor infinity; −1 when there is none.</summary>
    /// <param name="points">Points with coordinates below the modulus.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int FindOffCurve(ReadOnlySpan<AffinePoint<TField, TCurve>> points)
    {
        double* x = stackalloc double[5 * Size];
        double* y = x + Size;
        double* cube = y + Size;
        double* constant = cube + Size;
        double* zero = constant + Size;
        ulong** rows = stackalloc ulong*[Lanes];
        TField* residues = stackalloc TField[Lanes];
        ulong** targets = stackalloc ulong*[Lanes];
        for (int lane = 0; lane < Lanes; lane++)
        {
            targets[lane] = (ulong*)(residues + lane);
        }

        new Span<TField>(residues, Lanes).Fill(TCurve.B.Double().Double());
        TLaneField.Load(constant, targets, 0);
        new Span<double>(zero, Size).Clear();
        fixed (AffinePoint<TField, TCurve>* first = points)
        {
            for (int from = 0; from < points.Length; from += Lanes)
            {
                for (int lane = 0; lane < Lanes; lane++)
                {
                    rows[lane] = (ulong*)(first + Math.Min(from + lane, points.Length - 1));
                }

                // A product of words over 2²⁵⁵ is twice the product's word: so y² comes doubled, x³ four times, and four times the equation is 2y² − x³ − 4b.
                // Twice a product, another and a word make at most 4p, and limbs of at most 2·2⁵⁰ + 2⁵⁰ + 2⁵¹.
                TLaneField.Load(x, rows, 0);
                TLaneField.Load(y, rows, sizeof(TField) / sizeof(ulong));
                TLaneField.Multiply(cube, x, x);
                TLaneField.Multiply(cube, cube, x);
                TLaneField.Multiply(y, y, y);
                TLaneField.TwiceDifferenceMinus(y, y, zero, cube);
                TLaneField.Subtract(y, y, constant);
                TLaneField.Store(targets, 0, y);
                for (int lane = 0; lane < Lanes && from + lane < points.Length; lane++)
                {
                    // Infinity, (0, 0), does not satisfy the equation; nor does a point off the curve, which so is judged twice.
                    if (!residues[lane].IsZero && !points[from + lane].IsOnCurve)
                    {
                        return from + lane;
                    }
                }
            }
        }

        return -1;
    }
}
