using Accel.Proving.Frontend;

namespace Accel.Proving.Gadgets;

/// <summary>
/// An affine point of the Montgomery curve v² = u³ + A·u² + u that is birational to Baby Jubjub: u = (1 + y)/(1 − y), v = u/x
/// (EIP-2494). Its addition costs half of the complete one, but only for points with different u: every use proves that.
/// </summary>
/// <param name="U">u.</param>
/// <param name="V">v.</param>
internal readonly record struct MontgomeryPoint(Linear U, Linear V)
{
    /// <summary>A = 2(a + d)/(a − d).</summary>
    public static Fr A { get; } = 168698;

    /// <summary>Two constraints; the point is of order l, so that neither 1 − y nor x is zero.</summary>
    public static MontgomeryPoint FromEdwards(CircuitBuilder builder, in CurvePoint point)
    {
        Linear u = builder.DivideByNonZero(Linear.One + point.Y, Linear.One - point.Y);
        return new(u, builder.DivideByNonZero(u, point.X));
    }

    /// <summary>A constant point of order l, and its coordinates as numbers.</summary>
    public static (Fr U, Fr V) FromEdwards(in BabyJubjubPoint point)
    {
        Fr u = (Fr.One + point.Y) * (Fr.One - point.Y).Inverse();
        return (u, u * point.X.Inverse());
    }

    /// <summary>Two constraints; the point is of order l, so v is not zero, and u + 1 is not, as (A − 2) is no square.</summary>
    public CurvePoint ToEdwards(CircuitBuilder builder) => new(
        builder.DivideByNonZero(U, V),
        builder.DivideByNonZero(U - Linear.One, U + Linear.One));

    /// <summary>P + Q for points of different u. Three constraints.</summary>
    public static MontgomeryPoint AddDistinct(CircuitBuilder builder, in MontgomeryPoint p, in MontgomeryPoint q)
    {
        Linear slope = builder.DivideByNonZero(q.V - p.V, q.U - p.U);
        Linear u = builder.MultiplyAdd(slope, slope, -(p.U + q.U + A));
        return new(u, builder.MultiplyAdd(slope, p.U - u, -p.V));
    }

    /// <summary>
    /// 2P + Q = (P + Q) + P without the v of the sum in between (Eisenträger, Lauter, Montgomery, "Fast elliptic curve arithmetic and
    /// improved Weil pairing evaluation", CT-RSA 2003): for u of P, Q and P + Q such that neither pair (P, Q) nor (P + Q, P) agrees. Five constraints.
    /// </summary>
    public static MontgomeryPoint DoubleAndAddDistinct(CircuitBuilder builder, in MontgomeryPoint p, in MontgomeryPoint q)
    {
        Linear slope = builder.DivideByNonZero(q.V - p.V, q.U - p.U);
        Linear sumU = builder.MultiplyAdd(slope, slope, -(p.U + q.U + A));

        // The slope from P + Q to P is 2v/(u − u₊) − slope.
        Linear second = builder.DivideByNonZero(p.V * 2, p.U - sumU) - slope;
        Linear u = builder.MultiplyAdd(second, second, -(p.U + sumU + A));
        return new(u, builder.MultiplyAdd(second, p.U - u, -p.V));
    }
}
