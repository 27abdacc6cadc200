using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Expiries;

/// <summary>
/// What is published of a batch: per leaf of the range the new cash, biased by 2⁸⁰, over a mask of the positions that are gone, the first
/// lowest; zero for an empty leaf. Then the clearing account's biased cash. With the old state it yields the new one.
/// </summary>
public static class ExpiryDiff
{
    /// <summary>Bits of a mask.</summary>
    public const int MaskBits = PositionBlocks.BlockSize;

    /// <summary>The words of a batch.</summary>
    public static Fr[] Words(IReadOnlyList<AccountExpiry> accounts, Account clearingAfter) =>
        [.. accounts.Select(Word), Fr.FromBigInteger(Biased(clearingAfter.Cash))];

    /// <summary>An account after a batch, from its state before and its word.</summary>
    public static Account Apply(Account before, Fr word)
    {
        BigInteger value = word.ToBigInteger();
        return before with
        {
            Cash = new CashAmount((Int128)((value >> MaskBits) - (BigInteger.One << CashAmount.MagnitudeBits))),
            Positions = [.. before.Positions.Where((_, p) => (value >> p).IsEven)],
        };
    }

    private static Fr Word(AccountExpiry account)
    {
        if (account.After is null)
        {
            return Fr.Zero;
        }

        int mask = 0;
        for (int p = 0; p < account.Gone.Count; p++)
        {
            mask |= account.Gone[p] ? 1 << p : 0;
        }

        return Fr.FromBigInteger((Biased(account.After.Cash) << MaskBits) + mask);
    }

    private static BigInteger Biased(CashAmount cash) => (BigInteger)cash.Value + (BigInteger.One << CashAmount.MagnitudeBits);
}
