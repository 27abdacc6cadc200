namespace Accel.Algebra;

public readonly partial struct PrimeField<TModulus>
{
    /// <inheritdoc />
    /// <remarks>
    /// Bernstein and Yang, "Fast constant-time gcd computation and modular inversion" (eprint 2019/266), 62 division steps at a time; time depends on the value.
    /// The invariants are d·x = f and e·x = g mod p; when g reaches 0, f is ±1 and d is ±1/x. Numbers are five limbs of 62 bits, the topmost signed.
    /// </remarks>
    public PrimeField<TModulus> Inverse()
    {
        if (IsZero)
        {
            return this;
        }

        Span<long> f = stackalloc long[DivisionSteps.Limbs];
        Span<long> g = stackalloc long[DivisionSteps.Limbs];
        Span<long> d = stackalloc long[DivisionSteps.Limbs];
        Span<long> e = stackalloc long[DivisionSteps.Limbs];
        ReadOnlySpan<long> modulus = InversionConstants.Modulus;
        modulus.CopyTo(f);
        WriteLimbs62(g);
        d.Clear();

        // The stored x is x·R, so starting from R² gives R²/(x·R) = R/x, which is the Montgomery form of 1/x.
        Constants.RSquared.WriteLimbs62(e);
        long eta = -1;
        do
        {
            DivisionSteps steps = DivisionSteps.Run(ref eta, (ulong)f[0], (ulong)g[0]);
            steps.ApplyExact(f, g);
            steps.ApplyModulo(d, e, modulus, InversionConstants.Inverse);
        }
        while (g.ContainsAnyExcept(0));

        DivisionSteps.Normalise(d, negate: f[^1] < 0, modulus);
        return FromLimbs62(d);
    }

    private void WriteLimbs62(Span<long> limbs)
    {
        limbs[0] = (long)(_l0 & DivisionSteps.Mask);
        limbs[1] = (long)(((_l0 >> 62) | (_l1 << 2)) & DivisionSteps.Mask);
        limbs[2] = (long)(((_l1 >> 60) | (_l2 << 4)) & DivisionSteps.Mask);
        limbs[3] = (long)(((_l2 >> 58) | (_l3 << 6)) & DivisionSteps.Mask);
        limbs[4] = (long)(_l3 >> 56);
    }

    private static PrimeField<TModulus> FromLimbs62(ReadOnlySpan<long> limbs) => new(
        (ulong)limbs[0] | ((ulong)limbs[1] << 62),
        ((ulong)limbs[1] >> 2) | ((ulong)limbs[2] << 60),
        ((ulong)limbs[2] >> 4) | ((ulong)limbs[3] << 58),
        ((ulong)limbs[3] >> 6) | ((ulong)limbs[4] << 56));

    private static class InversionConstants
    {
        public static readonly long[] Modulus = Limbs();

        /// <summary>p⁻¹ mod 2⁶².</summary>
        public static readonly ulong Inverse = (0 - TModulus.NegativeInverse) & DivisionSteps.Mask;

        private static long[] Limbs()
        {
            long[] limbs = new long[DivisionSteps.Limbs];
            new PrimeField<TModulus>(TModulus.Limb0, TModulus.Limb1, TModulus.Limb2, TModulus.Limb3).WriteLimbs62(limbs);
            return limbs;
        }
    }
}
