using Accel.Compute.Cpu;

namespace Accel.Compute;

/// <summary>The curve's equation for many points at once, in the processor's vector arithmetic where it has one.</summary>
public static class CurveEquation
{
    private static readonly Lazy<CpuEngine> Engine = new(() => CpuEngine.Choose());

    /// <summary>The index of the first point that is neither on its curve nor infinity; −1 when there is none.</summary>
    /// <param name="points">Any number of points of G1 or G2, with coordinates below the modulus: that is for the caller to check.</param>
    /// <exception cref="ArgumentException"><c>ACCEL_CPU</c> names no engine, or one that this processor does not accelerate.</exception>
    public static int FindViolation<TField, TCurve>(ReadOnlySpan<AffinePoint<TField, TCurve>> points)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField> => Engine.Value.FindOffCurve(points);
}
