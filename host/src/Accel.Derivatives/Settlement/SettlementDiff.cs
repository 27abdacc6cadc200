using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Settlement;

/// <summary>
/// What is published of a batch, in words of 31 bytes: per leaf of the range three words, then one with the clearing account's cash.
/// Together with the old state and the signed snapshot it yields the new state: the positions that expire follow from the snapshot.
/// Signed fields are biased to be non-negative; an empty leaf's words are zero. First field highest.
/// </summary>
public static class SettlementDiff
{
    /// <summary>Words of one leaf.</summary>
    public const int WordsPerAccount = 3;

    /// <summary>Bits of cash: biased by 2⁸⁰.</summary>
    public const int CashBits = CashAmount.MagnitudeBits + 1;

    /// <summary>Bits of the account's value: biased by 2⁸¹.</summary>
    public const int ValueBits = 82;

    /// <summary>Bits of maintenance and initial margin: biased by 2⁸².</summary>
    public const int MarginBits = 83;

    /// <summary>Bits of a summed Greek: biased by 2⁷⁹.</summary>
    public const int GreekBits = 80;

    /// <summary>Number of words of a shape.</summary>
    public static int WordCount(BatchShape shape) => (WordsPerAccount * shape.Accounts) + 1;

    /// <summary>The words of a batch.</summary>
    /// <param name="accounts">One entry per leaf of the range.</param>
    /// <param name="clearingAfter">The clearing account after the batch.</param>
    public static Fr[] Words(IReadOnlyList<AccountSettlement> accounts, Account clearingAfter) =>
        [.. accounts.SelectMany(AccountWords), Word((clearingAfter.Cash.Value, CashBits, true))];

    private static Fr[] AccountWords(AccountSettlement settlement)
    {
        if (settlement.After is not { } account)
        {
            return new Fr[WordsPerAccount];
        }

        return
        [
            Word((account.Cash.Value, CashBits, true), ((long)account.Status, Account.FlagBits, false), (account.FlaggedAt, Account.TimeBits, false), (settlement.Greeks[3], GreekBits, true)),
            Word((settlement.Margin.Value, ValueBits, true), (settlement.Margin.Maintenance, MarginBits, true), (settlement.Margin.Initial, MarginBits, true)),
            Word((settlement.Greeks[0], GreekBits, true), (settlement.Greeks[1], GreekBits, true), (settlement.Greeks[2], GreekBits, true)),
        ];
    }

    private static Fr Word(params ReadOnlySpan<(BigInteger Value, int Bits, bool IsSigned)> fields)
    {
        BigInteger word = 0;
        foreach ((BigInteger value, int bits, bool isSigned) in fields)
        {
            BigInteger biased = isSigned ? value + (BigInteger.One << (bits - 1)) : value;
            if (biased.Sign < 0 || biased.GetBitLength() > bits)
            {
                throw new SettlementException($"{value} does not fit the {bits} bits of its field in the published difference");
            }

            word = (word << bits) + biased;
        }

        return Fr.FromBigInteger(word);
    }
}
