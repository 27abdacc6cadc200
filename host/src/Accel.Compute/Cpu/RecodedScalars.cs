using System.Numerics;

namespace Accel.Compute.Cpu;

/// <summary>
/// Scalars as sign and magnitude, the magnitude at most (r − 1)/2: so −1 is as cheap as 1, and every small signed value of a witness stays small.
/// Four little-endian limbs each, the sign in bit 255.
/// </summary>
internal sealed class RecodedScalars : IDisposable
{
    /// <summary>Bits of (r − 1)/2.</summary>
    public const int MagnitudeBits = 253;

    /// <summary>64-bit limbs of a scalar.</summary>
    public const int LimbsPerScalar = 4;

    private const int SignShift = 63;
    private const int Grain = 1 << 13;

    private static readonly ulong[] Order = [Bn254ScalarModulus.Limb0, Bn254ScalarModulus.Limb1, Bn254ScalarModulus.Limb2, Bn254ScalarModulus.Limb3];
    private static readonly ulong[] Half = HalfOrder();

    // The most bits of each class.
    private static readonly int[] ClassEnds = [MagnitudeBits, 128, 64, 32, 16, 8, 1];

    private readonly int[] _classEnds = new int[ClassEnds.Length];
    private readonly NativeVector<ulong> _limbs;
    private readonly int _count;
    private readonly int[] _bitLengths = new int[MagnitudeBits + 1];

    private RecodedScalars(int count)
    {
        _count = count;
        _limbs = new NativeVector<ulong>(count * LimbsPerScalar);
    }

    /// <summary>The number of scalars.</summary>
    public int Count => _count;

    /// <summary>Entry b counts the scalars whose magnitude has b bits.</summary>
    public ReadOnlySpan<int> BitLengths => _bitLengths;

    /// <summary>Recodes the scalars; one whose base is infinity counts as zero, so later steps never meet infinity.</summary>
    public static async Task<RecodedScalars> CreateAsync<TField, TCurve>(
        ReadOnlyMemory<Fr> scalars, ReadOnlyMemory<AffinePoint<TField, TCurve>> bases, int threads, CancellationToken cancel)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        RecodedScalars recoded = new(scalars.Length);
        await ParallelWork.ForRangesAsync(
            scalars.Length,
            Grain,
            threads,
            (from, to) =>
            {
                ReadOnlySpan<AffinePoint<TField, TCurve>> points = bases.Span;
                ReadOnlySpan<Fr> values = scalars.Span;
                Span<int> lengths = stackalloc int[MagnitudeBits + 1];
                lengths.Clear();
                for (int i = from; i < to; i++)
                {
                    lengths[recoded.Store(i, points[i].IsInfinity ? Fr.Zero : values[i])]++;
                }

                recoded.AddLengths(lengths);
            },
            cancel);
        return recoded;
    }

    /// <summary>Recodes a few scalars on the calling thread.</summary>
    public static RecodedScalars Create(ReadOnlySpan<Fr> scalars)
    {
        RecodedScalars recoded = new(scalars.Length);
        for (int i = 0; i < scalars.Length; i++)
        {
            recoded._bitLengths[recoded.Store(i, scalars[i])]++;
        }

        return recoded;
    }

    /// <summary>Adds the plan's bias to every magnitude; the digits can then be read.</summary>
    public Task BiasAsync(WindowPlan plan, int threads, CancellationToken cancel) =>
        ParallelWork.ForRangesAsync(_count, Grain, threads, (from, to) => Bias(plan, from, to), cancel);

    /// <summary>Does what <see cref="BiasAsync"/> does, on the calling thread.</summary>
    public void Bias(WindowPlan plan) => Bias(plan, 0, _count);

    /// <summary>
    /// The positions of scalars by class, those of many bits first, so that every window meets only those that may reach it;
    /// null when nearly all are long, and the order is their own. Positions within a class rise.
    /// </summary>
    public int[]? Positions { get; private set; }

    /// <summary>How many of <see cref="Positions"/>, or of all scalars, include every magnitude of <paramref name="shortest"/> bits or more.</summary>
    public int CountReaching(int shortest)
    {
        if (Positions is null)
        {
            return _count;
        }

        int count = 0;
        for (int length = shortest; length <= MagnitudeBits; length++)
        {
            count += _bitLengths[length];
        }

        // A class is taken whole.
        int end = 0;
        for (int @class = 0; @class < ClassEnds.Length && end < count; @class++)
        {
            end = _classEnds[@class];
        }

        return end;
    }

    /// <summary>Makes <see cref="Positions"/>; call it before <see cref="BiasAsync"/>.</summary>
    public void Classify()
    {
        Span<int> ends = stackalloc int[ClassEnds.Length];
        int longest = 0;
        int end = 0;
        for (int @class = 0; @class < ClassEnds.Length; @class++)
        {
            int shortest = @class + 1 < ClassEnds.Length ? ClassEnds[@class + 1] : 0;
            for (int length = shortest + 1; length <= ClassEnds[@class]; length++)
            {
                end += _bitLengths[length];
            }

            ends[@class] = end;
            longest = @class == 0 ? end : longest;
        }

        if (longest >= _count - (_count >> 4))
        {
            return;
        }

        ends.CopyTo(_classEnds);
        Span<int> next = stackalloc int[ClassEnds.Length];
        ends[..^1].CopyTo(next[1..]);
        next[0] = 0;
        int[] order = new int[end];
        for (int i = 0; i < _count; i++)
        {
            int length = BitLength(Limbs(i)[..(LimbsPerScalar - 1)], Limbs(i)[LimbsPerScalar - 1] & ~(1UL << SignShift));
            if (length > 0)
            {
                order[next[ClassOf(length)]++] = i;
            }
        }

        Positions = order;
    }

    /// <summary>The biased magnitude of scalar <paramref name="index"/>, its sign in bit 255.</summary>
    public Span<ulong> Limbs(int index) => _limbs.GetSpan().Slice(index * LimbsPerScalar, LimbsPerScalar);

    /// <summary>The limbs of all scalars, one after the other.</summary>
    public ReadOnlySpan<ulong> AllLimbs => _limbs.GetSpan();

    /// <summary>1 when the scalar is negative, else 0.</summary>
    public static uint Sign(ReadOnlySpan<ulong> limbs) => (uint)(limbs[LimbsPerScalar - 1] >> SignShift);

    /// <inheritdoc />
    public void Dispose() => ((IDisposable)_limbs).Dispose();

    /// <returns>The bit length of the magnitude.</returns>
    private int Store(int index, in Fr scalar)
    {
        Span<ulong> limbs = Limbs(index);
        scalar.WriteCanonicalLimbs(limbs);
        bool negative = IsAbove(limbs, Half);
        if (negative)
        {
            SubtractFrom(Order, limbs);
        }

        int length = BitLength(limbs);
        limbs[LimbsPerScalar - 1] |= (negative ? 1UL : 0UL) << SignShift;
        return length;
    }

    private void Bias(WindowPlan plan, int from, int to)
    {
        Span<ulong> bias = stackalloc ulong[LimbsPerScalar];
        plan.FillBias(bias);
        for (int i = from; i < to; i++)
        {
            AddTo(Limbs(i), bias);
        }
    }

    private void AddLengths(ReadOnlySpan<int> lengths)
    {
        for (int i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] != 0)
            {
                Interlocked.Add(ref _bitLengths[i], lengths[i]);
            }
        }
    }

    private static int ClassOf(int length)
    {
        int found = ClassEnds.Length - 1;
        while (length > ClassEnds[found])
        {
            found--;
        }

        return found;
    }

    private static int BitLength(ReadOnlySpan<ulong> low, ulong top) =>
        top != 0 ? (low.Length * 64) + 64 - BitOperations.LeadingZeroCount(top) : BitLength(low);

    private static int BitLength(ReadOnlySpan<ulong> limbs)
    {
        int top = limbs.Length - 1;
        while (top > 0 && limbs[top] == 0)
        {
            top--;
        }

        return (top * 64) + 64 - BitOperations.LeadingZeroCount(limbs[top]);
    }

    private static bool IsAbove(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        for (int i = LimbsPerScalar - 1; i > 0; i--)
        {
            if (a[i] != b[i])
            {
                return a[i] > b[i];
            }
        }

        return a[0] > b[0];
    }

    /// <summary>value ← minuend − value.</summary>
    private static void SubtractFrom(ReadOnlySpan<ulong> minuend, Span<ulong> value)
    {
        ulong borrow = 0;
        for (int i = 0; i < LimbsPerScalar; i++)
        {
            UInt128 difference = (UInt128)minuend[i] - value[i] - borrow;
            value[i] = (ulong)difference;
            borrow = (ulong)(difference >> 64) & 1;
        }
    }

    /// <summary>value ← value + addend.</summary>
    private static void AddTo(Span<ulong> value, ReadOnlySpan<ulong> addend)
    {
        ulong carry = 0;
        for (int i = 0; i < LimbsPerScalar; i++)
        {
            UInt128 sum = (UInt128)value[i] + addend[i] + carry;
            value[i] = (ulong)sum;
            carry = (ulong)(sum >> 64);
        }
    }

    private static ulong[] HalfOrder()
    {
        ulong[] half = new ulong[LimbsPerScalar];
        for (int i = 0; i < LimbsPerScalar; i++)
        {
            half[i] = (Order[i] >> 1) | (i + 1 < LimbsPerScalar ? Order[i + 1] << 63 : 0);
        }

        return half;
    }
}
