using System.Numerics;
using Accel.Proving.Frontend;

namespace Accel.Proving.Gadgets;

/// <summary>
/// k·B for a constant B of order l, by windows of three signed bits, lowest first. With G = B/2, k·B = Σ(2bᵢ − 1)·2ⁱ·G + (2ⁿ − 1)·G.
/// The sum of the windows below 8ʲ lies within ±(8ʲ − 1), is odd, and the next window adds an odd multiple of 8ʲ up to 7·8ʲ: while
/// 8ʲ⁺¹ &lt; l the two differ and are not opposite, so the cheap addition meets no exception. The correction and the bits above go
/// into one complete addition at the end.
/// </summary>
internal static class FixedBaseMultiplication
{
    private const int WindowBits = 3;

    /// <summary>8⁸³ = 2²⁴⁹ &lt; l &lt; 2²⁵².</summary>
    private const int WindowsMax = 83;

    private const int ScalarBitsMax = (WindowsMax + 1) * WindowBits;

    private static readonly BigInteger Half = (BabyJubjubPoint.Suborder + 1) / 2;

    public static CurvePoint Multiply(CircuitBuilder builder, in BabyJubjubPoint basePoint, ReadOnlySpan<Bit> scalar)
    {
        if (scalar.Length is 0 or > ScalarBitsMax)
        {
            throw new ArgumentException($"a scalar has 1 to {ScalarBitsMax} bits, not {scalar.Length}", nameof(scalar));
        }

        if (!basePoint.IsInSubgroup() || basePoint == BabyJubjubPoint.Identity)
        {
            throw new ArgumentException($"the base ({basePoint.X}, {basePoint.Y}) does not have order l", nameof(basePoint));
        }

        int windows = Math.Min(WindowsMax, scalar.Length / WindowBits);
        int low = windows * WindowBits;
        CurvePoint rest = TopBits(builder, basePoint, low, scalar[low..]);
        if (windows == 0)
        {
            return rest;
        }

        BabyJubjubPoint weight = basePoint.Multiply(Half);
        MontgomeryPoint sum = Window(builder, weight, scalar);
        for (int i = 1; i < windows; i++)
        {
            weight = weight.Multiply(1 << WindowBits);
            sum = MontgomeryPoint.AddDistinct(builder, sum, Window(builder, weight, scalar[(WindowBits * i)..]));
        }

        return builder.Add(sum.ToEdwards(builder), rest);
    }

    /// <summary>
    /// (t₀ + 2t₁ + 4t₂)·W for signs tᵢ = 2bᵢ − 1. With eᵢ = tᵢt₂ the multiple is t₂·(4 + 2e₁ + e₀), so u = α + βe₀ + γe₁ + δe₀e₁ and v is
    /// t₂ times such a form; e₀e₁ = t₀t₁. Three constraints.
    /// </summary>
    private static MontgomeryPoint Window(CircuitBuilder builder, in BabyJubjubPoint weight, ReadOnlySpan<Bit> bits)
    {
        Span<Fr> u = stackalloc Fr[4];
        Span<Fr> v = stackalloc Fr[4];
        for (int i = 0; i < 4; i++)
        {
            (u[i], v[i]) = MontgomeryPoint.FromEdwards(weight.Multiply((2 * i) + 1));
        }

        ToSignForm(u);
        ToSignForm(v);
        Linear t0 = Sign(bits[0]), t1 = Sign(bits[1]), t2 = Sign(bits[2]);
        Linear both = builder.Multiply(t0, t1);
        Linear even = builder.Multiply(t2, (t0 * u[1]) + (t1 * u[2]));
        Linear odd = builder.Multiply(t2, (both * v[3]) + v[0]);
        return new(even + (both * u[3]) + u[0], odd + (t0 * v[1]) + (t1 * v[2]));
    }

    /// <summary>Values at (−,−), (+,−), (−,+), (+,+) to the coefficients of 1, e₀, e₁, e₀e₁.</summary>
    private static void ToSignForm(Span<Fr> f)
    {
        Fr quarter = ((Fr)4).Inverse();
        (f[0], f[1], f[2], f[3]) = (
            (f[0] + f[1] + f[2] + f[3]) * quarter,
            (f[1] - f[0] + f[3] - f[2]) * quarter,
            (f[2] - f[0] + f[3] - f[1]) * quarter,
            (f[0] - f[1] - f[2] + f[3]) * quarter);
    }

    /// <summary>(2^low − 1)·B/2 + 2^low·(top bits)·B: up to three bits choose among constants. Four products at most.</summary>
    private static CurvePoint TopBits(CircuitBuilder builder, in BabyJubjubPoint basePoint, int low, ReadOnlySpan<Bit> top)
    {
        BabyJubjubPoint correction = basePoint.Multiply(((BigInteger.One << low) - 1) * Half);
        BabyJubjubPoint step = basePoint.Multiply(BigInteger.One << low);
        Bit[] selectors = builder.OneHot(top);
        Linear[] x = new Linear[selectors.Length];
        Linear[] y = new Linear[selectors.Length];
        for (int i = 0; i < selectors.Length; i++)
        {
            BabyJubjubPoint entry = correction + step.Multiply(i);
            x[i] = selectors[i].Value * entry.X;
            y[i] = selectors[i].Value * entry.Y;
        }

        return new CurvePoint(Linear.Sum(x), Linear.Sum(y));
    }

    private static Linear Sign(in Bit bit) => (bit.Value * 2) - Linear.One;
}
