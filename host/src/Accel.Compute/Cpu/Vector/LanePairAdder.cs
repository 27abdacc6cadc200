using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Accel.Compute.Cpu.Vector;

/// <summary>
/// Pairs added in vector lanes: lane l takes every pair whose number is l modulo the lanes. Montgomery's trick runs in all lanes at once, and the lanes'
/// products share the one inversion. Points stay in the words of snarkjs keys, v = x·2²⁵⁶: a product of such words over R = 2²⁵⁵ is twice the
/// product's word, a slope is free of that factor, and so x₃ = 2λ² − x₁ − x₂ is the only place where it shows.
/// </summary>
internal sealed unsafe class LanePairAdder<TField, TCurve, TLaneField> : IPairAdder<TField, TCurve>
    where TField : unmanaged, IField<TField>
    where TCurve : struct, ICurve<TField>
    where TLaneField : struct, ILaneField<TField>
{
    // Far enough that a point arrives from memory in time, near enough that it is still in the first-level cache.
    private const int PrefetchSteps = 4;

    private static readonly TField Quarter = TField.One.Double().Double().Inverse();

    private readonly double* _differences;
    private readonly double* _prefixes;
    private readonly double* _scratch;
    private readonly AffinePoint<TField, TCurve>* _padding;
    private PointPair _paddingPair;

    /// <summary>Allocates the scratch memory: 160 bytes of it for each pair over a prime field.</summary>
    public LanePairAdder()
    {
        int steps = IPairAdder<TField, TCurve>.CapacityMax / TLaneField.Lanes;
        _differences = Allocate(steps);
        _prefixes = Allocate(steps);
        _scratch = Allocate(8);
        _padding = (AffinePoint<TField, TCurve>*)NativeMemory.AlignedAlloc((nuint)((2 + TLaneField.Lanes) * sizeof(AffinePoint<TField, TCurve>)), 64);
        _padding[0] = AffinePoint<TField, TCurve>.Generator;
        _padding[1] = XyzzPoint<TField, TCurve>.FromAffine(_padding[0]).Double().ToAffine();
        _paddingPair = new PointPair(PointRef.To(_padding), PointRef.To(_padding + 1));
    }

    private static int Lanes => TLaneField.Lanes;

    private static int Size => TLaneField.Size;

    private static int FieldWords => sizeof(TField) / sizeof(ulong);

    /// <inheritdoc />
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<PointPair> pairs, AffinePoint<TField, TCurve>* sums)
    {
        int steps = (pairs.Length + Lanes - 1) / Lanes;
        PointPair* last = stackalloc PointPair[Lanes];
        double* product = _scratch;
        Fill(product, TField.One);
        fixed (PointPair* first = pairs)
        {
            for (int step = 0; step < steps; step++)
            {
                Prefetch(pairs, step + PrefetchSteps);
                Buffer.MemoryCopy(product, _prefixes + (step * Size), Size * sizeof(double), Size * sizeof(double));
                Denominators(Group(first, pairs.Length, step, last), _differences + (step * Size));
                TLaneField.Multiply(product, product, _differences + (step * Size));
            }

            Invert(product);
            for (int step = steps - 1; step >= 0; step--)
            {
                int count = Math.Min(Lanes, pairs.Length - (step * Lanes));
                Finish(Group(first, pairs.Length, step, last), product, _prefixes + (step * Size), _differences + (step * Size), sums + (step * Lanes), count);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        NativeMemory.AlignedFree(_differences);
        NativeMemory.AlignedFree(_prefixes);
        NativeMemory.AlignedFree(_scratch);
        NativeMemory.AlignedFree(_padding);
    }

    private static double* Allocate(int elements) => (double*)NativeMemory.AlignedAlloc((nuint)(elements * Size * sizeof(double)), 64);

    /// <summary>The pairs of a step; in the last one, lanes past the last pair add two points that never clash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PointPair* Group(PointPair* pairs, int count, int step, PointPair* last)
    {
        int from = step * Lanes;
        if (from + Lanes <= count)
        {
            return pairs + from;
        }

        for (int lane = 0; lane < Lanes; lane++)
        {
            last[lane] = from + lane < count ? pairs[from + lane] : _paddingPair;
        }

        return last;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(ReadOnlySpan<PointPair> pairs, int step)
    {
        if (!Sse.IsSupported || (step + 1) * Lanes > pairs.Length)
        {
            return;
        }

        for (int lane = 0; lane < Lanes; lane++)
        {
            Sse.Prefetch0(pairs[(step * Lanes) + lane].A.Words);
            Sse.Prefetch0(pairs[(step * Lanes) + lane].B.Words);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RowsOf(PointPair* group, ulong** a, ulong** b)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            a[lane] = group[lane].A.Words;
            b[lane] = group[lane].B.Words;
        }
    }

    /// <summary>x_B − x_A in each lane, and in the rare lane where that won't do what its pair divides by instead.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Denominators(PointPair* group, double* result)
    {
        ulong** a = stackalloc ulong*[Lanes];
        ulong** b = stackalloc ulong*[Lanes];
        RowsOf(group, a, b);
        double* x = _scratch + Size;
        TLaneField.Load(x, a, 0);
        TLaneField.Load(result, b, 0);
        TLaneField.Subtract(result, result, x);
        if (!MayBeExceptional(a, b))
        {
            return;
        }

        for (int lane = 0; lane < Lanes; lane++)
        {
            if (IsExceptional(group[lane], out AffinePoint<TField, TCurve> p, out AffinePoint<TField, TCurve> q))
            {
                TField denominator = AffineAddition<TField, TCurve>.Denominator(p, q);
                SetLane(result, lane, denominator.IsZero ? TField.One : denominator);
            }
        }
    }

    /// <summary>The lanes' sums, given the inverse of the product of this step's and all earlier denominators, which becomes that of the earlier ones.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(PointPair* group, double* inverse, double* prefix, double* denominator, AffinePoint<TField, TCurve>* sums, int count)
    {
        ulong** a = stackalloc ulong*[Lanes];
        ulong** b = stackalloc ulong*[Lanes];
        ulong** targets = stackalloc ulong*[Lanes];
        RowsOf(group, a, b);
        for (int lane = 0; lane < Lanes; lane++)
        {
            targets[lane] = (ulong*)(lane < count ? sums + lane : _padding + 2 + lane);
        }

        double* slope = _scratch + Size;
        double* x1 = slope + Size;
        double* x2 = x1 + Size;
        double* y1 = x2 + Size;
        double* y2 = y1 + Size;
        double* x3 = y2 + Size;
        TLaneField.Multiply(slope, inverse, prefix);
        TLaneField.Multiply(inverse, inverse, denominator);
        TLaneField.Load(x1, a, 0);
        TLaneField.Load(x2, b, 0);
        TLaneField.Load(y1, a, FieldWords);
        TLaneField.Load(y2, b, FieldWords);
        ApplySigns(group, y1, y2);
        TLaneField.Subtract(y2, y2, y1);
        bool rare = MayBeExceptional(a, b);
        if (rare)
        {
            SetTangents(group, y2);
        }

        TLaneField.Multiply(slope, slope, y2);
        TLaneField.Square(x3, slope);
        TLaneField.DoubleMinus(x3, x3, x1, x2);
        AffinePoint<TField, TCurve>* flat = stackalloc AffinePoint<TField, TCurve>[rare ? Lanes : 0];
        uint flatLanes = rare ? FindFlat(group, flat, count) : 0;
        TLaneField.Store(targets, 0, x3);
        TLaneField.Subtract(x1, x1, x3);
        TLaneField.Multiply(x1, slope, x1);
        TLaneField.Subtract(x1, x1, y1);
        TLaneField.Store(targets, FieldWords, x1);
        for (; flatLanes != 0; flatLanes &= flatLanes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(flatLanes);
            sums[lane] = flat[lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ApplySigns(PointPair* group, double* y1, double* y2)
    {
        ulong any = 0;
        for (int lane = 0; lane < Lanes; lane++)
        {
            any |= group[lane].A.SignMask | group[lane].B.SignMask;
        }

        if (any == 0)
        {
            return;
        }

        for (int lane = 0; lane < Lanes; lane++)
        {
            ulong signA = group[lane].A.SignMask;
            ulong signB = group[lane].B.SignMask;
            for (int i = lane; i < Size; i += Lanes)
            {
                ((ulong*)y1)[i] ^= signA;
                ((ulong*)y2)[i] ^= signB;
            }
        }
    }

    /// <summary>Whether some lane's x coordinates begin alike or with zero: true for every exceptional pair, and else once in 2⁶² pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayBeExceptional(ulong** a, ulong** b)
    {
        bool found = false;
        for (int lane = 0; lane < Lanes; lane++)
        {
            ulong first = *a[lane];
            ulong second = *b[lane];
            found |= first == second | first == 0 | second == 0;
        }

        return found;
    }

    private static bool IsExceptional(PointPair pair, out AffinePoint<TField, TCurve> a, out AffinePoint<TField, TCurve> b)
    {
        a = pair.A.Read<TField, TCurve>();
        b = pair.B.Read<TField, TCurve>();
        return a.X == b.X || a.IsInfinity || b.IsInfinity;
    }

    /// <summary>A doubling's slope has 3x² above, not y_B − y_A.</summary>
    private static void SetTangents(PointPair* group, double* numerators)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            if (IsExceptional(group[lane], out AffinePoint<TField, TCurve> a, out _))
            {
                TField square = a.X.Square();
                SetLane(numerators, lane, square.Double() + square);
            }
        }
    }

    /// <summary>Sums that need no slope, of opposite points and with infinity, before anything is stored where points may lie; a bit for each such lane.</summary>
    private static uint FindFlat(PointPair* group, AffinePoint<TField, TCurve>* sums, int count)
    {
        uint found = 0;
        for (int lane = 0; lane < count; lane++)
        {
            if (IsExceptional(group[lane], out AffinePoint<TField, TCurve> a, out AffinePoint<TField, TCurve> b)
                && AffineAddition<TField, TCurve>.Denominator(a, b).IsZero)
            {
                sums[lane] = AffineAddition<TField, TCurve>.Finish(a, b, TField.Zero);
                found |= 1u << lane;
            }
        }

        return found;
    }

    /// <summary>Replaces v by 2⁵¹⁰/v, so that their product over R is 2²⁵⁵: read as a word of x·2²⁵⁶, the inverse is that of 2⁵¹²/v, and a quarter of it is left.</summary>
    private static void Invert(double* value)
    {
        TField* elements = stackalloc TField[Lanes];
        ulong** rows = stackalloc ulong*[Lanes];
        PointTo(elements, rows);
        TLaneField.Store(rows, 0, value);
        BatchInversion.InvertAll(new Span<TField>(elements, Lanes));
        for (int lane = 0; lane < Lanes; lane++)
        {
            elements[lane] *= Quarter;
        }

        TLaneField.Load(value, rows, 0);
    }

    private static void Fill(double* value, TField element)
    {
        TField* elements = stackalloc TField[Lanes];
        ulong** rows = stackalloc ulong*[Lanes];
        new Span<TField>(elements, Lanes).Fill(element);
        PointTo(elements, rows);
        TLaneField.Load(value, rows, 0);
    }

    private static void SetLane(double* value, int lane, TField element)
    {
        double* filled = stackalloc double[Size];
        Fill(filled, element);
        for (int i = lane; i < Size; i += Lanes)
        {
            value[i] = filled[i];
        }
    }

    private static void PointTo(TField* elements, ulong** rows)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            rows[lane] = (ulong*)(elements + lane);
        }
    }
}
