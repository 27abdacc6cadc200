using System.Runtime.InteropServices;

namespace Accel.Proving.Formats;

/// <summary>Checks on points that came from outside in their in-memory image.</summary>
internal static class PointChecks
{
    private const int ChunkPoints = 4096;

    /// <summary>The index of the first point with a coordinate that is not below q or that is off its curve; −1 when there is none.</summary>
    public static int FindInvalid<TField, TCurve>(ReadOnlyMemory<AffinePoint<TField, TCurve>> points)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField>
    {
        if (points.Length <= ChunkPoints)
        {
            return FindInvalid(points.Span);
        }

        int first = int.MaxValue;
        Parallel.For(0, (points.Length + ChunkPoints - 1) / ChunkPoints, chunk =>
        {
            int start = chunk * ChunkPoints;
            int bad = FindInvalid(points.Span.Slice(start, Math.Min(ChunkPoints, points.Length - start)));
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
        for (int i = 0; i < points.Length; i++)
        {
            if (!HasReducedCoordinates(points.Slice(i, 1)) || !points[i].IsOnCurve)
            {
                return i;
            }
        }

        return -1;
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
