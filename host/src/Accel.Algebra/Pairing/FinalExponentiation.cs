namespace Accel.Algebra;

/// <summary>The power, a multiple of (q¹² − 1)/r, that makes a Miller loop's value unique.</summary>
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
    /// The power 2u(6u² + 3u + 1)·(q⁴ − q² + 1)/r = λ₀ + λ₁q + λ₂q² + λ₃q³ with λ₀ = 1 + 6u + 12u² + 12u³, λ₁ = 4u + 6u² + 12u³, λ₂ = 6u + 6u² + 12u³
    /// and λ₃ = λ₁ − 1 (Fuentes-Castañeda, Knapp, Rodríguez-Henríquez, "Faster hashing to G2", SAC 2011, §5).
    /// The factor before the fraction is prime to r, so it only replaces one pairing by another; libff, gnark and snarkjs made the same choice.
    /// </summary>
    private static Fq12 HardPart(in Fq12 f)
    {
        Fq12 f2 = PowerByParameter(f).CyclotomicSquare();
        Fq12 f6 = f2.CyclotomicSquare() * f2;
        Fq12 f6u = PowerByParameter(f6);
        Fq12 f12uu = PowerByParameter(f6u.CyclotomicSquare());
        Fq12 lambda2 = f6 * f6u * f12uu;
        Fq12 lambda1 = lambda2 * f2.Conjugate();
        Fq12 lambda0 = lambda2 * f6u * f;
        Fq12 lambda3 = lambda1 * f.Conjugate();
        return lambda0 * lambda1.Frobenius() * lambda2.Frobenius().Frobenius() * lambda3.Frobenius().Frobenius().Frobenius();
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
