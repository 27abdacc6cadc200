using System.Numerics;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Replay;

/// <summary>Takes the fields of a statement's word from its lowest end, the last field first.</summary>
internal ref struct WordFields(Fr word, int index)
{
    private readonly int _index = index;
    private BigInteger _rest = word.ToBigInteger();

    public BigInteger Take(int bits)
    {
        BigInteger field = _rest & ((BigInteger.One << bits) - 1);
        _rest >>= bits;
        return field;
    }

    /// <summary>A field that was biased by 2^(bits − 1).</summary>
    public BigInteger TakeSigned(int bits) => Take(bits) - (BigInteger.One << (bits - 1));

    /// <exception cref="StateDiffException">There are bits above the fields.</exception>
    public readonly void End()
    {
        if (!_rest.IsZero)
        {
            throw new StateDiffException($"word {_index}: bits above its fields are not zero");
        }
    }
}
