using System.Numerics;
using System.Runtime.InteropServices;

namespace Accel.Compute.Cpu.Vector;

/// <summary>
/// The roots of <see cref="NttTwiddles"/> as limbs, for all lanes alike: five doubles each, centred, w·2²⁵⁵ within ±r/2.
/// One table a direction, made layer by layer when a transform first needs it, in memory that is never freed: at most 640 KiB each.
/// </summary>
internal sealed unsafe class LaneTwiddles
{
    private static readonly LaneTwiddles ForwardTable = new(NttDirection.Forward);
    private static readonly LaneTwiddles InverseTable = new(NttDirection.Inverse);
    private static readonly long[] ModulusLimbs = [.. LaneModulus<Bn254ScalarModulus, Lanes256>.Limbs(Fr.Modulus).Select(limb => (long)limb)];
    private static readonly Fr HalfUnit = ((Fr)2).Inverse();

    private readonly NttDirection _direction;
    private readonly double*[] _layers = new double*[NttTwiddles.Log2KernelMax];
    private readonly Lock _lock = new();
    private volatile int _made;

    private LaneTwiddles(NttDirection direction) => _direction = direction;

    /// <summary>The fourth root of unity.</summary>
    public double* Quarter => _layers[1] + IFieldLanes.Limbs;

    /// <summary>The table of a direction with the layers for transforms of size 2^<paramref name="log2Size"/>, at least 4.</summary>
    public static LaneTwiddles For(NttDirection direction, int log2Size)
    {
        LaneTwiddles table = direction == NttDirection.Forward ? ForwardTable : InverseTable;
        table.Make(log2Size);
        return table;
    }

    /// <summary>ω₂ₕʲ for j &lt; h = <paramref name="half"/>, which the size that was asked for includes.</summary>
    public double* Layer(int half) => _layers[BitOperations.Log2((uint)half)];

    /// <summary>The limbs of x·2²⁵⁵, centred: the word of x/2, less the modulus when that is nearer to zero.</summary>
    public static void Split(Fr element, double* limbs)
    {
        Fr half = element * HalfUnit;
        ulong* words = (ulong*)&half;
        long mask = (1L << 51) - 1;
        long* parts = stackalloc long[]
        {
            (long)words[0] & mask,
            (long)((words[0] >> 51) | (words[1] << 13)) & mask,
            (long)((words[1] >> 38) | (words[2] << 26)) & mask,
            (long)((words[2] >> 25) | (words[3] << 39)) & mask,
            (long)(words[3] >> 12),
        };
        bool isUpper = words[3] >= Bn254ScalarModulus.Limb3 / 2;
        for (int i = 0; i < IFieldLanes.Limbs; i++)
        {
            long limb = parts[i] - (isUpper ? ModulusLimbs[i] : 0);
            if (i < IFieldLanes.Limbs - 1)
            {
                long carry = (limb + (1L << 50)) >> 51;
                parts[i + 1] += carry;
                limb -= carry << 51;
            }

            limbs[i] = limb;
        }
    }

    private void Make(int log2Size)
    {
        if (_made >= log2Size)
        {
            return;
        }

        lock (_lock)
        {
            for (int layer = _made; layer < log2Size; layer++)
            {
                ReadOnlySpan<Fr> roots = NttTwiddles.For(_direction).Layer(1 << layer);
                _layers[layer] = (double*)NativeMemory.AlignedAlloc((nuint)roots.Length * IFieldLanes.Limbs * sizeof(double), 64);
                for (int j = 0; j < roots.Length; j++)
                {
                    Split(roots[j], _layers[layer] + (j * IFieldLanes.Limbs));
                }
            }

            _made = Math.Max(_made, log2Size);
        }
    }
}
