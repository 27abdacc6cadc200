using System.Runtime.CompilerServices;

namespace Accel.Compute.Cpu.Vector;

/// <summary>A field whose elements fill lanes: one lane value for each coefficient over the prime field. Sizes and bounds are those of <see cref="IFieldLanes"/>.</summary>
/// <typeparam name="TField">The field of scalar elements, as they lie in memory.</typeparam>
internal unsafe interface ILaneField<TField>
    where TField : struct, IField<TField>
{
    /// <summary>The number of lanes.</summary>
    static abstract int Lanes { get; }

    /// <summary>Doubles of one element in all lanes.</summary>
    static abstract int Size { get; }

    /// <summary>result ← a·b/R.</summary>
    static abstract void Multiply(double* result, double* a, double* b);

    /// <summary>result ← a²/R.</summary>
    static abstract void Square(double* result, double* a);

    /// <summary>result ← a − b, limb by limb.</summary>
    static abstract void Subtract(double* result, double* a, double* b);

    /// <summary>Brings the limbs of a difference to within ±(2⁵⁰ + 8).</summary>
    static abstract void Carry(double* value);

    /// <summary>result ← 2(a − b) − c, limb by limb.</summary>
    static abstract void TwiceDifferenceMinus(double* result, double* a, double* b, double* c);

    /// <summary>Reads canonical elements at <paramref name="offset"/> words into each row.</summary>
    static abstract void Load(double* result, ulong** rows, int offset);

    /// <summary>Writes canonical elements, and leaves them as limbs in <paramref name="value"/>.</summary>
    static abstract void Store(ulong** rows, int offset, double* value);
}

/// <summary>A prime field in lanes.</summary>
internal readonly unsafe struct PrimeLanes<TModulus, TLanes> : ILaneField<PrimeField<TModulus>>
    where TModulus : struct, IPrimeModulus
    where TLanes : struct, IFieldLanes
{
    /// <inheritdoc />
    public static int Lanes => TLanes.Count;

    /// <inheritdoc />
    public static int Size => IFieldLanes.Limbs * TLanes.Count;

    private static double* Modulus => LaneModulus<TModulus, TLanes>.Table;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(double* result, double* a, double* b) => TLanes.Multiply(result, a, b, Modulus);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Square(double* result, double* a) => TLanes.Square(result, a, Modulus);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Subtract(double* result, double* a, double* b) => TLanes.Subtract(result, a, b);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Carry(double* value) => TLanes.Carry(value);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TwiceDifferenceMinus(double* result, double* a, double* b, double* c) => TLanes.TwiceDifferenceMinus(result, a, b, c);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(double* result, ulong** rows, int offset) => TLanes.Load(result, rows, offset);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong** rows, int offset, double* value) => TLanes.Store(rows, offset, value, Modulus);
}

/// <summary>F[u]/(u² + 1) in lanes: the lanes of c₀, then those of c₁.</summary>
internal readonly unsafe struct QuadraticLanes<TModulus, TLanes> : ILaneField<QuadraticExtension<PrimeField<TModulus>>>
    where TModulus : struct, IPrimeModulus
    where TLanes : struct, IFieldLanes
{
    private const int Words = 4;

    /// <inheritdoc />
    public static int Lanes => TLanes.Count;

    /// <inheritdoc />
    public static int Size => 2 * Half;

    private static int Half => IFieldLanes.Limbs * TLanes.Count;

    private static double* Modulus => LaneModulus<TModulus, TLanes>.Table;

    /// <summary>Four limb products and two reductions: cheaper than Karatsuba's three of each, for a reduction costs more than a product.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(double* result, double* a, double* b)
    {
        double* real = stackalloc double[Half];
        TLanes.DifferenceOfProducts(real, a, b, a + Half, b + Half, Modulus);
        TLanes.SumOfProducts(result + Half, a, b + Half, a + Half, b, Modulus);
        TLanes.Copy(result, real);
    }

    /// <summary>(c₀ + c₁)(c₀ − c₁) + 2c₀c₁·u.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square(double* result, double* a)
    {
        double* sum = stackalloc double[2 * Half];
        double* difference = sum + Half;
        TLanes.Add(sum, a, a + Half);
        TLanes.Subtract(difference, a, a + Half);
        TLanes.Carry(difference);
        TLanes.Add(result + Half, a + Half, a + Half);
        TLanes.Multiply(result + Half, a, result + Half, Modulus);
        TLanes.Multiply(result, sum, difference, Modulus);
    }

    /// <inheritdoc />
    public static void Subtract(double* result, double* a, double* b)
    {
        TLanes.Subtract(result, a, b);
        TLanes.Subtract(result + Half, a + Half, b + Half);
    }

    /// <inheritdoc />
    public static void Carry(double* value)
    {
        TLanes.Carry(value);
        TLanes.Carry(value + Half);
    }

    /// <inheritdoc />
    public static void TwiceDifferenceMinus(double* result, double* a, double* b, double* c)
    {
        TLanes.TwiceDifferenceMinus(result, a, b, c);
        TLanes.TwiceDifferenceMinus(result + Half, a + Half, b + Half, c + Half);
    }

    /// <inheritdoc />
    public static void Load(double* result, ulong** rows, int offset)
    {
        TLanes.Load(result, rows, offset);
        TLanes.Load(result + Half, rows, offset + Words);
    }

    /// <inheritdoc />
    public static void Store(ulong** rows, int offset, double* value)
    {
        TLanes.Store(rows, offset, value, Modulus);
        TLanes.Store(rows, offset + Words, value + Half, Modulus);
    }
}
