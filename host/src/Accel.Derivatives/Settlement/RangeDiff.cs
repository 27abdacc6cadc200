using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Settlement;

/// <summary>
/// What is published of a batch that changes cash and positions of a range: per leaf the new cash, biased by 2⁸⁰, over a mask of the
/// positions that changed, the first lowest; zero for an empty leaf. Then the clearing account's biased cash.
/// </summary>
public static class RangeDiff
{
    /// <summary>Bits of a mask.</summary>
    public const int MaskBits = PositionBlocks.BlockSize;

    private const int Mask = (1 << MaskBits) - 1;

    /// <summary>The words of a batch.</summary>
    public static Fr[] Words(ClearedRange range) => [.. range.Accounts.Select(Word), Fr.FromBigInteger(Biased(range.ClearingAfter.Cash))];

    /// <summary>An account after a batch, from its state before and its word, when marked positions are gone.</summary>
    public static Account Apply(Account before, Fr word) => Apply(before, word, _ => null);

    /// <summary>An account after a batch, from its state before and its word.</summary>
    /// <param name="before">The account before.</param>
    /// <param name="word">Its word.</param>
    /// <param name="successor">What takes a marked position's place; null when nothing does.</param>
    /// <exception cref="StateDiffException">The word has bits above its fields, or marks a position that the account does not hold.</exception>
    public static Account Apply(Account before, Fr word, Func<Position, Position?> successor)
    {
        BigInteger value = word.ToBigInteger();
        if (value.GetBitLength() > MaskBits + CashAmount.MagnitudeBits + 1 || (value & Mask) >> Math.Min(before.Positions.Count, MaskBits) != 0)
        {
            throw new StateDiffException("a word has bits above its fields, or marks a position that the account does not hold");
        }

        IEnumerable<Position?> after = before.Positions.Select((position, p) => (value >> p).IsEven ? position : successor(position));
        return before with
        {
            Cash = new CashAmount((Int128)((value >> MaskBits) - (BigInteger.One << CashAmount.MagnitudeBits))),
            Positions = [.. after.Where(p => p is not null).Select(p => p!.Value)
                .OrderBy(p => p.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare))],
        };
    }

    private static Fr Word(AccountChange account)
    {
        if (account.After is null)
        {
            return Fr.Zero;
        }

        int mask = 0;
        for (int p = 0; p < account.Marks.Count; p++)
        {
            mask |= account.Marks[p] ? 1 << p : 0;
        }

        return Fr.FromBigInteger((Biased(account.After.Cash) << MaskBits) + mask);
    }

    private static BigInteger Biased(CashAmount cash) => (BigInteger)cash.Value + (BigInteger.One << CashAmount.MagnitudeBits);
}
