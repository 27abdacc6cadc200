using System.Globalization;
using System.Numerics;
using System.Text;

namespace Accel.Compute.OpenCl;

/// <summary>The kernels' source, with the constants of a field in front: the primes of Accel.Algebra are the only place that states them.</summary>
internal static class OpenClKernels
{
    /// <summary>Compiler options: no extension is used, and nothing of floating point.</summary>
    public const string Options = "-cl-std=CL1.2";

    /// <summary>Bits of an element in memory.</summary>
    private const int ElementBits = 256;

    /// <summary>Products over G1.</summary>
    public static string Msm(int limbBits) => Constants<Bn254BaseModulus>(limbBits) + File("field") + File("curve") + File("msm");

    /// <summary>Transforms over Fr.</summary>
    public static string Ntt(int limbBits) => Constants<Bn254ScalarModulus>(limbBits) + File("field") + File("ntt");

    /// <summary>The arithmetic alone, to which a test adds kernels of its own.</summary>
    public static string Field<TModulus>(int limbBits)
        where TModulus : struct, IPrimeModulus => Constants<TModulus>(limbBits) + File("field");

    private static string Constants<TModulus>(int limbBits)
        where TModulus : struct, IPrimeModulus
    {
        BigInteger modulus = new BigInteger(TModulus.Limb0) + ((BigInteger)TModulus.Limb1 << 64) + ((BigInteger)TModulus.Limb2 << 128) + ((BigInteger)TModulus.Limb3 << 192);
        BigInteger limb = BigInteger.One << limbBits;
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"#define LIMB_BITS {limbBits}\n");
        text.Append(CultureInfo.InvariantCulture, $"#define MODULUS_LIMBS {Limbs(modulus, limbBits)}\n");
        text.Append(CultureInfo.InvariantCulture, $"#define TWICE_MODULUS_LIMBS {Limbs(2 * modulus, limbBits)}\n");
        text.Append(CultureInfo.InvariantCulture, $"#define ONE_LIMBS {Limbs((BigInteger.One << ElementBits) % modulus, limbBits)}\n");
        text.Append(CultureInfo.InvariantCulture, $"#define NEGATIVE_INVERSE {Literal(TModulus.NegativeInverse % limb, limbBits)}\n");
        return text.ToString();
    }

    private static string Limbs(BigInteger value, int limbBits) => string.Join(
        ", ", Enumerable.Range(0, ElementBits / limbBits).Select(i => Literal((value >> (i * limbBits)) & ((BigInteger.One << limbBits) - 1), limbBits)));

    private static string Literal(BigInteger value, int limbBits) => string.Create(CultureInfo.InvariantCulture, $"0x{(ulong)value:x}{(limbBits == 64 ? "UL" : "U")}");

    private static string File(string name)
    {
        using Stream stream = typeof(OpenClKernels).Assembly.GetManifestResourceStream($"Accel.Compute.OpenCl.{name}.cl")
            ?? throw new InvalidOperationException($"this build has no kernels '{name}.cl'");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
