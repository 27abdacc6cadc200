namespace Accel.Compute.Cpu;

/// <summary>
/// Transforms of any size: one kernel when small; when large, two rounds of kernels of about √n each (Bailey, "FFTs in external or hierarchical memory", 1990),
/// so that every butterfly works in a core's cache and the threads share columns. The scaling by g^±i and 1/n rides on the twiddles between the rounds.
/// </summary>
internal static class Ntt
{
    /// <summary>Fr's two-adicity.</summary>
    public const int Log2SizeMax = 28;

    /// <summary>Runs a plan on 2^k values in place.</summary>
    public static async Task TransformAsync(CpuEngine engine, NttPlan plan, Memory<Fr> values, int threads, CancellationToken cancel)
    {
        Validate(plan, values.Length);
        using NativeVector<Fr> scratch = new(ScratchLength(engine, plan.Log2Size));
        await TransformAsync(engine, plan, values, scratch.Memory, threads, cancel);
    }

    /// <summary>Runs a plan on 2^k values in place.</summary>
    /// <param name="engine">What does the arithmetic.</param>
    /// <param name="plan">A valid plan.</param>
    /// <param name="values">The values.</param>
    /// <param name="scratch">As many values as <see cref="ScratchLength"/> says; they are overwritten.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancel">Cancels the transform.</param>
    public static Task TransformAsync(CpuEngine engine, NttPlan plan, Memory<Fr> values, Memory<Fr> scratch, int threads, CancellationToken cancel)
    {
        if (plan.Log2Size >= engine.NttLog2RoundsMin)
        {
            return new NttRounds(engine.NttColumns, plan, values, scratch, cancel).RunAsync(threads);
        }

        TransformSmall(plan, values.Span);
        return Task.CompletedTask;
    }

    /// <summary>Values of scratch memory that a transform of size 2^<paramref name="log2Size"/> needs.</summary>
    public static int ScratchLength(CpuEngine engine, int log2Size) => log2Size >= engine.NttLog2RoundsMin ? 1 << log2Size : 0;

    /// <exception cref="ArgumentException">No transform has this size, or the values are not as many, or the shift is zero.</exception>
    public static void Validate(NttPlan plan, int length)
    {
        if (plan.Log2Size is < 0 or > Log2SizeMax)
        {
            throw new ArgumentException($"a transform of size 2^{plan.Log2Size} was asked for; sizes are 2^0 to 2^{Log2SizeMax}", nameof(plan));
        }

        if (length != 1 << plan.Log2Size)
        {
            throw new ArgumentException($"{length} values were given to a transform of size 2^{plan.Log2Size} = {1 << plan.Log2Size}", nameof(plan));
        }

        if (plan.CosetShift is { IsZero: true })
        {
            throw new ArgumentException("the coset shift is zero; it must be invertible, or null for none", nameof(plan));
        }
    }

    private static void TransformSmall(NttPlan plan, Span<Fr> values)
    {
        bool forward = plan.Direction == NttDirection.Forward;
        if (forward && plan.CosetShift is Fr shift)
        {
            Scale(values, Fr.One, shift);
        }

        NttKernel.Transform(values, NttTwiddles.For(plan.Direction));
        NttKernel.Reorder(values);
        if (!forward)
        {
            Scale(values, SizeInverse(plan.Log2Size), plan.CosetShift?.Inverse() ?? Fr.One);
        }
    }

    /// <summary>1/2^k.</summary>
    internal static Fr SizeInverse(int log2Size) => ((Fr)(1UL << log2Size)).Inverse();

    /// <summary>valuesᵢ ← valuesᵢ·first·ratioⁱ.</summary>
    private static void Scale(Span<Fr> values, Fr first, Fr ratio)
    {
        foreach (ref Fr value in values)
        {
            value *= first;
            first *= ratio;
        }
    }
}
