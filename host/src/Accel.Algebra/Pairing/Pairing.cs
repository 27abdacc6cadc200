using System.Collections.Immutable;

namespace Accel.Algebra;

/// <summary>The optimal ate pairing e: G1 × G2 → Fq12 on BN254 (Vercauteren, "Optimal pairings", eprint 2008/096). Points must be on their curves and in their subgroups; infinity gives one. Values agree with snarkjs, gnark and libff.</summary>
public static class Pairing
{
    /// <summary>The non-adjacent form of 6u + 2, least significant digit first.</summary>
    private static readonly ImmutableArray<sbyte> LoopDigits = NonAdjacentForm((6 * (UInt128)Bn254Tower.Parameter) + 2);

    /// <summary>e(p, q).</summary>
    public static Fq12 Compute(G1Affine p, G2Affine q) => Product([(p, q)]);

    /// <summary>Π e(pᵢ, qᵢ), with one final exponentiation; one for no pairs.</summary>
    public static Fq12 Product(ReadOnlySpan<(G1Affine P, G2Affine Q)> pairs) => FinalExponentiation.Apply(MillerLoop(pairs));

    /// <summary>Whether Π e(pᵢ, qᵢ) = 1, the check of EIP-197.</summary>
    public static bool ProductIsOne(ReadOnlySpan<(G1Affine P, G2Affine Q)> pairs) => Product(pairs).IsOne;

    /// <summary>Π f_{6u+2,Q}(P) · l_{[6u+2]Q, πQ}(P) · l_{[6u+2]Q+πQ, −π²Q}(P), where the pairs share each squaring.</summary>
    private static Fq12 MillerLoop(ReadOnlySpan<(G1Affine P, G2Affine Q)> pairs)
    {
        List<(G1Affine P, G2Affine Q)> finite = new(pairs.Length);
        foreach ((G1Affine P, G2Affine Q) pair in pairs)
        {
            if (!pair.P.IsInfinity && !pair.Q.IsInfinity)
            {
                finite.Add(pair);
            }
        }

        TwistPoint[] running = [.. finite.Select(pair => new TwistPoint(pair.Q))];
        Fq12 value = Fq12.One;
        for (int i = LoopDigits.Length - 2; i >= 0; i--)
        {
            value = value.Square();
            for (int k = 0; k < running.Length; k++)
            {
                (G1Affine p, G2Affine q) = finite[k];
                running[k].Double(p, ref value);
                if (LoopDigits[i] != 0)
                {
                    running[k].Add(LoopDigits[i] > 0 ? q : -q, p, ref value);
                }
            }
        }

        for (int k = 0; k < running.Length; k++)
        {
            (G1Affine p, G2Affine q) = finite[k];
            G2Affine frobenius = Bn254Tower.TwistFrobenius(q);
            running[k].Add(frobenius, p, ref value);
            running[k].Add(-Bn254Tower.TwistFrobenius(frobenius), p, ref value);
        }

        return value;
    }

    private static ImmutableArray<sbyte> NonAdjacentForm(UInt128 value)
    {
        ImmutableArray<sbyte>.Builder digits = ImmutableArray.CreateBuilder<sbyte>();
        for (UInt128 rest = value; rest != 0; rest >>= 1)
        {
            // An odd rest takes the digit ±1 that leaves a multiple of four.
            int digit = (rest & 1) == 0 ? 0 : 2 - (int)(rest & 3);
            digits.Add((sbyte)digit);
            rest = digit < 0 ? rest + 1 : rest - (UInt128)digit;
        }

        return digits.ToImmutable();
    }
}
