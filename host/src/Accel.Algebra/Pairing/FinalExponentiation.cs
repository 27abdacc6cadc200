namespace Accel.Algebra;

/// <summary>The power (q¹² − 1)/r that makes a Miller loop's value unique.</summary>
internal static class FinalExponentiation
{
    public static Fq12 Apply(in Fq12 value) => HardPart(EasyPart(value));

    /// <summary>The power (q⁶ − 1)(q² + 1), into the cyclotomic subgroup.</summary>
    private static Fq12 EasyPart(in Fq12 value)
    {
        Fq12 unitary = value.Conjugate() * value.Inverse();
        return unitary.Frobenius().Frobenius() * unitary;
    }

    /// <summary>
    /// The power (q⁴ − q² + 1)/r exactly, so that values agree with other libraries, by the addition chain of
    /// Scott et al., "On the final exponentiation for calculating pairings on ordinary elliptic curves" (eprint 2008/490, §5).
    /// </summary>
    private static Fq12 HardPart(in Fq12 f)
    {
        Fq12 fu = PowerByParameter(f);
        Fq12 fuu = PowerByParameter(fu);
        Fq12 fuuu = PowerByParameter(fuu);
        Fq12 fq = f.Frobenius();
        Fq12 fqq = fq.Frobenius();
        Fq12 fuuq = fuu.Frobenius();
        Fq12 y0 = fq * fqq * fqq.Frobenius();
        Fq12 y1 = f.Conjugate();
        Fq12 y2 = fuuq.Frobenius();
        Fq12 y3 = fu.Frobenius().Conjugate();
        Fq12 y4 = (fu * fuuq).Conjugate();
        Fq12 y5 = fuu.Conjugate();
        Fq12 y6 = (fuuu * fuuu.Frobenius()).Conjugate();

        // y0 · y1² · y2⁶ · y3¹² · y4¹⁸ · y5³⁰ · y6³⁶.
        Fq12 t0 = y6.CyclotomicSquare() * y4 * y5;
        Fq12 t1 = (y3 * y5 * t0).CyclotomicSquare() * (t0 * y2);
        t1 = t1.CyclotomicSquare();
        return (t1 * y1).CyclotomicSquare() * (t1 * y0);
    }

    private static Fq12 PowerByParameter(in Fq12 value)
    {
        Fq12 result = value;
        for (int bit = 61; bit >= 0; bit--)
        {
            result = result.CyclotomicSquare();
            if (((Bn254Tower.Parameter >> bit) & 1) == 1)
            {
                result *= value;
            }
        }

        return result;
    }
}
