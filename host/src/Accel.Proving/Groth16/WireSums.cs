using System.Numerics;
using Accel.Proving.ConstraintSystems;

namespace Accel.Proving.Groth16;

/// <summary>
/// For each wire the sum of coefficient·base over the wire's terms in one or several matrices. Bases with equal coefficients are added
/// first; the rest is Straus' interleaving of the coefficients' non-adjacent forms (Solinas 2001), so that small coefficients cost little.
/// </summary>
internal sealed class WireSums<TField, TCurve>
    where TField : unmanaged, IField<TField>
    where TCurve : unmanaged, ICurve<TField>
{
    private const int WiresPerTask = 256;

    private readonly WireColumn<TField, TCurve>[] _columns;
    private readonly short[][] _digits;

    public WireSums(Fr[] coefficients, WireColumn<TField, TCurve>[] columns)
    {
        _columns = columns;
        _digits = [.. coefficients.Select(NonAdjacentForm)];
    }

    /// <summary>The sums of wires [first, end).</summary>
    public AffinePoint<TField, TCurve>[] Compute(int first, int end, int threads, Action<int> report, CancellationToken cancel)
    {
        AffinePoint<TField, TCurve>[] results = new AffinePoint<TField, TCurve>[end - first];
        int tasks = (results.Length + WiresPerTask - 1) / WiresPerTask;
        int done = 0;
        report(0);
        Parallel.For(0, tasks, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, task =>
        {
            int start = task * WiresPerTask;
            Span<AffinePoint<TField, TCurve>> target = results.AsSpan(start, Math.Min(WiresPerTask, results.Length - start));
            XyzzPoint<TField, TCurve>[] sums = new XyzzPoint<TField, TCurve>[target.Length];
            List<Group> groups = [];
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] = SumOf(first + start + i, groups);
            }

            XyzzPoint<TField, TCurve>.ToAffine(sums, target);
            report(Interlocked.Add(ref done, target.Length));
        });
        return results;
    }

    private XyzzPoint<TField, TCurve> SumOf(int wire, List<Group> groups)
    {
        groups.Clear();
        foreach (WireColumn<TField, TCurve> column in _columns)
        {
            AddGroups(column, wire, groups);
        }

        int bits = groups.Count == 0 ? 0 : groups.Max(group => Position(group.Digits[0]) + 1);
        XyzzPoint<TField, TCurve> sum = default;
        for (int bit = bits - 1; bit >= 0; bit--)
        {
            sum = sum.Double();
            for (int i = 0; i < groups.Count; i++)
            {
                Group group = groups[i];
                if (group.Next < group.Digits.Length && Position(group.Digits[group.Next]) == bit)
                {
                    sum = group.Digits[group.Next] > 0 ? sum + group.Point : sum - group.Point;
                    groups[i] = group with { Next = group.Next + 1 };
                }
            }
        }

        return sum;
    }

    /// <summary>One group for each distinct coefficient in a wire's column.</summary>
    private void AddGroups(WireColumn<TField, TCurve> column, int wire, List<Group> groups)
    {
        ReadOnlySpan<Term> terms = column.Matrix.Row(wire);
        ReadOnlySpan<AffinePoint<TField, TCurve>> bases = column.Bases.Span;
        Term[] sorted = terms.ToArray();
        Array.Sort(sorted, static (x, y) => x.Coefficient.CompareTo(y.Coefficient));
        for (int i = 0; i < sorted.Length;)
        {
            uint coefficient = sorted[i].Coefficient;
            XyzzPoint<TField, TCurve> point = default;
            for (; i < sorted.Length && sorted[i].Coefficient == coefficient; i++)
            {
                point += bases[(int)sorted[i].Wire];
            }

            if (_digits[coefficient].Length > 0)
            {
                groups.Add(new Group(point, _digits[coefficient], 0));
            }
        }
    }

    /// <summary>The signed coefficient's non-zero digits from the highest down; a digit ±1 at bit b is ±(b + 1).</summary>
    private static short[] NonAdjacentForm(Fr coefficient)
    {
        BigInteger value = coefficient.ToSignedBigInteger();
        BigInteger magnitude = BigInteger.Abs(value);
        BigInteger triple = 3 * magnitude;
        BigInteger plus = (triple & ~magnitude) >> 1;
        BigInteger minus = (magnitude & ~triple) >> 1;
        List<short> digits = [];
        for (int bit = (int)triple.GetBitLength() - 1; bit >= 0; bit--)
        {
            int digit = (int)((plus >> bit) & 1) - (int)((minus >> bit) & 1);
            if (digit != 0)
            {
                digits.Add((short)(digit * value.Sign * (bit + 1)));
            }
        }

        return [.. digits];
    }

    private static int Position(short digit) => Math.Abs(digit) - 1;

    private readonly record struct Group(XyzzPoint<TField, TCurve> Point, short[] Digits, int Next);
}

/// <summary>A transposed matrix, a row per wire, and the bases that its terms name.</summary>
internal readonly record struct WireColumn<TField, TCurve>(SparseMatrix Matrix, ReadOnlyMemory<AffinePoint<TField, TCurve>> Bases)
    where TField : unmanaged, IField<TField>
    where TCurve : unmanaged, ICurve<TField>;
