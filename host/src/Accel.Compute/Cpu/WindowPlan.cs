using System.Runtime.CompilerServices;

namespace Accel.Compute.Cpu;

/// <summary>
/// How a scalar magnitude below 2²⁵³ splits into signed digits of c bits: Σ dₖ·2^(ck), |dₖ| ≤ 2^(c−1).
/// A bias with a one at the top of every window but the last is added once, after which each digit can be cut out alone, with no carry from its neighbours.
/// </summary>
/// <param name="Bits">The window size c, <see cref="BitsMin"/> to <see cref="BitsMax"/>.</param>
internal readonly record struct WindowPlan(int Bits)
{
    /// <summary>The smallest window whose digits reach +1.</summary>
    public const int BitsMin = 2;

    /// <summary>The largest window; its 2¹⁵ buckets pay from a million points on.</summary>
    public const int BitsMax = 16;

    /// <summary>The number of windows: the digits span 254 bits, so that the last one absorbs the carry into bit 253.</summary>
    public int Count => (RecodedScalars.MagnitudeBits / Bits) + 1;

    /// <summary>The number of buckets of a window, one for each magnitude 1 … 2^(c−1).</summary>
    public int BucketCount => 1 << (Bits - 1);

    /// <summary>The plan with the least modelled cost on the processor.</summary>
    /// <param name="bitLengths">Entry b counts the scalars whose magnitude has b bits; so small scalars weigh only on the windows that they reach.</param>
    public static WindowPlan Choose(ReadOnlySpan<int> bitLengths) => Choose(bitLengths, WindowCosts.Processor);

    /// <summary>The plan with the least modelled cost.</summary>
    /// <param name="bitLengths">Entry b counts the scalars whose magnitude has b bits.</param>
    /// <param name="costs">What the steps cost.</param>
    public static WindowPlan Choose(ReadOnlySpan<int> bitLengths, WindowCosts costs)
    {
        WindowPlan best = new(BitsMin);
        double least = double.MaxValue;
        for (int bits = BitsMin; bits <= BitsMax; bits++)
        {
            WindowPlan plan = new(bits);
            double cost = plan.Cost(bitLengths, costs);
            if (cost < least)
            {
                (best, least) = (plan, cost);
            }
        }

        return best;
    }

    /// <summary>
    /// The fewest bits of a magnitude that has a digit in <paramref name="window"/> or above. The first carry is made by 2^(c−1); from there on a digit
    /// of 2^(c−1) − 1 that a carry reaches becomes −2^(c−1) and carries on, so one bit less than the window's place suffices.
    /// </summary>
    public int ShortestReaching(int window) => window switch
    {
        0 => 1,
        1 => Bits,
        _ => (window * Bits) - 1,
    };

    /// <summary>Adds the bias to a magnitude of four little-endian limbs; the sum stays below 2²⁵⁴.</summary>
    public void FillBias(Span<ulong> bias)
    {
        bias.Clear();
        for (int window = 0; window < Count - 1; window++)
        {
            int bit = (window * Bits) + Bits - 1;
            bias[bit >> 6] |= 1UL << (bit & 63);
        }
    }

    /// <summary>Digit <paramref name="window"/> of a biased magnitude.</summary>
    public int Digit(ReadOnlySpan<ulong> biased, int window) => CutOf(window).Digit(biased);

    /// <summary>Where a window's digit lies.</summary>
    public WindowCut CutOf(int window)
    {
        bool last = window == Count - 1;
        int offset = window * Bits;
        int width = last ? RecodedScalars.MagnitudeBits + 1 - offset : Bits;
        bool straddles = (offset & 63) + width > 64;
        return new WindowCut(offset >> 6, offset & 63, straddles ? 1 : 0, (1UL << width) - 1, straddles ? ulong.MaxValue : 0, last ? 0 : BucketCount);
    }

    /// <summary>Field products of one MSM: each window pays for the scalars that reach it and for the buckets that they fill.</summary>
    private double Cost(ReadOnlySpan<int> bitLengths, WindowCosts costs)
    {
        double cost = 0;
        long reaching = 0;
        int bit = bitLengths.Length;
        for (int window = Count - 1; window >= 0; window--)
        {
            int shortest = ShortestReaching(window);
            while (bit > shortest)
            {
                reaching += bitLengths[--bit];
            }

            cost += WindowCost(reaching, costs);
        }

        return cost;
    }

    /// <summary>One window: an affine addition for each point but the last of a bucket, then the sums of rows and columns.</summary>
    private double WindowCost(long points, WindowCosts costs) => points == 0
        ? BucketCount * 0.05
        : costs.Window + ((points - Math.Min(points, BucketCount)) * costs.Addition) + (BucketCount * costs.Bucket) + (costs.Doubling * Bits);
}

/// <summary>What the steps of the bucket method cost, in field products.</summary>
/// <param name="Addition">Adding a point to a bucket.</param>
/// <param name="Bucket">A bucket's part in the aggregation, and its reading and clearing.</param>
/// <param name="Doubling">A doubling of Horner's rule.</param>
/// <param name="Window">What a window costs however few its entries.</param>
internal readonly record struct WindowCosts(double Addition, double Bucket, double Doubling, double Window)
{
    /// <summary>
    /// The processor's: an affine addition with its share of an inversion, two of them for each bucket, and, for a window of few entries, some
    /// inversions of about 300 products each in its rounds and in its aggregation.
    /// </summary>
    public static WindowCosts Processor { get; } = new(6.5, 14, 10, 6_000);
}

/// <summary>How to cut one window's digit out of a biased magnitude, without a branch.</summary>
/// <param name="Limb">The limb that holds its lowest bit.</param>
/// <param name="Shift">That bit's place.</param>
/// <param name="Next">1 when the digit reaches into the next limb, else 0.</param>
/// <param name="Mask">The digit's bits.</param>
/// <param name="NextMask">All ones when the digit reaches into the next limb, else 0.</param>
/// <param name="Bias">What the bias added to the digit.</param>
internal readonly record struct WindowCut(int Limb, int Shift, int Next, ulong Mask, ulong NextMask, int Bias)
{
    /// <summary>The signed digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Digit(ReadOnlySpan<ulong> biased)
    {
        ulong above = (biased[Limb + Next] & NextMask) << ((64 - Shift) & 63);
        return (int)(((biased[Limb] >> Shift) | above) & Mask) - Bias;
    }
}
