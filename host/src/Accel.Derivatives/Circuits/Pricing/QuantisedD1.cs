using System.Numerics;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>d₁ as sign, cell and residual, as <see cref="FixedPointPricer.Quantise"/> computes it.</summary>
internal sealed class QuantisedD1
{
    private QuantisedD1(Integer sign, Bit[] cell, Bit isBeyond) => (Sign, Cell, IsBeyond) = (sign, cell, isBeyond);

    /// <summary>±1.</summary>
    public Integer Sign { get; }

    /// <summary>The low 17 bits of the cell.</summary>
    public Bit[] Cell { get; }

    /// <summary>Whether the cell is 2¹⁷ or more.</summary>
    public Bit IsBeyond { get; }

    /// <summary>2·cell + 1, the cell counting as 2¹⁷ − 1 beyond it.</summary>
    public required Integer CellOdd { get; init; }

    /// <summary>Sign·CellOdd: d₁ in half cells.</summary>
    public required Integer SignedHalfCells { get; init; }

    /// <summary>Where in the cell |d₁| lies, in 2⁻¹² cells from its middle.</summary>
    public required Integer Residual { get; init; }

    /// <summary>Quantises ln(F′/K)·16/(9v) + v/2, given exactly. Six constraints and the bits of the magnitude.</summary>
    public static QuantisedD1 Define(CircuitBuilder builder, in Integer d1, FixedPointPricer.Precision precision)
    {
        int bits = (int)BigInteger.Max(BigInteger.Abs(d1.Min), BigInteger.Abs(d1.Max)).GetBitLength();
        SignedMagnitude magnitude = SignedMagnitude.OfOdd(builder, d1, bits);

        // The magnitude's bits leave out its lowest, which is one.
        int cellStart = precision.CellShift - 1;
        Bit[] cell = magnitude.Half[cellStart..(cellStart + FixedPointPricer.WindowBits)];
        LinearAccumulator high = new();
        foreach (Bit bit in magnitude.Half[(cellStart + FixedPointPricer.WindowBits)..])
        {
            high.Add(bit, Fr.One);
        }

        Bit isInWindow = builder.IsZero(high.ToLinear());
        long last = (1L << FixedPointPricer.WindowBits) - 1;
        Integer clipped = last + builder.Multiply((Integer)isInWindow, Bits.FromBits(cell) - last);
        Integer odd = Integer.Assume(clipped.Value, 0, last, "either the window's bits or the last cell") * 2 + 1;
        Bit[] below = magnitude.Half[(cellStart - FixedPointPricer.ResidualBits)..cellStart];
        return new QuantisedD1(magnitude.Sign, cell, !isInWindow)
        {
            CellOdd = odd,
            SignedHalfCells = builder.Multiply(magnitude.Sign, odd),
            Residual = Bits.FromBits(below) - (1L << (FixedPointPricer.ResidualBits - 1)),
        };
    }
}
