namespace Accel.Algebra;

/// <summary>
/// A running point of a Miller loop on the twist in homogeneous coordinates, x = X/Z, y = Y/Z, with the line of each step
/// (Aranha et al., "Faster explicit formulas for computing pairings over ordinary curves", eprint 2010/526, §4; Costello, Lange, Naehrig, eprint 2009/615).
/// A line at (xP, yP) is l₀·yP + l₁·xP·w + l₃·w³, up to a factor in Fq2 that the final exponentiation removes.
/// </summary>
internal struct TwistPoint
{
    private static readonly Fq Half = Fq.One.Double().Inverse();
    private static readonly Fq2 TripleB = Bn254G2.B.Double() + Bn254G2.B;

    private Fq2 _x;
    private Fq2 _y;
    private Fq2 _z;

    public TwistPoint(in G2Affine point)
    {
        _x = point.X;
        _y = point.Y;
        _z = Fq2.One;
    }

    /// <summary>Doubles the point and multiplies <paramref name="value"/> by the tangent at <paramref name="p"/>.</summary>
    public void Double(in G1Affine p, ref Fq12 value)
    {
        Fq2 a = _x * _y * Half;
        Fq2 b = _y.Square();
        Fq2 c = _z.Square();
        Fq2 e = TripleB * c;
        Fq2 f = e.Double() + e;
        Fq2 g = (b + f) * Half;
        Fq2 h = (_y + _z).Square() - b - c;
        Fq2 j = _x.Square();
        Fq2 ee = e.Square();
        _x = a * (b - f);
        _y = g.Square() - (ee.Double() + ee);
        _z = b * h;
        value = value.MultiplyByLine(-(h * p.Y), (j.Double() + j) * p.X, e - b);
    }

    /// <summary>Adds a point and multiplies <paramref name="value"/> by the chord at <paramref name="p"/>.</summary>
    public void Add(in G2Affine q, in G1Affine p, ref Fq12 value)
    {
        Fq2 theta = _y - (q.Y * _z);
        Fq2 lambda = _x - (q.X * _z);
        Fq2 d = lambda.Square();
        Fq2 e = lambda * d;
        Fq2 g = _x * d;
        Fq2 h = e + (_z * theta.Square()) - g.Double();
        _x = lambda * h;
        _y = (theta * (g - h)) - (e * _y);
        _z *= e;
        value = value.MultiplyByLine(lambda * p.Y, -(theta * p.X), (theta * q.X) - (lambda * q.Y));
    }
}
