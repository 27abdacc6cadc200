using System.Runtime.CompilerServices;

namespace Accel.Algebra;

/// <summary>
/// The Grain LFSR in self-shrinking mode, from which Poseidon's constants are drawn (Grassi et al., "Poseidon", eprint 2019/458, appendix E).
/// b(i+80) = b(i+62) ⊕ b(i+51) ⊕ b(i+38) ⊕ b(i+23) ⊕ b(i+13) ⊕ b(i); bit i of the state is b(i).
/// </summary>
internal sealed class GrainGenerator
{
    private const int StateBits = 80;

    // The highest tap is 62, so 80 − 62 = 18 bits are free of each other; 16 is a round number below that.
    private const int StepBits = 16;
    private const int WarmUpBits = 160;

    private UInt128 _state;
    private uint _fresh;
    private int _freshBits;

    /// <summary>Seeds the register for an x^α S-box over a prime field.</summary>
    public GrainGenerator(int fieldBits, int width, int fullRounds, int partialRounds)
    {
        int position = 0;
        Append(1, 2, ref position);
        Append(0, 4, ref position);
        Append(fieldBits, 12, ref position);
        Append(width, 12, ref position);
        Append(fullRounds, 10, ref position);
        Append(partialRounds, 10, ref position);
        Append((1 << 30) - 1, 30, ref position);
        for (int i = 0; i < WarmUpBits / StepBits; i++)
        {
            Step();
        }

        _freshBits = 0;
    }

    /// <summary>Draws an integer of at most 256 bits, most significant bit first, as 32 little-endian bytes.</summary>
    /// <remarks>Optimised from the first call, because constants are derived once.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void NextInteger(int bits, Span<byte> destination)
    {
        destination.Clear();
        for (int bit = bits - 1; bit >= 0; bit--)
        {
            destination[bit >> 3] |= (byte)(NextKept() << (bit & 7));
        }
    }

    /// <summary>Bits come in pairs; the second is kept when the first is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint NextKept()
    {
        while (NextBit() == 0)
        {
            NextBit();
        }

        return NextBit();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint NextBit()
    {
        if (_freshBits == 0)
        {
            Step();
        }

        uint bit = _fresh & 1;
        _fresh >>= 1;
        _freshBits--;
        return bit;
    }

    private void Step()
    {
        UInt128 s = _state;
        uint mixed = (uint)((s >> 62) ^ (s >> 51) ^ (s >> 38) ^ (s >> 23) ^ (s >> 13) ^ s);
        _fresh = mixed & ((1 << StepBits) - 1);
        _freshBits = StepBits;
        _state = (s >> StepBits) | ((UInt128)_fresh << (StateBits - StepBits));
    }

    /// <summary>Appends an integer to the seed, most significant bit first.</summary>
    private void Append(int value, int bits, ref int position)
    {
        for (int bit = bits - 1; bit >= 0; bit--)
        {
            _state |= (UInt128)(uint)((value >> bit) & 1) << position++;
        }
    }
}
