namespace Accel.Compute.Cpu;

/// <summary>
/// Roots of unity for one direction, shared by every size: entry h + j is ω₂ₕʲ for h = 1, 2, 4, … and j &lt; h,
/// so that each butterfly layer reads its own contiguous run.
/// </summary>
internal sealed class NttTwiddles
{
    /// <summary>The largest kernel is 2 to this power; two kernels make a transform of twice the power.</summary>
    public const int Log2KernelMax = 14;

    private static readonly Lazy<NttTwiddles> ForwardTable = new(() => new NttTwiddles(inverse: false));
    private static readonly Lazy<NttTwiddles> InverseTable = new(() => new NttTwiddles(inverse: true));

    private readonly Fr[] _table = new Fr[1 << Log2KernelMax];
    private readonly Fr[] _roots = new Fr[Ntt.Log2SizeMax + 1];

    private NttTwiddles(bool inverse)
    {
        for (int log2 = 0; log2 <= Ntt.Log2SizeMax; log2++)
        {
            Fr root = Fr.RootOfUnity(log2);
            _roots[log2] = inverse ? root.Inverse() : root;
        }

        for (int log2 = 0; log2 < Log2KernelMax; log2++)
        {
            FieldPowers.Fill(_table.AsSpan(1 << log2, 1 << log2), Fr.One, _roots[log2 + 1]);
        }
    }

    /// <summary>The table of a direction, made on first use.</summary>
    public static NttTwiddles For(NttDirection direction) => direction == NttDirection.Forward ? ForwardTable.Value : InverseTable.Value;

    /// <summary>The primitive 2^<paramref name="log2"/>-th root, or its inverse.</summary>
    public Fr Root(int log2) => _roots[log2];

    /// <summary>ω₂ₕʲ for j &lt; h = <paramref name="half"/>.</summary>
    public ReadOnlySpan<Fr> Layer(int half) => _table.AsSpan(half, half);
}
