using System.Globalization;

namespace Accel.Compute.Ilgpu.Arithmetic;

/// <summary>
/// Writes field operations as PTX: eight 32-bit limbs, carries in the flag from one instruction to the next. The product is Montgomery's, interleaved by
/// limbs of b, with two accumulators: <c>even</c> takes the products of even limbs and <c>odd</c>, which weighs 2³² more, those of odd ones. So low and
/// high half of each product land in neighbouring limbs of one carry chain, and the assembler makes one wide multiply-add of both
/// (Emmart, Luitjens, Weems, Woolley, "Optimizing modular multiplication for NVIDIA's Maxwell GPUs", ARITH 2016).
/// </summary>
/// <param name="modulus">Eight little-endian limbs of the prime, below 2²⁵⁴.</param>
/// <param name="negativeInverse">−p⁻¹ mod 2³².</param>
/// <param name="emit">Takes an instruction, without the semicolon.</param>
/// <param name="registerOf">Makes a register of a PTX type, <c>b32</c> or <c>pred</c>.</param>
internal sealed class PtxField(uint[] modulus, uint negativeInverse, Action<string> emit, Func<string, string> registerOf)
{
    /// <summary>32-bit limbs of an element.</summary>
    public const int Limbs = 8;

    /// <summary>The writer for a prime.</summary>
    public static PtxField For<TModulus>(Action<string> emit, Func<string, string> registerOf)
        where TModulus : struct, IPrimeModulus
    {
        ulong[] wide = [TModulus.Limb0, TModulus.Limb1, TModulus.Limb2, TModulus.Limb3];
        return new PtxField([.. wide.SelectMany(limb => new[] { (uint)limb, (uint)(limb >> 32) })], (uint)TModulus.NegativeInverse, emit, registerOf);
    }

    /// <summary>product = a·b/2²⁵⁶ mod p; each is four 64-bit registers, low limb first.</summary>
    public void Multiply(string[] product, string[] a, string[] b)
    {
        string[] x = Unpack(a);
        string[] y = Unpack(b);
        string[] even = Registers(Limbs);
        string[] odd = Registers(Limbs);
        for (int j = 0; j < Limbs; j += 2)
        {
            emit($"mul.lo.u32 {even[j]}, {x[j]}, {y[0]}");
            emit($"mul.hi.u32 {even[j + 1]}, {x[j]}, {y[0]}");
            emit($"mul.lo.u32 {odd[j]}, {x[j + 1]}, {y[0]}");
            emit($"mul.hi.u32 {odd[j + 1]}, {x[j + 1]}, {y[0]}");
        }

        Reduce(even, odd);
        for (int i = 1; i < Limbs; i++)
        {
            // The limb that became zero drops out: what was odd weighs 1 now, and what was even weighs 2³² two limbs further down.
            (even, odd) = (odd, even);
            emit($"add.cc.u32 {even[0]}, {even[0]}, {odd[1]}");
            for (int j = 0; j < Limbs; j += 2)
            {
                bool last = j == Limbs - 2;
                emit($"madc.lo.cc.u32 {odd[j]}, {x[j + 1]}, {y[i]}, {(last ? "0" : odd[j + 2])}");
                emit(last ? $"madc.hi.u32 {odd[j + 1]}, {x[j + 1]}, {y[i]}, 0" : $"madc.hi.cc.u32 {odd[j + 1]}, {x[j + 1]}, {y[i]}, {odd[j + 3]}");
            }

            MultiplyAdd(even, [x[0], x[2], x[4], x[6]], y[i]);
            emit($"addc.u32 {odd[^1]}, {odd[^1]}, 0");
            Reduce(even, odd);
        }

        emit($"add.cc.u32 {odd[0]}, {odd[0]}, {even[1]}");
        for (int j = 1; j < Limbs - 1; j++)
        {
            emit($"addc.cc.u32 {odd[j]}, {odd[j]}, {even[j + 1]}");
        }

        emit($"addc.u32 {odd[^1]}, {odd[^1]}, 0");
        SubtractModulusOnce(product, odd);
    }

    /// <summary>sum = a + b mod p.</summary>
    public void Add(string[] sum, string[] a, string[] b)
    {
        string[] x = Unpack(a);
        Chain("add", x, x, Unpack(b));
        SubtractModulusOnce(sum, x);
    }

    /// <summary>difference = a − b mod p.</summary>
    public void Subtract(string[] difference, string[] a, string[] b)
    {
        string[] x = Unpack(a);
        Chain("sub", x, x, Unpack(b), keepsCarry: true);
        string mask = registerOf("b32");
        emit($"subc.u32 {mask}, 0, 0");
        string[] correction = Registers(Limbs);
        for (int j = 0; j < Limbs; j++)
        {
            emit($"and.b32 {correction[j]}, {mask}, {Word(modulus[j])}");
        }

        Chain("add", x, x, correction);
        Pack(difference, x);
    }

    /// <summary>Adds the multiple of p that makes the lowest limb zero.</summary>
    private void Reduce(string[] even, string[] odd)
    {
        string factor = registerOf("b32");
        emit($"mul.lo.u32 {factor}, {even[0]}, {Word(negativeInverse)}");
        MultiplyAdd(odd, [Word(modulus[1]), Word(modulus[3]), Word(modulus[5]), Word(modulus[7])], factor, keepsCarry: false);
        MultiplyAdd(even, [Word(modulus[0]), Word(modulus[2]), Word(modulus[4]), Word(modulus[6])], factor);
        emit($"addc.u32 {odd[^1]}, {odd[^1]}, 0");
    }

    /// <summary>accumulator += Σ 2^(64j)·valuesⱼ·factor, in one carry chain.</summary>
    private void MultiplyAdd(string[] accumulator, string[] values, string factor, bool keepsCarry = true)
    {
        for (int j = 0; j < Limbs; j += 2)
        {
            string value = values[j / 2];
            emit($"{(j == 0 ? "mad" : "madc")}.lo.cc.u32 {accumulator[j]}, {factor}, {value}, {accumulator[j]}");
            string cc = keepsCarry || j < Limbs - 2 ? ".cc" : string.Empty;
            emit($"madc.hi{cc}.u32 {accumulator[j + 1]}, {factor}, {value}, {accumulator[j + 1]}");
        }
    }

    /// <summary>result = value mod p, for value &lt; 2p.</summary>
    private void SubtractModulusOnce(string[] result, string[] value)
    {
        string[] reduced = Registers(Limbs);
        Chain("sub", reduced, value, [.. modulus.Select(Word)], keepsCarry: true);
        string borrow = registerOf("b32");
        string borrowed = registerOf("pred");
        emit($"subc.u32 {borrow}, 0, 0");
        emit($"setp.ne.u32 {borrowed}, {borrow}, 0");
        for (int j = 0; j < Limbs; j++)
        {
            emit($"selp.u32 {reduced[j]}, {value[j]}, {reduced[j]}, {borrowed}");
        }

        Pack(result, reduced);
    }

    private void Chain(string operation, string[] result, string[] a, string[] b, bool keepsCarry = false)
    {
        for (int j = 0; j < Limbs; j++)
        {
            string carriesOut = keepsCarry || j < Limbs - 1 ? ".cc" : string.Empty;
            emit($"{operation}{(j == 0 ? string.Empty : "c")}{carriesOut}.u32 {result[j]}, {a[j]}, {b[j]}");
        }
    }

    private string[] Unpack(string[] wide)
    {
        string[] limbs = Registers(Limbs);
        for (int j = 0; j < wide.Length; j++)
        {
            emit($"mov.b64 {{{limbs[2 * j]}, {limbs[(2 * j) + 1]}}}, {wide[j]}");
        }

        return limbs;
    }

    private void Pack(string[] wide, string[] limbs)
    {
        for (int j = 0; j < wide.Length; j++)
        {
            emit($"mov.b64 {wide[j]}, {{{limbs[2 * j]}, {limbs[(2 * j) + 1]}}}");
        }
    }

    private string[] Registers(int count) => [.. Enumerable.Range(0, count).Select(_ => registerOf("b32"))];

    private static string Word(uint value) => "0x" + value.ToString("x8", CultureInfo.InvariantCulture);
}
