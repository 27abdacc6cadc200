using System.Runtime.InteropServices;

namespace Accel.Compute.Cpu.Native;

/// <summary>
/// Pairs added by the library in two halves, with the one inversion between them. Pairs that need no slope or another one, equal, opposite or with
/// infinity, it only reports: they are settled in portable arithmetic, before sums take the place of points, and with one inversion of their own.
/// </summary>
internal sealed unsafe class NativePairAdder<TField, TCurve> : IPairAdder<TField, TCurve>
    where TField : unmanaged, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    private const int Capacity = IPairAdder<TField, TCurve>.CapacityMax;
    private const nuint Alignment = 64;

    // 2⁶: the library's products lie over R = 2²⁶⁰, and its slopes have the scale 2²⁵⁸ (add_group in ifma.c).
    private static readonly TField InverseScale = TField.One.Double().Double().Double().Double().Double().Double();

    private readonly delegate* unmanaged<PointPair*, uint, void*, void*, uint*, uint> _forward;
    private readonly delegate* unmanaged<PointPair*, uint, void*, void*, void*, void> _backward;
    private readonly void* _scratch;
    private readonly uint* _exceptional;
    private readonly PointPair[] _settledPairs = new PointPair[Capacity];
    private readonly PinnedPoints<TField, TCurve> _settled = new(Capacity);
    private readonly ScalarPairAdder<TField, TCurve> _settler = new();

    /// <summary>Allocates the scratch memory: 160 bytes for each pair.</summary>
    /// <exception cref="NotSupportedException">The curve is not one of BN254's.</exception>
    public NativePairAdder(NativeKernels kernels)
    {
        ref readonly NativeKernels.Table functions = ref kernels.Functions;
        bool isG1 = typeof(TCurve) == typeof(Bn254G1);
        if (!isG1 && typeof(TCurve) != typeof(Bn254G2))
        {
            throw new NotSupportedException($"the native engine has no arithmetic for {TCurve.Name}");
        }

        _forward = isG1 ? functions.G1Forward : functions.G2Forward;
        _backward = isG1 ? functions.G1Backward : functions.G2Backward;

        _scratch = NativeMemory.AlignedAlloc((nuint)functions.AdderBytes(Capacity), Alignment);
        _exceptional = (uint*)NativeMemory.AlignedAlloc(Capacity * sizeof(uint), Alignment);
    }

    /// <inheritdoc />
    public void Add(ReadOnlySpan<PointPair> pairs, AffinePoint<TField, TCurve>* sums)
    {
        fixed (PointPair* first = pairs)
        {
            TField product;
            int exceptional = (int)_forward(first, (uint)pairs.Length, _scratch, &product, _exceptional);
            Settle(pairs, exceptional);
            TField inverse = product.Inverse() * InverseScale;
            _backward(first, (uint)pairs.Length, _scratch, &inverse, sums);
            for (int i = 0; i < exceptional; i++)
            {
                sums[_exceptional[i]] = _settled.First[i];
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        NativeMemory.AlignedFree(_scratch);
        NativeMemory.AlignedFree(_exceptional);
        _settled.Dispose();
        _settler.Dispose();
    }

    private void Settle(ReadOnlySpan<PointPair> pairs, int count)
    {
        if (count == 0)
        {
            return;
        }

        for (int i = 0; i < count; i++)
        {
            _settledPairs[i] = pairs[(int)_exceptional[i]];
        }

        _settler.Add(_settledPairs.AsSpan(0, count), _settled.First);
    }
}
