using System.Numerics;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>A field element as the integer that orders ids: its canonical representative in two halves of 127 bits.</summary>
internal readonly record struct IdHalves(Integer High, Integer Low)
{
    /// <summary>Bits of a half; two of them hold every representative.</summary>
    public const int Bits = 127;

    /// <summary>Splits an element. The decomposition is the canonical one, so both halves are unique.</summary>
    public static IdHalves Of(CircuitBuilder builder, in Linear id)
    {
        Bit[] bits = builder.ToCanonicalBits(id);
        return new IdHalves(Proving.Gadgets.Bits.FromBits(bits.AsSpan(Bits)), Proving.Gadgets.Bits.FromBits(bits.AsSpan(0, Bits)));
    }

    /// <summary>Constrains left &lt; right when the bit is 1: by the high halves, or where they are equal by the low ones.</summary>
    public static void AssertLessWhen(CircuitBuilder builder, in Bit condition, in IdHalves left, in IdHalves right)
    {
        Bit isTied = builder.IsEqual(left.High, right.High);
        Integer ahead = builder.Select(isTied, right.Low - left.Low - 1, right.High - left.High);
        builder.AssertNonNegative(builder.Select(condition, ahead, Integer.Constant(BigInteger.Zero)));
    }
}
