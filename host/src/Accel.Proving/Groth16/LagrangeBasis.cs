namespace Accel.Proving.Groth16;

/// <summary>Lagrange polynomials at a point outside their domain: Lᵢ(τ) = (τⁿ − 1)/n · ωⁱ/(τ − ωⁱ).</summary>
internal static class LagrangeBasis
{
    /// <summary>L over the domain of 2^<paramref name="log2"/> points at positions first, first + step, ….</summary>
    /// <param name="log2">The domain has 2 to this power points.</param>
    /// <param name="tau">Where to evaluate.</param>
    /// <param name="first">The first position.</param>
    /// <param name="step">The distance of positions.</param>
    /// <param name="values">Receives the values.</param>
    public static void Evaluate(int log2, Fr tau, int first, int step, Span<Fr> values)
    {
        Fr root = Fr.RootOfUnity(log2);
        Fr stride = root.Pow(step);
        Fr position = root.Pow(first);
        Fr scale = (tau.Pow(1L << log2) - Fr.One) * ((Fr)(1L << log2)).Inverse();
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = tau - position;
            position *= stride;
        }

        Fr.InvertAll(values);
        Fr numerator = scale * root.Pow(first);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= numerator;
            numerator *= stride;
        }
    }
}
