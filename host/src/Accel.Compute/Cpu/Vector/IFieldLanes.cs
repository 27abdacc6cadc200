namespace Accel.Compute.Cpu.Vector;

/// <summary>
/// Arithmetic modulo a prime below 2²⁵⁴ on as many values as a vector register holds doubles, one value a lane.
/// A lane value is five limbs of 51 bits, x = Σ xᵢ·2^(51i), signed integers held in doubles; limb i of all lanes lies in one vector, so a value takes
/// 5·<see cref="Count"/> doubles. Any x that is right modulo p will do: operations say how large limbs and values may be, in units of 2⁵⁰ and of p.
/// Products are Montgomery products with R = 2²⁵⁵.
/// </summary>
internal unsafe interface IFieldLanes
{
    /// <summary>The number of limbs of a value.</summary>
    const int Limbs = 5;

    /// <summary>The number of lanes: doubles in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Whether the processor has these vectors with fused multiply-add; without, the results are the same and slow.</summary>
    static abstract bool IsAccelerated { get; }

    /// <summary>result ← a·b/R. Limbs' products up to 2¹⁰², |a·b| ≤ 5p². The result is within ±p, its limbs within ±(2⁵⁰ + 2⁵). It may be one of the operands.</summary>
    static abstract void Multiply(double* result, double* a, double* b, double* modulus);

    /// <summary>result ← a²/R, for limbs up to 2⁵⁰·√2 and |a| ≤ 2p; otherwise as <see cref="Multiply"/>.</summary>
    static abstract void Square(double* result, double* a, double* modulus);

    /// <summary>result ← (a·b + c·d)/R with one reduction, for |a·b| + |c·d| ≤ 5p²; otherwise as <see cref="Multiply"/>.</summary>
    static abstract void SumOfProducts(double* result, double* a, double* b, double* c, double* d, double* modulus);

    /// <summary>result ← (a·b − c·d)/R, as <see cref="SumOfProducts"/>.</summary>
    static abstract void DifferenceOfProducts(double* result, double* a, double* b, double* c, double* d, double* modulus);

    /// <summary>
    /// (u, v) ← (u + v·w/R, u − v·w/R) with w the same in all lanes: |v| ≤ 2.5p, limbs of v below 2⁵².
    /// Adds p to the bound of u and 2⁵⁰ + 2⁵ to that of its limbs.
    /// </summary>
    /// <param name="u">The lane value that is added to.</param>
    /// <param name="v">The lane value that is multiplied.</param>
    /// <param name="twiddle">Five limbs of w within ±2⁵⁰, |w| ≤ p/2.</param>
    /// <param name="modulus">The modulus' table.</param>
    static abstract void Butterfly(double* u, double* v, double* twiddle, double* modulus);

    /// <summary>As <see cref="Butterfly"/>, with u reduced before: the results are within ±1.5p, their limbs within ±(2⁵¹ + 2⁶). |u| ≤ 4p, limbs of u below 2⁵².</summary>
    static abstract void ReducingButterfly(double* u, double* v, double* twiddle, double* modulus);

    /// <summary>The first two layers of a transform in bit-reversed order, on four values with limbs in [0, 2⁵¹) and |value| ≤ p; the results are within ±2p, their limbs below 2⁵².</summary>
    /// <param name="a">Input 0, output 0.</param>
    /// <param name="b">Input 2 (bit-reversed order), output 1.</param>
    /// <param name="c">Input 1, output 2.</param>
    /// <param name="d">Input 3, output 3.</param>
    /// <param name="quarter">Five limbs of the fourth root of unity.</param>
    /// <param name="modulus">The modulus' table.</param>
    static abstract void FirstButterflies(double* a, double* b, double* c, double* d, double* quarter, double* modulus);

    /// <summary>result ← a.</summary>
    static abstract void Copy(double* result, double* a);

    /// <summary>result ← a + b, limb by limb.</summary>
    static abstract void Add(double* result, double* a, double* b);

    /// <summary>result ← a − b, limb by limb.</summary>
    static abstract void Subtract(double* result, double* a, double* b);

    /// <summary>result ← 2(a − b) − c, limb by limb.</summary>
    static abstract void TwiceDifferenceMinus(double* result, double* a, double* b, double* c);

    /// <summary>Brings limbs of up to 2⁵³ to within ±(2⁵⁰ + 8), all but the top one; the value stays.</summary>
    static abstract void Carry(double* value);

    /// <summary>Reads four little-endian words a lane, at <paramref name="offset"/> words into each row: limbs in [0, 2⁵¹).</summary>
    /// <param name="result">The lane value.</param>
    /// <param name="rows">One pointer a lane.</param>
    /// <param name="offset">Words to skip in every row.</param>
    static abstract void Load(double* result, ulong** rows, int offset);

    /// <summary>
    /// Writes the canonical words, in [0, p), and leaves limbs of the same value in [0, 2⁵¹) behind.
    /// For |value| ≤ 4p and limbs up to 1.5·2⁵².
    /// </summary>
    /// <param name="rows">One pointer a lane.</param>
    /// <param name="offset">Words to skip in every row.</param>
    /// <param name="value">The lane value.</param>
    /// <param name="modulus">The modulus' table, <see cref="LaneModulus{TModulus, TLanes}"/>.</param>
    static abstract void Store(ulong** rows, int offset, double* value, double* modulus);
}
