namespace Accel.Proving.Tests.Ceremony;

/// <summary>Points of G2's curve that are not in G2.</summary>
internal static class TwistPoints
{
    public static G2Affine OutsideSubgroup()
    {
        for (Fq2 x = Fq2.One; ; x += Fq2.One)
        {
            if (((x.Square() * x) + Bn254G2.B).TrySqrt(out Fq2 y) && !new G2Affine(x, y).IsInSubgroup())
            {
                return new G2Affine(x, y);
            }
        }
    }
}
