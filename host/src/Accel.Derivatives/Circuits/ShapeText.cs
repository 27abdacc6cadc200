namespace Accel.Derivatives.Circuits;

/// <summary>Sizes of a statement as text: numbers with an x between them.</summary>
internal static class ShapeText
{
    /// <summary>Reads a shape.</summary>
    /// <param name="text">The text, such as <c>8x16x8x16</c>.</param>
    /// <param name="form">What the numbers are, with an x between them.</param>
    /// <param name="example">A shape that is right.</param>
    /// <param name="create">Makes the shape of the numbers.</param>
    /// <param name="validate">Throws an <see cref="ArgumentException"/> when it cannot be.</param>
    /// <exception cref="FormatException">The text has another form, or names a shape that cannot be.</exception>
    public static TShape Parse<TShape>(string text, string form, TShape example, Func<int[], TShape> create, Action<TShape> validate)
    {
        int[] sizes = [.. text.Split('x').Select(part => int.TryParse(part, out int size) ? size : 0)];
        if (sizes.Length != form.Split(" x ").Length)
        {
            throw new FormatException($"'{text}' is not {form}, such as {example}");
        }

        try
        {
            TShape shape = create(sizes);
            validate(shape);
            return shape;
        }
        catch (ArgumentException error)
        {
            throw new FormatException(error.Message, error);
        }
    }
}
