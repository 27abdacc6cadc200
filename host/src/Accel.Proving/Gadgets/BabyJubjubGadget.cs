using Accel.Proving.Frontend;

namespace Accel.Proving.Gadgets;

/// <summary>A point that constraints hold to Baby Jubjub's curve: checked, constant, or computed from such points.</summary>
public readonly struct CurvePoint
{
    internal CurvePoint(in Linear x, in Linear y) => (X, Y) = (x, y);

    /// <summary>x.</summary>
    public Linear X { get; }

    /// <summary>y.</summary>
    public Linear Y { get; }

    /// <summary>The inverse; no constraint.</summary>
    public static CurvePoint operator -(in CurvePoint point) => new(-point.X, point.Y);

    /// <summary>A constant.</summary>
    /// <exception cref="ArgumentException">The point is not on the curve.</exception>
    public static CurvePoint Constant(in BabyJubjubPoint point) => point.IsOnCurve
        ? new(point.X, point.Y)
        : throw new ArgumentException($"({point.X}, {point.Y}) is not on Baby Jubjub", nameof(point));
}

/// <summary>A point that constraints hold to order l: in the large subgroup and not its identity.</summary>
public readonly struct SubgroupPoint
{
    internal SubgroupPoint(in CurvePoint point) => Point = point;

    /// <summary>The point.</summary>
    public CurvePoint Point { get; }

    /// <summary>It is on the curve as well.</summary>
    public static implicit operator CurvePoint(in SubgroupPoint point) => point.Point;
}

/// <summary>Arithmetic on Baby Jubjub: a·x² + y² = 1 + d·x²·y² (EIP-2494), equal to <see cref="BabyJubjubPoint"/>.</summary>
public static class BabyJubjubGadget
{
    /// <summary>Constrains a point to the curve. Three constraints.</summary>
    public static CurvePoint AssertOnCurve(this CircuitBuilder builder, in Linear x, in Linear y)
    {
        Linear xx = builder.Square(x);
        Linear yy = builder.Square(y);
        builder.AssertProduct(xx * BabyJubjubPoint.D, yy, (xx * BabyJubjubPoint.A) + yy - Linear.One, "on Baby Jubjub");
        return new CurvePoint(x, y);
    }

    /// <summary>
    /// The sum, complete on the curve: a is a square and d is not, so 1 ± d·x₁x₂y₁y₂ is never zero and both quotients are unique
    /// (Bernstein and Lange, eprint 2007/286, §3). Six constraints, three when one point is constant.
    /// </summary>
    public static CurvePoint Add(this CircuitBuilder builder, in CurvePoint p, in CurvePoint q)
    {
        Linear beta = builder.Multiply(p.X, q.Y);
        Linear gamma = builder.Multiply(p.Y, q.X);
        Linear delta = builder.Multiply(p.Y - (p.X * BabyJubjubPoint.A), q.X + q.Y);
        Linear tau = builder.Multiply(beta, gamma) * BabyJubjubPoint.D;
        return new CurvePoint(
            builder.DivideByNonZero(beta + gamma, Linear.One + tau),
            builder.DivideByNonZero(delta + (beta * BabyJubjubPoint.A) - gamma, Linear.One - tau));
    }

    /// <summary>Twice the point. On the curve a·x² + y² = 1 + d·x²·y², which replaces the product of products. Five constraints.</summary>
    public static CurvePoint Double(this CircuitBuilder builder, in CurvePoint p)
    {
        Linear xy = builder.Multiply(p.X, p.Y);
        Linear axx = builder.Square(p.X) * BabyJubjubPoint.A;
        Linear yy = builder.Square(p.Y);
        return new CurvePoint(
            builder.DivideByNonZero(xy * 2, axx + yy),
            builder.DivideByNonZero(yy - axx, Linear.Constant(2) - axx - yy));
    }

    /// <summary><paramref name="whenTrue"/> if the bit is 1, else <paramref name="whenFalse"/>. Two constraints.</summary>
    public static CurvePoint Select(this CircuitBuilder builder, in Bit condition, in CurvePoint whenTrue, in CurvePoint whenFalse) => new(
        builder.Select(condition, whenTrue.X, whenFalse.X),
        builder.Select(condition, whenTrue.Y, whenFalse.Y));

    /// <summary>Constrains two points to be equal. Two constraints.</summary>
    public static void AssertEqual(this CircuitBuilder builder, in CurvePoint a, in CurvePoint b, string? rule = null)
    {
        builder.AssertEqual(a.X, b.X, rule);
        builder.AssertEqual(a.Y, b.Y, rule);
    }

    /// <summary>
    /// Eight times a point, held to other than the identity: its order is then exactly l. Of 8·P only the identity has x = 0,
    /// for (0, −1) has even order. 16 constraints.
    /// </summary>
    public static SubgroupPoint MultiplyByCofactor(this CircuitBuilder builder, in CurvePoint p)
    {
        CurvePoint result = builder.Double(builder.Double(builder.Double(p)));
        builder.AssertNonZero(result.X);
        return new SubgroupPoint(result);
    }

    /// <summary>scalar·base for a constant base of order l. Two constraints a bit and about five more (<see cref="FixedBaseMultiplication"/>).</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="basePoint">A constant point of order l.</param>
    /// <param name="scalar">1 to 252 bits, least significant first.</param>
    /// <exception cref="ArgumentException">The base does not have order l, or the number of bits is out of range.</exception>
    public static CurvePoint MultiplyFixed(this CircuitBuilder builder, in BabyJubjubPoint basePoint, ReadOnlySpan<Bit> scalar) =>
        FixedBaseMultiplication.Multiply(builder, basePoint, scalar);

    /// <summary>scalar·P for the canonical representative of a field element. 2,024 constraints (<see cref="VariableBaseMultiplication"/>).</summary>
    public static CurvePoint Multiply(this CircuitBuilder builder, in SubgroupPoint p, in Linear scalar) =>
        VariableBaseMultiplication.Multiply(builder, p, scalar);

    /// <summary>numerator/denominator; the caller knows that the denominator is not zero, which makes the quotient unique. One constraint.</summary>
    internal static Linear DivideByNonZero(this CircuitBuilder builder, in Linear numerator, in Linear denominator)
    {
        if (denominator.IsConstant(out Fr constant))
        {
            return numerator * constant.Inverse();
        }

        Linear quotient = builder.Hint<DivideHint>([numerator, denominator], 1)[0];
        builder.AssertProduct(quotient, denominator, numerator, "quotient");
        return quotient;
    }
}
