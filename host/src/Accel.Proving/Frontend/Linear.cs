using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Accel.Proving.Frontend;

/// <summary>One term of a <see cref="Linear"/>: coefficient × wire.</summary>
/// <param name="Wire">Index of the wire; wire 0 is the constant one.</param>
/// <param name="Coefficient">A coefficient other than zero.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct WeightedWire(uint Wire, Fr Coefficient);

/// <summary>
/// A linear combination of wires: what a circuit computes with. Adding and scaling cost no constraint.
/// Immutable; a combination of one term allocates nothing. Terms are sorted by wire, each wire once, no zero coefficient.
/// </summary>
public readonly struct Linear
{
    private readonly WeightedWire _single;
    private readonly WeightedWire[]? _many;

    private Linear(WeightedWire single) => _single = single;

    private Linear(WeightedWire[] many) => _many = many;

    /// <summary>The constant zero.</summary>
    public static Linear Zero => default;

    /// <summary>The constant one.</summary>
    public static Linear One => Constant(Fr.One);

    /// <summary>The terms, sorted by wire.</summary>
    [UnscopedRef]
    public ReadOnlySpan<WeightedWire> Terms =>
        _many ?? (_single.Coefficient.IsZero ? default : new ReadOnlySpan<WeightedWire>(in _single));

    /// <summary>A constant of the field.</summary>
    public static Linear Constant(Fr value) => new(new WeightedWire(0, value));

    /// <summary>A constant of the field.</summary>
    public static implicit operator Linear(Fr value) => Constant(value);

    /// <summary>A constant of the field; negative values are taken mod r.</summary>
    public static implicit operator Linear(int value) => Constant(value);

    /// <summary>A constant of the field; negative values are taken mod r.</summary>
    public static implicit operator Linear(long value) => Constant(value);

    /// <summary>a + b.</summary>
    public static Linear operator +(in Linear a, in Linear b) => Merge(a.Terms, b.Terms, negate: false);

    /// <summary>a − b.</summary>
    public static Linear operator -(in Linear a, in Linear b) => Merge(a.Terms, b.Terms, negate: true);

    /// <summary>−a.</summary>
    public static Linear operator -(in Linear a) => a * -Fr.One;

    /// <summary>a scaled by a constant.</summary>
    public static Linear operator *(in Linear a, Fr factor)
    {
        if (factor.IsZero)
        {
            return default;
        }

        if (a._many is null)
        {
            return new Linear(new WeightedWire(a._single.Wire, a._single.Coefficient * factor));
        }

        WeightedWire[] scaled = new WeightedWire[a._many.Length];
        for (int i = 0; i < scaled.Length; i++)
        {
            scaled[i] = new WeightedWire(a._many[i].Wire, a._many[i].Coefficient * factor);
        }

        return new Linear(scaled);
    }

    /// <summary>a scaled by a constant.</summary>
    public static Linear operator *(Fr factor, in Linear a) => a * factor;

    /// <summary>Σ values; linear in the total number of terms, where a chain of + would be quadratic.</summary>
    public static Linear Sum(ReadOnlySpan<Linear> values)
    {
        LinearAccumulator sum = new();
        foreach (ref readonly Linear value in values)
        {
            sum.Add(value, Fr.One);
        }

        return sum.ToLinear();
    }

    /// <summary>Whether this is a constant, and which.</summary>
    public bool IsConstant(out Fr value)
    {
        ReadOnlySpan<WeightedWire> terms = Terms;
        value = terms.Length == 1 && terms[0].Wire == 0 ? terms[0].Coefficient : Fr.Zero;
        return terms.Length == 0 || (terms.Length == 1 && terms[0].Wire == 0);
    }

    /// <summary>Whether this is exactly one wire with coefficient one, and which.</summary>
    public bool IsWire(out uint wire)
    {
        ReadOnlySpan<WeightedWire> terms = Terms;
        bool single = terms.Length == 1 && terms[0].Coefficient.IsOne;
        wire = single ? terms[0].Wire : 0;
        return single;
    }

    internal static Linear OfWire(uint wire) => new(new WeightedWire(wire, Fr.One));

    /// <summary>Takes ownership of terms that are sorted, merged and free of zeros.</summary>
    internal static Linear OfSortedTerms(ReadOnlySpan<WeightedWire> terms) => terms.Length switch
    {
        0 => default,
        1 => new Linear(terms[0]),
        _ => new Linear(terms.ToArray()),
    };

    private static Linear Merge(ReadOnlySpan<WeightedWire> a, ReadOnlySpan<WeightedWire> b, bool negate)
    {
        int capacity = a.Length + b.Length;
        WeightedWire[]? heap = capacity <= 16 ? null : new WeightedWire[capacity];
        Span<WeightedWire> merged = heap ?? stackalloc WeightedWire[16];
        int count = 0, i = 0, j = 0;
        while (i < a.Length || j < b.Length)
        {
            WeightedWire next;
            if (j == b.Length || (i < a.Length && a[i].Wire < b[j].Wire))
            {
                next = a[i++];
            }
            else
            {
                Fr coefficient = negate ? -b[j].Coefficient : b[j].Coefficient;
                bool same = i < a.Length && a[i].Wire == b[j].Wire;
                next = new WeightedWire(b[j].Wire, same ? a[i].Coefficient + coefficient : coefficient);
                i += same ? 1 : 0;
                j++;
            }

            if (!next.Coefficient.IsZero)
            {
                merged[count++] = next;
            }
        }

        return heap is not null && count == heap.Length ? new Linear(heap) : OfSortedTerms(merged[..count]);
    }
}

/// <summary>Collects terms in any order and merges them once.</summary>
public sealed class LinearAccumulator
{
    private readonly List<WeightedWire> _terms = [];

    /// <summary>Adds factor × value.</summary>
    public void Add(in Linear value, Fr factor)
    {
        foreach (WeightedWire term in value.Terms)
        {
            _terms.Add(new WeightedWire(term.Wire, term.Coefficient * factor));
        }
    }

    /// <summary>The sum of all that was added.</summary>
    public Linear ToLinear()
    {
        Span<WeightedWire> terms = CollectionsMarshal.AsSpan(_terms);
        terms.Sort(static (a, b) => a.Wire.CompareTo(b.Wire));
        int count = 0;
        for (int i = 0; i < terms.Length;)
        {
            uint wire = terms[i].Wire;
            Fr coefficient = terms[i++].Coefficient;
            for (; i < terms.Length && terms[i].Wire == wire; i++)
            {
                coefficient += terms[i].Coefficient;
            }

            if (!coefficient.IsZero)
            {
                terms[count++] = new WeightedWire(wire, coefficient);
            }
        }

        _terms.RemoveRange(count, _terms.Count - count);
        return Linear.OfSortedTerms(CollectionsMarshal.AsSpan(_terms));
    }
}
