using System.Runtime.InteropServices;
using Accel.Compute;

namespace Accel.Proving.Formats;

/// <summary>Checks on points that came from outside in their in-memory image.</summary>
internal static class PointChecks
{
    private const int ChunkPoints = 4096;

    /// <summary>
    /// The index of the first point with a coordinate that is not below q or that is off its curve; −1 when there is none. The pages of points in a
    /// mapped file are released behind the check.
    /// </summary>
    public static int FindInvalid<TField, TCurve>(ReadOnlyMemory<AffinePoint<TField, TCurve>> points)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField>
    {
        int first = int.MaxValue;
        Parallel.For(0, (points.Length + ChunkPoints - 1) / ChunkPoints, chunk =>
        {
            int start = chunk * ChunkPoints;
            ReadOnlyMemory<AffinePoint<TField, TCurve>> part = points.Slice(start, Math.Min(ChunkPoints, points.Length - start));
            int bad = FindInvalid(part.Span);
            MappedValues<AffinePoint<TField, TCurve>>.ReleasePages(part);
            if (bad >= 0)
            {
                LowerTo(ref first, start + bad);
            }
        });
        return first == int.MaxValue ? -1 : first;
    }

    /// <summary>Which of the two checks a point fails.</summary>
    public static string Describe<TField, TCurve>(AffinePoint<TField, TCurve> point)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField> =>
        HasReducedCoordinates(new ReadOnlySpan<AffinePoint<TField, TCurve>>(in point)) ? "it does not satisfy the curve's equation" : "a coordinate is not below q";

    private static int FindInvalid<TField, TCurve>(ReadOnlySpan<AffinePoint<TField, TCurve>> points)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField>
    {
        int reduced = 0;
        while (reduced < points.Length && HasReducedCoordinates(points.Slice(reduced, 1)))
        {
            reduced++;
        }

        int off = CurveEquation.FindViolation(points[..reduced]);
        return off >= 0 || reduced == points.Length ? off : reduced;
    }

    private static bool HasReducedCoordinates<TField, TCurve>(ReadOnlySpan<AffinePoint<TField, TCurve>> point)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField>
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(point);
        for (int i = 0; i < bytes.Length; i += Fq.ByteLength)
        {
            if (!Fq.TryReadMontgomery(bytes[i..], out _))
            {
                return false;
            }
        }

        return true;
    }

    private static void LowerTo(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value < seen)
        {
            int previous = Interlocked.CompareExchange(ref target, value, seen);
            if (previous == seen)
            {
                return;
            }

            seen = previous;
        }
    }
}
