using System.Buffers;

namespace Accel.Algebra;

/// <summary>Montgomery's simultaneous inversion (Montgomery 1987, §10.3.1): n inverses for one inversion and 3(n−1) products.</summary>
public static class BatchInversion
{
    /// <summary>Replaces each element by its inverse; zeros stay zero.</summary>
    /// <param name="values">Elements to invert in place.</param>
    public static void InvertAll<TField>(Span<TField> values)
        where TField : struct, IField<TField>
    {
        TField[] prefixes = ArrayPool<TField>.Shared.Rent(values.Length);
        TField product = TField.One;
        for (int i = 0; i < values.Length; i++)
        {
            prefixes[i] = product;
            if (!values[i].IsZero)
            {
                product *= values[i];
            }
        }

        TField inverse = product.Inverse();
        for (int i = values.Length - 1; i >= 0; i--)
        {
            if (!values[i].IsZero)
            {
                TField value = values[i];
                values[i] = inverse * prefixes[i];
                inverse *= value;
            }
        }

        ArrayPool<TField>.Shared.Return(prefixes);
    }
}
