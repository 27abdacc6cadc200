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
    // Two lane groups advance side by side, so that the latency of one hides behind the arithmetic of the other.
    private const int Groups = 2;

    // Far enough that a point arrives from memory in time, near enough that it is still in the first-level cache.
    private const int PrefetchSteps = 8;
    private const int CacheLine = 64;

    private static readonly TField Quarter = TField.One.Double().Double().Inverse();

    // One element a lane group: x_A, x_B − x_A, and the product of all differences before, with one more for the product of all.
    private readonly double* _lefts;
    private readonly double* _differences;
    private readonly double* _prefixes;
    private readonly double* _scratch;
    private readonly AffinePoint<TField, TCurve>* _padding;
    private PointPair _paddingPair;

    /// <summary>Allocates the scratch memory: 120 bytes of it for each pair over a prime field.</summary>
    public LanePairAdder()
    {
        int steps = IPairAdder<TField, TCurve>.CapacityMax / Lanes;
        _lefts = Allocate(steps);
        _differences = Allocate(steps);
        _prefixes = Allocate(steps + 1);
        _scratch = Allocate(ScratchElements);
        _padding = (AffinePoint<TField, TCurve>*)NativeMemory.AlignedAlloc((nuint)((2 + Stride) * sizeof(AffinePoint<TField, TCurve>)), CacheLine);
        _padding[0] = AffinePoint<TField, TCurve>.Generator;
        _padding[1] = XyzzPoint<TField, TCurve>.FromAffine(_padding[0]).Double().ToAffine();
        _paddingPair = new PointPair(PointRef.To(_padding), PointRef.To(_padding + 1));
    }

    private static int ScratchElements => 1 + (5 * Groups);

    private static int Lanes => TLaneField.Lanes;

    private static int Stride => Groups * TLaneField.Lanes;

    private static int Size => TLaneField.Size;

    private static int FieldWords => sizeof(TField) / sizeof(ulong);

    /// <inheritdoc />
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<PointPair> pairs, AffinePoint<TField, TCurve>* sums)
    {
        int strides = (pairs.Length + Stride - 1) / Stride;
        PointPair* last = stackalloc PointPair[Stride];
        Fill(_prefixes, TField.One);
        fixed (PointPair* first = pairs)
        {
            for (int stride = 0; stride < strides; stride++)
            {
                PointPair* group = Group(first, pairs.Length, stride, last);
                for (int step = stride * Groups; step < (stride + 1) * Groups; step++, group += Lanes)
                {
                    Prefetch(pairs, step + PrefetchSteps);
                    Denominators(group, _lefts + (step * Size), _differences + (step * Size));
                    TLaneField.Multiply(_prefixes + ((step + 1) * Size), _prefixes + (step * Size), _differences + (step * Size));
                }
            }

            double* inverse = _prefixes + (strides * Groups * Size);
            Invert(inverse);
            Buffer.MemoryCopy(inverse, _scratch, Size * sizeof(double), Size * sizeof(double));
            for (int stride = strides - 1; stride >= 0; stride--)
            {
                int count = Math.Min(Stride, pairs.Length - (stride * Stride));
                Finish(Group(first, pairs.Length, stride, last), _scratch, stride * Groups, sums + (stride * Stride), count);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        NativeMemory.AlignedFree(_lefts);
        NativeMemory.AlignedFree(_differences);
        NativeMemory.AlignedFree(_prefixes);
        NativeMemory.AlignedFree(_scratch);
        NativeMemory.AlignedFree(_padding);
    }

    private static double* Allocate(int elements) => (double*)NativeMemory.AlignedAlloc((nuint)(elements * Size * sizeof(double)), CacheLine);

    /// <summary>The pairs of a stride; in the last one, places past the last pair add two points that never clash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PointPair* Group(PointPair* pairs, int count, int stride, PointPair* last)
    {
        int from = stride * Stride;
        if (from + Stride <= count)
        {
            return pairs + from;
        }

        for (int i = 0; i < Stride; i++)
        {
            last[i] = from + i < count ? pairs[from + i] : _paddingPair;
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
            Prefetch(pairs[(step * Lanes) + lane].A.Words);
            Prefetch(pairs[(step * Lanes) + lane].B.Words);
        }
    }

    /// <summary>Asks for every line of a point, which need not begin with a line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(ulong* point)
    {
        for (int offset = 0; offset < sizeof(AffinePoint<TField, TCurve>); offset += CacheLine)
        {
            Sse.Prefetch0((byte*)point + offset);
        }

        Sse.Prefetch0((byte*)point + sizeof(AffinePoint<TField, TCurve>) - 1);
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

    /// <summary>x_A and x_B − x_A in each lane, and in the rare lane where that won't do what its pair divides by instead.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Denominators(PointPair* group, double* left, double* difference)
    {
        ulong** a = stackalloc ulong*[Lanes];
        ulong** b = stackalloc ulong*[Lanes];
        RowsOf(group, a, b);
        TLaneField.Load(left, a, 0);
        TLaneField.Load(difference, b, 0);
        TLaneField.Subtract(difference, difference, left);
        if (!MayBeExceptional(a, b))
        {
            return;
        }

        for (int lane = 0; lane < Lanes; lane++)
        {
            if (IsExceptional(group[lane], out AffinePoint<TField, TCurve> p, out AffinePoint<TField, TCurve> q))
            {
                TField denominator = AffineAddition<TField, TCurve>.Denominator(p, q);
                SetLane(difference, lane, denominator.IsZero ? TField.One : denominator);
            }
        }
    }

    /// <summary>The sums of a stride, given the inverse of the product of its and all earlier denominators, which becomes that of the earlier ones.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(PointPair* pairs, double* inverse, int step, AffinePoint<TField, TCurve>* sums, int count)
    {
        ulong** a = stackalloc ulong*[Stride];
        ulong** b = stackalloc ulong*[Stride];
        ulong** targets = stackalloc ulong*[Stride];
        for (int i = 0; i < Stride; i++)
        {
            a[i] = pairs[i].A.Words;
            b[i] = pairs[i].B.Words;
            targets[i] = (ulong*)(i < count ? sums + i : _padding + 2 + i);
        }

        int size = Size;
        double* slopes = _scratch + size;
        double* y1 = slopes + (Groups * size);
        double* y2 = y1 + (Groups * size);
        double* x3 = y2 + (Groups * size);
        double* x1 = _lefts + (step * size);
        double* differences = _differences + (step * size);
        double* prefixes = _prefixes + (step * size);
        for (int g = Groups - 1; g >= 0; g--)
        {
            TLaneField.Multiply(slopes + (g * size), inverse, prefixes + (g * size));
            TLaneField.Multiply(inverse, inverse, differences + (g * size));
        }

        uint rare = 0;
        for (int g = 0; g < Groups; g++)
        {
            TLaneField.Load(y1 + (g * size), a + (g * Lanes), FieldWords);
            TLaneField.Load(y2 + (g * size), b + (g * Lanes), FieldWords);
            ApplySigns(pairs + (g * Lanes), y1 + (g * size), y2 + (g * size));
            TLaneField.Subtract(y2 + (g * size), y2 + (g * size), y1 + (g * size));
            TLaneField.Carry(y2 + (g * size)); // where signs differ the limbs reach 2⁵², a slope's exceed 2⁵⁰
            if (MayBeExceptional(a + (g * Lanes), b + (g * Lanes)))
            {
                rare |= 1u << g;
                SetTangents(pairs + (g * Lanes), y2 + (g * size));
                TLaneField.Load(differences + (g * size), b + (g * Lanes), 0);
                TLaneField.Subtract(differences + (g * size), differences + (g * size), x1 + (g * size));
            }
        }

        AffinePoint<TField, TCurve>* flat = stackalloc AffinePoint<TField, TCurve>[rare != 0 ? Stride : 0];
        uint flatLanes = rare != 0 ? FindFlat(pairs, flat, count) : 0;
        for (int g = 0; g < Groups; g++)
        {
            TLaneField.Multiply(slopes + (g * size), slopes + (g * size), y2 + (g * size));
        }

        // x₃ = 2λ² − x_A − x_B, where x_A + x_B = 2·x_A + (x_B − x_A).
        for (int g = 0; g < Groups; g++)
        {
            TLaneField.Square(x3 + (g * size), slopes + (g * size));
            TLaneField.TwiceDifferenceMinus(x3 + (g * size), x3 + (g * size), x1 + (g * size), differences + (g * size));
        }

        for (int g = 0; g < Groups; g++)
        {
            TLaneField.Store(targets + (g * Lanes), 0, x3 + (g * size));
            TLaneField.Subtract(x3 + (g * size), x1 + (g * size), x3 + (g * size));
        }

        for (int g = 0; g < Groups; g++)
        {
            TLaneField.Multiply(x3 + (g * size), slopes + (g * size), x3 + (g * size));
            TLaneField.Subtract(x3 + (g * size), x3 + (g * size), y1 + (g * size));
        }

        for (int g = 0; g < Groups; g++)
        {
            TLaneField.Store(targets + (g * Lanes), FieldWords, x3 + (g * size));
        }

        for (; flatLanes != 0; flatLanes &= flatLanes - 1)
        {
            int i = BitOperations.TrailingZeroCount(flatLanes);
            sums[i] = flat[i];
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
