namespace Accel.Algebra;

/// <summary>A square matrix over a field, rows first; small, and for set-up work only.</summary>
internal sealed class SquareMatrix<TField>
    where TField : struct, IField<TField>
{
    private readonly TField[] _entries;

    public SquareMatrix(int size)
    {
        Size = size;
        _entries = new TField[size * size];
    }

    /// <summary>The number of rows, and of columns.</summary>
    public int Size { get; }

    public ref TField this[int row, int column] => ref _entries[(row * Size) + column];

    /// <summary>One row.</summary>
    public ReadOnlySpan<TField> Row(int row) => _entries.AsSpan(row * Size, Size);

    public static SquareMatrix<TField> Identity(int size)
    {
        SquareMatrix<TField> identity = new(size);
        for (int i = 0; i < size; i++)
        {
            identity[i, i] = TField.One;
        }

        return identity;
    }

    /// <summary>M·x.</summary>
    public void Apply(ReadOnlySpan<TField> vector, Span<TField> product)
    {
        for (int row = 0; row < Size; row++)
        {
            TField sum = TField.Zero;
            for (int column = 0; column < Size; column++)
            {
                sum += _entries[(row * Size) + column] * vector[column];
            }

            product[row] = sum;
        }
    }

    public SquareMatrix<TField> Multiply(SquareMatrix<TField> right)
    {
        SquareMatrix<TField> product = new(Size);
        for (int row = 0; row < Size; row++)
        {
            for (int inner = 0; inner < Size; inner++)
            {
                for (int column = 0; column < Size; column++)
                {
                    product[row, column] += this[row, inner] * right[inner, column];
                }
            }
        }

        return product;
    }

    public SquareMatrix<TField> Power(int exponent)
    {
        SquareMatrix<TField> result = Identity(Size);
        SquareMatrix<TField> square = this;
        for (int rest = exponent; rest > 0; rest >>= 1)
        {
            result = (rest & 1) == 1 ? result.Multiply(square) : result;
            square = square.Multiply(square);
        }

        return result;
    }

    public SquareMatrix<TField> Transpose()
    {
        SquareMatrix<TField> transpose = new(Size);
        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Size; column++)
            {
                transpose[column, row] = this[row, column];
            }
        }

        return transpose;
    }

    /// <summary>The matrix without its first row and column.</summary>
    public SquareMatrix<TField> Minor()
    {
        SquareMatrix<TField> minor = new(Size - 1);
        for (int row = 1; row < Size; row++)
        {
            for (int column = 1; column < Size; column++)
            {
                minor[row - 1, column - 1] = this[row, column];
            }
        }

        return minor;
    }

    /// <summary>Gauss–Jordan without row exchanges: every leading minor must be invertible, as a Cauchy matrix's are.</summary>
    public SquareMatrix<TField> Inverse()
    {
        SquareMatrix<TField> rest = Multiply(Identity(Size));
        SquareMatrix<TField> inverse = Identity(Size);
        for (int pivot = 0; pivot < Size; pivot++)
        {
            if (rest[pivot, pivot].IsZero)
            {
                throw new InvalidOperationException($"the leading minor of size {pivot + 1} is singular");
            }

            TField scale = rest[pivot, pivot].Inverse();
            rest.ScaleRow(pivot, scale);
            inverse.ScaleRow(pivot, scale);
            for (int row = 0; row < Size; row++)
            {
                if (row != pivot)
                {
                    TField factor = rest[row, pivot];
                    rest.SubtractRow(row, pivot, factor);
                    inverse.SubtractRow(row, pivot, factor);
                }
            }
        }

        return inverse;
    }

    private void ScaleRow(int row, in TField factor)
    {
        for (int column = 0; column < Size; column++)
        {
            this[row, column] *= factor;
        }
    }

    private void SubtractRow(int row, int source, in TField factor)
    {
        for (int column = 0; column < Size; column++)
        {
            this[row, column] -= this[source, column] * factor;
        }
    }
}
