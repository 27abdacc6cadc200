using System.Numerics;

namespace Accel.Compute.Cpu;

/// <summary>
/// Roots of unity for one direction, shared by every size: layer h = 1, 2, 4, … is ω₂ₕʲ for j &lt; h,
/// so that each butterfly layer reads its own contiguous run. A layer is made when a transform first needs it.
/// </summary>
internal sealed class NttTwiddles
{
    /// <summary>The largest kernel is 2 to this power; two kernels make a transform of twice the power.</summary>
    public const int Log2KernelMax = 14;

    private static readonly Lazy<NttTwiddles> ForwardTable = new(() => new NttTwiddles(inverse: false));
    private static readonly Lazy<NttTwiddles> InverseTable = new(() => new NttTwiddles(inverse: true));

    private readonly Fr[]?[] _layers = new Fr[Log2KernelMax][];
    private readonly Fr[] _roots = new Fr[Ntt.Log2SizeMax + 1];

    private NttTwiddles(bool inverse)
    {
        for (int log2 = 0; log2 <= Ntt.Log2SizeMax; log2++)
        {
            Fr root = Fr.RootOfUnity(log2);
            _roots[log2] = inverse ? root.Inverse() : root;
        }
    }

    /// <summary>The table of a direction, made on first use.</summary>
    public static NttTwiddles For(NttDirection direction) => direction == NttDirection.Forward ? ForwardTable.Value : InverseTable.Value;

    /// <summary>The primitive 2^<paramref name="log2"/>-th root, or its inverse.</summary>
    public Fr Root(int log2) => _roots[log2];

    /// <summary>ω₂ₕʲ for j &lt; h = <paramref name="half"/>.</summary>
    public ReadOnlySpan<Fr> Layer(int half)
    {
        int log2 = BitOperations.Log2((uint)half);
        return Volatile.Read(ref _layers[log2]) ?? Make(log2);
    }

    /// <summary>Threads that meet here make the same values.</summary>
    private Fr[] Make(int log2)
    {
        Fr[] layer = new Fr[1 << log2];
        FieldPowers.Fill(layer, Fr.One, _roots[log2 + 1]);
        Volatile.Write(ref _layers[log2], layer);
        return layer;
    }
}
