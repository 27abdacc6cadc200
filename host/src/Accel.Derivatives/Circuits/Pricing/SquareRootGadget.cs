using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>The floor of a square root.</summary>
public static class SquareRootGadget
{
    /// <summary>⌊√n⌋: n = r² + rest with 0 ≤ rest ≤ 2r, and r in range, so nothing wraps and r is unique. About 3.5 times r's bits in constraints.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="n">Within [0, 2²²⁰).</param>
    public static Integer Floor(CircuitBuilder builder, in Integer n)
    {
        if (n.Min.Sign < 0 || n.Max.GetBitLength() > 220)
        {
            throw new ArgumentOutOfRangeException(nameof(n), $"[{n.Min}, {n.Max}] is not within [0, 2^220)");
        }

        using ScopeHandle scope = builder.Scope("sqrt");
        int rootBits = Math.Max(1, (int)(n.Max.GetBitLength() + 1) / 2);
        Integer root = builder.ToUnsigned(builder.Hint<SquareRootHint>([n.Value], 1)[0], rootBits);
        Integer rest = n - builder.Multiply(root, root);
        builder.ToUnsigned(rest, rootBits + 1);
        builder.ToUnsigned(root * 2 - rest, rootBits + 1);
        return root;
    }
}
