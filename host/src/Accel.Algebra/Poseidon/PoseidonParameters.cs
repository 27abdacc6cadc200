using System.Collections.Immutable;

namespace Accel.Algebra;

/// <summary>
/// The constants of one width of Poseidon over Fr with the S-box x⁵, as circomlib uses them: round constants from the Grain LFSR and a
/// Cauchy matrix whose 2t points are the generator's next outputs (Grassi et al., eprint 2019/458, §2.3 and appendix E). Derived, not stored.
/// </summary>
public sealed class PoseidonParameters
{
    /// <summary>The smallest width: one input beside the capacity element.</summary>
    public const int WidthMin = 2;

    /// <summary>The largest width: sixteen inputs.</summary>
    public const int WidthMax = 17;

    private const int FieldBits = 254;

    // 128 bits of security with the margin of the paper (table 2), for t = 2 … 17; from circomlib.
    private static readonly ImmutableArray<int> PartialRoundsByWidth = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];

    private static readonly Lazy<PoseidonParameters>[] ByWidth =
        [.. PartialRoundsByWidth.Select((partial, index) => new Lazy<PoseidonParameters>(() => new(index + WidthMin, partial)))];

    private readonly Fr[] _roundConstants;
    private readonly SquareMatrix<Fr> _mds;

    private PoseidonParameters(int width, int partialRounds)
    {
        Width = width;
        PartialRounds = partialRounds;
        GrainGenerator generator = new(FieldBits, width, FullRounds, partialRounds);
        _roundConstants = new Fr[(FullRounds + partialRounds) * width];
        foreach (ref Fr constant in _roundConstants.AsSpan())
        {
            constant = NextBelowModulus(generator);
        }

        _mds = CauchyMatrix(generator, width);
        Schedule = new PoseidonSchedule(this);
    }

    /// <summary>t, the number of field elements in the state.</summary>
    public int Width { get; }

    /// <summary>The rounds in which every element passes the S-box: half before the partial rounds, half after.</summary>
    public int FullRounds => 8;

    /// <summary>The rounds in which only element 0 passes the S-box.</summary>
    public int PartialRounds { get; }

    /// <summary>The same permutation with sparse partial rounds, for native evaluation.</summary>
    internal PoseidonSchedule Schedule { get; }

    internal SquareMatrix<Fr> MdsMatrix => _mds;

    /// <summary>The parameters of one width; derived on first use and kept.</summary>
    /// <param name="width">t, 2 to 17.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no circomlib parameters of this width.</exception>
    public static PoseidonParameters ForWidth(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, WidthMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, WidthMax);
        return ByWidth[width - WidthMin].Value;
    }

    /// <summary>The constant added to element <paramref name="index"/> at the start of a round.</summary>
    /// <param name="round">0 to <see cref="FullRounds"/> + <see cref="PartialRounds"/> − 1, in order of evaluation.</param>
    /// <param name="index">0 to <see cref="Width"/> − 1.</param>
    public Fr RoundConstant(int round, int index)
    {
        CheckIndex(index, nameof(index));
        ArgumentOutOfRangeException.ThrowIfNegative(round);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(round, FullRounds + PartialRounds);
        return _roundConstants[(round * Width) + index];
    }

    /// <summary>An entry of the mixing matrix: element <paramref name="row"/> after a round is Σ Mds(row, column)·element(column).</summary>
    public Fr Mds(int row, int column)
    {
        CheckIndex(row, nameof(row));
        CheckIndex(column, nameof(column));
        return _mds[row, column];
    }

    private void CheckIndex(int index, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Width, name);
    }

    private static Fr NextBelowModulus(GrainGenerator generator)
    {
        Span<byte> bytes = stackalloc byte[32];
        Fr constant;
        do
        {
            generator.NextInteger(FieldBits, bytes);
        }
        while (!Fr.TryReadCanonical(bytes, out constant));

        return constant;
    }

    /// <summary>M(i, j) = 1/(xᵢ + yⱼ). The reference script's retry on repeated points or weak matrices never happens for these widths.</summary>
    private static SquareMatrix<Fr> CauchyMatrix(GrainGenerator generator, int width)
    {
        Span<byte> bytes = stackalloc byte[32];
        Fr[] points = new Fr[2 * width];
        foreach (ref Fr point in points.AsSpan())
        {
            // Unlike round constants, points above the modulus are reduced, not drawn again.
            generator.NextInteger(FieldBits, bytes);
            point = Fr.FromBigInteger(new(bytes, isUnsigned: true));
        }

        SquareMatrix<Fr> matrix = new(width);
        for (int row = 0; row < width; row++)
        {
            for (int column = 0; column < width; column++)
            {
                matrix[row, column] = (points[row] + points[width + column]).Inverse();
            }
        }

        return matrix;
    }
}
