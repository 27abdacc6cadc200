using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>
/// Transfers drawn from a seed: new and known accounts, strangers' keys, withdrawals of all that margin allows, forced ones of more, empty
/// leaves. For searches and tests.
/// </summary>
public static class RandomTransfers
{
    private static readonly Int128 AmountMax = ((Int128)1 << CashAmount.MagnitudeBits) - 1;

    /// <summary>A batch that the reference carries out.</summary>
    public static TransferResult Done(int seed, TransferShape shape)
    {
        var random = new Random(seed);
        RiskMatrix risk = RandomTrades.Market(random, shape.Expiries, shape.Instruments);
        int[] leaves = [random.Next(2, AccountTree.Capacity / 2), random.Next(2, AccountTree.Capacity / 2) + (AccountTree.Capacity / 2)];
        ExchangeState state = RandomTrades.State(random, risk, leaves, shape.Positions);
        Fr head = (ulong)random.NextInt64();
        var transfers = new List<Transfer>();
        var nonces = new Dictionary<int, ulong>();
        int count = random.Next(4) == 0 ? random.Next(shape.Transfers + 1) : shape.Transfers;
        for (int t = 0; t < count; t++)
        {
            TransferResult soFar = TransferReference.Apply(new TransferBatch(state, risk, shape, transfers, head, 0, RandomTrades.Domain));
            transfers.Add(Draw(random, risk, soFar.NewState, random.Next(5) == 0 ? random.Next(2, AccountTree.Capacity) : leaves[random.Next(leaves.Length)]));
        }

        return TransferReference.Apply(new TransferBatch(state, risk, shape, transfers, head, (ulong)random.NextInt64(), RandomTrades.Domain));
    }

    private static Transfer Draw(Random random, RiskMatrix risk, ExchangeState state, int leaf)
    {
        Account? account = state.Find(leaf);
        BigInteger recipient = new(random.NextInt64());
        CashAmount free = account is null ? default : Free(risk, leaf, account);
        switch (random.Next(3))
        {
            case 0:
                EdDsaPublicKey key = random.Next(4) == 0 ? RandomTrades.Key(leaf + 1).PublicKey : RandomTrades.Key(leaf).PublicKey;
                return Transfer.Deposit(leaf, new CashAmount(random.Next(6) == 0 ? AmountMax : random.NextInt64(long.MaxValue)), key);
            case 1 when account is not null && free.Value >= 0:
                var amount = new CashAmount(random.Next(3) == 0 ? free.Value : free.Value / random.Next(1, 1_000));
                return Transfer.Withdraw(leaf, amount, recipient, account.Nonce, RandomTrades.Domain, RandomTrades.Key(leaf));
            default:
                return Transfer.Forced(leaf, new CashAmount(Int128.Clamp(free.Value + random.Next(-1, 2), 0, AmountMax)), recipient);
        }
    }

    /// <summary>The most that may leave an account: initial margin, floored.</summary>
    private static CashAmount Free(RiskMatrix risk, int leaf, Account account)
    {
        BigInteger exact = ScenarioMargin.Of(risk, leaf, account.Positions).Exact(account.Cash, risk.InitialFactor);
        BigInteger unit = VenueParameters.Unit * BigInteger.Pow(2, Margin.PortfolioMargin.ValueBits);
        return new CashAmount(exact.Sign < 0 ? -1 : (Int128)BigInteger.Min(exact / unit, AmountMax));
    }
}
