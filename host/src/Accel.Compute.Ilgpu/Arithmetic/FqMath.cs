using System.Runtime.CompilerServices;
using ILGPU.IR.Intrinsics;

namespace Accel.Compute.Ilgpu.Arithmetic;

/// <summary>
/// Fq inside kernels. ILGPU's CPU accelerator runs these bodies, which are the reference's; PTX has <see cref="PtxIntrinsics"/> in their place,
/// chosen when a kernel is compiled.
/// </summary>
internal static class FqMath
{
    /// <summary>The Montgomery product a·b/2²⁵⁶, fully reduced.</summary>
    [IntrinsicImplementation]
    public static Limbs Multiply(Limbs a, Limbs b) => To(From(a) * From(b));

    /// <summary>a + b, fully reduced.</summary>
    [IntrinsicImplementation]
    public static Limbs Add(Limbs a, Limbs b) => To(From(a) + From(b));

    /// <summary>a − b, fully reduced.</summary>
    [IntrinsicImplementation]
    public static Limbs Subtract(Limbs a, Limbs b) => To(From(a) - From(b));

    private static Fq From(Limbs value) => Unsafe.BitCast<Limbs, Fq>(value);

    private static Limbs To(Fq value) => Unsafe.BitCast<Fq, Limbs>(value);
}
