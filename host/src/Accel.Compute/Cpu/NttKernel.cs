using System.Numerics;

namespace Accel.Compute.Cpu;

/// <summary>A transform that fits a core's cache: decimation in frequency (Gentleman–Sande), natural order in, bit-reversed order out.</summary>
internal static class NttKernel
{
    /// <summary>Transforms 2^k values in place, k at most <see cref="NttTwiddles.Log2KernelMax"/>; no scaling.</summary>
    public static void Transform(Span<Fr> values, NttTwiddles twiddles)
    {
        int half = values.Length >> 1;
        for (; half > 1; half >>= 1)
        {
            ReadOnlySpan<Fr> roots = twiddles.Layer(half);
            for (int start = 0; start < values.Length; start += 2 * half)
            {
                Butterflies(values.Slice(start, half), values.Slice(start + half, half), roots);
            }
        }

        // The last layer's only twiddle is 1.
        for (int i = 0; i + 1 < values.Length; i += 2)
        {
            (values[i], values[i + 1]) = (values[i] + values[i + 1], values[i] - values[i + 1]);
        }
    }

    /// <summary>reversed[i] = i with its log₂ n bits in reverse order.</summary>
    public static int[] BitReversal(int length)
    {
        int[] reversed = new int[length];
        for (int i = 1; i < length; i++)
        {
            reversed[i] = (reversed[i >> 1] >> 1) | ((i & 1) * (length >> 1));
        }

        return reversed;
    }

    /// <summary>Swaps values into natural order, or back.</summary>
    public static void Reorder(Span<Fr> values)
    {
        int bits = BitOperations.Log2((uint)values.Length);
        int reversed = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (i < reversed)
            {
                (values[i], values[reversed]) = (values[reversed], values[i]);
            }

            // Adds one to the counter from its top bit down.
            int carry = BitOperations.TrailingZeroCount(~i) + 1;
            reversed ^= carry > bits ? 0 : ((1 << carry) - 1) << (bits - carry);
        }
    }

    private static void Butterflies(Span<Fr> low, Span<Fr> high, ReadOnlySpan<Fr> roots)
    {
        for (int j = 0; j < low.Length; j++)
        {
            Fr a = low[j];
            Fr b = high[j];
            low[j] = a + b;
            high[j] = (a - b) * roots[j];
        }
    }
}
