using Accel.Compute.Ilgpu.Arithmetic;
using ILGPU;

namespace Accel.Compute.Ilgpu.Ntt;

/// <summary>
/// Stockham's transform (Van Loan, "Computational frameworks for the fast Fourier transform", 1992, §1.7) by radix 4, with one pass of radix 2 where
/// the size asks for it: natural order in and out, every pass reads one buffer and writes the other. With l = length left and s = stride, the pass
/// takes x[q + s(p + k·l/4)] to y[q + s(4p + j)].
/// </summary>
internal static class NttKernels
{
    /// <summary>resultsᵢ = first·ratioⁱ, where powersₖ = ratio^(2^k).</summary>
    public static void FillPowers(PowersJob job)
    {
        for (int i = KernelGrid.Index; i < job.Count; i += KernelGrid.Stride)
        {
            job.Results[i] = TimesPower(job.First, job.Powers, i);
        }
    }

    /// <summary>A pass of radix 4.</summary>
    public static void Radix4(NttPass pass)
    {
        int quarter = 1 << (pass.Log2Size - 2);
        int sizeMask = (1 << pass.Log2Size) - 1;
        for (int i = KernelGrid.Index; i < quarter; i += KernelGrid.Stride)
        {
            Limbs a = pass.Source[i];
            Limbs b = pass.Source[i + quarter];
            Limbs c = pass.Source[i + (2 * quarter)];
            Limbs d = pass.Source[i + (3 * quarter)];
            if (pass.ScalesInput != 0)
            {
                Limbs scale = TimesPower(pass.Scale, pass.Powers, i);
                a = FrMath.Multiply(a, scale);
                scale = FrMath.Multiply(scale, pass.Powers[pass.Log2Size - 2]);
                b = FrMath.Multiply(b, scale);
                scale = FrMath.Multiply(scale, pass.Powers[pass.Log2Size - 2]);
                c = FrMath.Multiply(c, scale);
                scale = FrMath.Multiply(scale, pass.Powers[pass.Log2Size - 2]);
                d = FrMath.Multiply(d, scale);
            }

            // ω^(n/4), the square root of −1 in this direction.
            Limbs sumAc = FrMath.Add(a, c);
            Limbs differenceAc = FrMath.Subtract(a, c);
            Limbs sumBd = FrMath.Add(b, d);
            Limbs turned = FrMath.Multiply(FrMath.Subtract(b, d), pass.Roots[pass.IsInverse != 0 ? 3 * quarter : quarter]);
            a = FrMath.Add(sumAc, sumBd);
            c = FrMath.Subtract(sumAc, sumBd);
            b = FrMath.Add(differenceAc, turned);
            d = FrMath.Subtract(differenceAc, turned);

            int stride = 1 << pass.Log2Stride;
            int q = i & (stride - 1);
            int p = i >> pass.Log2Stride;
            int exponent = i - q;
            if (exponent != 0)
            {
                int step = pass.IsInverse != 0 ? sizeMask + 1 - exponent : exponent;
                b = FrMath.Multiply(b, pass.Roots[step]);
                c = FrMath.Multiply(c, pass.Roots[(2 * step) & sizeMask]);
                d = FrMath.Multiply(d, pass.Roots[(3 * step) & sizeMask]);
            }

            int place = q + (p << (pass.Log2Stride + 2));
            if (pass.ScalesOutput != 0)
            {
                // The last pass has p = 0 and stride n/4.
                Limbs scale = TimesPower(pass.Scale, pass.Powers, place);
                a = FrMath.Multiply(a, scale);
                scale = FrMath.Multiply(scale, pass.Powers[pass.Log2Stride]);
                b = FrMath.Multiply(b, scale);
                scale = FrMath.Multiply(scale, pass.Powers[pass.Log2Stride]);
                c = FrMath.Multiply(c, scale);
                scale = FrMath.Multiply(scale, pass.Powers[pass.Log2Stride]);
                d = FrMath.Multiply(d, scale);
            }

            pass.Target[place] = a;
            pass.Target[place + stride] = b;
            pass.Target[place + (2 * stride)] = c;
            pass.Target[place + (3 * stride)] = d;
        }
    }

    /// <summary>The last pass of a size that is no power of 4: radix 2 at stride n/2, without twiddles.</summary>
    public static void Radix2(NttPass pass)
    {
        int half = 1 << (pass.Log2Size - 1);
        for (int i = KernelGrid.Index; i < half; i += KernelGrid.Stride)
        {
            Limbs a = pass.Source[i];
            Limbs b = pass.Source[i + half];
            if (pass.ScalesInput != 0)
            {
                Limbs scale = TimesPower(pass.Scale, pass.Powers, i);
                a = FrMath.Multiply(a, scale);
                b = FrMath.Multiply(b, FrMath.Multiply(scale, pass.Powers[pass.Log2Size - 1]));
            }

            Limbs sum = FrMath.Add(a, b);
            Limbs difference = FrMath.Subtract(a, b);
            if (pass.ScalesOutput != 0)
            {
                Limbs scale = TimesPower(pass.Scale, pass.Powers, i);
                sum = FrMath.Multiply(sum, scale);
                difference = FrMath.Multiply(difference, FrMath.Multiply(scale, pass.Powers[pass.Log2Size - 1]));
            }

            pass.Target[i] = sum;
            pass.Target[i + half] = difference;
        }
    }

    /// <summary>aᵢ ← aᵢ·bᵢ − cᵢ.</summary>
    public static void Combine(CombineJob job)
    {
        for (int i = KernelGrid.Index; i < job.Count; i += KernelGrid.Stride)
        {
            job.A[i] = FrMath.Subtract(FrMath.Multiply(job.A[i], job.B[i]), job.C[i]);
        }
    }

    private static Limbs TimesPower(Limbs factor, ArrayView<Limbs> powers, int exponent)
    {
        for (int bit = 0; exponent != 0; bit++)
        {
            if ((exponent & 1) != 0)
            {
                factor = FrMath.Multiply(factor, powers[bit]);
            }

            exponent >>= 1;
        }

        return factor;
    }
}

/// <summary>A pass and its place in a transform. Where it scales, value i is multiplied by <see cref="Scale"/>·ratioⁱ.</summary>
internal struct NttPass
{
    /// <summary>n values.</summary>
    public ArrayView<Limbs> Source;

    /// <summary>Receives n values.</summary>
    public ArrayView<Limbs> Target;

    /// <summary>ωⁱ for i &lt; n.</summary>
    public ArrayView<Limbs> Roots;

    /// <summary>ratio^(2^k), for a pass that scales.</summary>
    public ArrayView<Limbs> Powers;

    /// <summary>log₂ n.</summary>
    public int Log2Size;

    /// <summary>log₂ of the stride.</summary>
    public int Log2Stride;

    /// <summary>Not 0 for ω⁻¹.</summary>
    public int IsInverse;

    /// <summary>Not 0 for the first pass of a transform that scales before.</summary>
    public int ScalesInput;

    /// <summary>Not 0 for the last pass of a transform that scales after.</summary>
    public int ScalesOutput;

    /// <summary>The factor of value 0.</summary>
    public Limbs Scale;
}

/// <summary>The operands of <see cref="NttKernels.FillPowers"/>.</summary>
internal struct PowersJob
{
    /// <summary>ratio^(2^k).</summary>
    public ArrayView<Limbs> Powers;

    /// <summary>Value 0.</summary>
    public Limbs First;

    /// <summary>The number of values.</summary>
    public int Count;

    /// <summary>Receives them.</summary>
    public ArrayView<Limbs> Results;
}

/// <summary>The operands of <see cref="NttKernels.Combine"/>.</summary>
internal struct CombineJob
{
    public ArrayView<Limbs> A;
    public ArrayView<Limbs> B;
    public ArrayView<Limbs> C;
    public int Count;
}
