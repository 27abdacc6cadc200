using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Derivatives.Trading;

namespace Accel.Derivatives.Replay;

/// <summary>
/// The state after a batch from what the batch published and what is public beside it, with no order, signature or proof: whoever has all batches has
/// the state. Nothing that the proof settled is asked again; the root of what comes out must be the proof's new root, or the words are not the batch's.
/// </summary>
public static class StateReplay
{
    /// <summary>Replays a settlement.</summary>
    /// <param name="before">The state before.</param>
    /// <param name="snapshot">The snapshot that it was settled on: it says which positions expired.</param>
    /// <param name="firstLeaf">First leaf of the range.</param>
    /// <param name="words">The published words.</param>
    /// <exception cref="StateDiffException">The words are not a settlement's, or do not fit the state.</exception>
    public static ExchangeState Settlement(ExchangeState before, OracleSnapshot snapshot, int firstLeaf, ReadOnlySpan<Fr> words)
    {
        int count = AccountCount(words.Length - 1, SettlementDiff.WordsPerAccount, "a settlement");
        HashSet<Fr> expired = [.. snapshot.Instruments.Where(i => snapshot.HasExpired(i.Instrument.Expiry)).Select(i => i.Instrument.Id)];
        var accounts = new Dictionary<int, Account>();
        for (int i = 0; i < count; i++)
        {
            int index = i * SettlementDiff.WordsPerAccount;
            if (Existing(before, firstLeaf + i, words[index], index) is not { } account)
            {
                continue;
            }

            var fields = new WordFields(words[index], index);
            fields.Take(SettlementDiff.GreekBits);
            long flaggedAt = (long)fields.Take(Account.TimeBits);
            var status = (AccountStatus)(int)fields.Take(Account.FlagBits);
            var cash = new CashAmount((Int128)fields.TakeSigned(SettlementDiff.CashBits));
            fields.End();
            accounts[firstLeaf + i] = account with
            {
                Cash = cash,
                Status = status,
                FlaggedAt = flaggedAt,
                Positions = [.. account.Positions.Where(position => !expired.Contains(position.InstrumentId))],
            };
        }

        return WithClearing(before, accounts, words[^1], words.Length - 1);
    }

    /// <summary>Replays an expiry.</summary>
    /// <param name="before">The state before.</param>
    /// <param name="firstLeaf">First leaf of the range.</param>
    /// <param name="words">The published words.</param>
    /// <exception cref="StateDiffException">The words are not an expiry's, or do not fit the state.</exception>
    public static ExchangeState Expiry(ExchangeState before, int firstLeaf, ReadOnlySpan<Fr> words) => Range(before, firstLeaf, words, _ => null);

    /// <summary>Replays a swap coupon: whoever held it holds the next one.</summary>
    /// <param name="before">The state before.</param>
    /// <param name="firstLeaf">First leaf of the range.</param>
    /// <param name="words">The published words.</param>
    /// <exception cref="StateDiffException">The words are not a coupon's, or do not fit the state.</exception>
    public static ExchangeState Coupon(ExchangeState before, int firstLeaf, ReadOnlySpan<Fr> words)
    {
        const int Halves = 2;
        if (words.Length <= Halves)
        {
            throw new StateDiffException($"{words.Length} words are not a coupon's: two for the next coupon's id are missing");
        }

        BigInteger id = (Half(words[^2], words.Length - 2) << Coupons.SwapCouponReference.HalfBits) + Half(words[^1], words.Length - 1);
        if (id >= Fr.Modulus)
        {
            throw new StateDiffException($"word {words.Length - 2}: the next coupon's id is not below r");
        }

        var next = Fr.FromBigInteger(id);
        return Range(before, firstLeaf, words[..^Halves], position => next.IsZero ? null : position with { InstrumentId = next });

        static BigInteger Half(Fr word, int index)
        {
            var fields = new WordFields(word, index);
            BigInteger half = fields.Take(Coupons.SwapCouponReference.HalfBits);
            fields.End();
            return half;
        }
    }

    /// <summary>Replays a trade batch.</summary>
    /// <param name="before">The state before.</param>
    /// <param name="risk">The risk matrix, which says what has expired.</param>
    /// <param name="parameters">The venue's fees and limits.</param>
    /// <param name="rowIds">The published ids of the rows that the batch opened.</param>
    /// <param name="words">The published words, one a trade.</param>
    /// <exception cref="StateDiffException">The words are not a trade batch's, or do not fit the state.</exception>
    /// <exception cref="SettlementException">An account or the open interest would leave its domain.</exception>
    public static ExchangeState Trades(ExchangeState before, RiskMatrix risk, VenueParameters parameters, ReadOnlySpan<Fr> rowIds, ReadOnlySpan<Fr> words)
    {
        var accounts = new Dictionary<int, Account>();
        Int128 fees = 0;
        for (int i = 0; i < words.Length; i++)
        {
            if (TradeDiff.Read(words[i], i) is not { } trade)
            {
                continue;
            }

            Fr instrument = trade.Row < rowIds.Length ? rowIds[trade.Row] : throw new StateDiffException($"word {i}: row {trade.Row} is none of the {rowIds.Length}");
            (Int128 buyer, Int128 seller, Int128 paid) = TradeBooking.Cash(parameters, trade.Price, trade.Quantity, trade.BuyerIsTaker);
            Fill(trade.Buyer, trade.BuyNonce, trade.Quantity, buyer);
            Fill(trade.Seller, trade.SellNonce, -trade.Quantity, seller);
            fees += paid;

            void Fill(int leaf, long nonce, long quantity, Int128 cash) =>
                accounts[leaf] = TradeBooking.Fill(accounts.GetValueOrDefault(leaf) ?? Require(before, leaf, i), nonce, instrument, quantity, cash);
        }

        var chain = new StateChain(before);
        OpenedAccount[] opened = [.. accounts.Select(pair => chain.Replace(pair.Key, _ => pair.Value))];
        chain.Replace(ExchangeState.OpenInterestLeaf, account => account with { OpenInterest = OpenInterestBook.After(risk, parameters, account, opened) });
        chain.Replace(ExchangeState.ClearingLeaf, account => account with { Cash = new CashAmount(account.Cash.Value + fees) });
        return chain.State;
    }

    /// <summary>Replays liquidations.</summary>
    /// <param name="before">The state before.</param>
    /// <param name="risk">The risk matrix, by which the discount is reckoned.</param>
    /// <param name="parameters">The venue's auction and limits.</param>
    /// <param name="words">The published words, one a liquidation.</param>
    /// <exception cref="StateDiffException">The words are not a liquidation batch's, or do not fit the state.</exception>
    /// <exception cref="SettlementException">An account or the open interest would leave its domain.</exception>
    public static ExchangeState Liquidations(ExchangeState before, RiskMatrix risk, VenueParameters parameters, ReadOnlySpan<Fr> words)
    {
        var chain = new StateChain(before);
        var opened = new List<OpenedAccount>();
        for (int i = 0; i < words.Length; i++)
        {
            if (LiquidationDiff.Read(words[i], i) is { } liquidation)
            {
                Require(chain.State, liquidation.Liquidated, i);
                Require(chain.State, liquidation.Liquidator, i);
                opened.AddRange(LiquidationReference.Move(risk, parameters, chain, i, liquidation));
            }
        }

        chain.Replace(ExchangeState.OpenInterestLeaf, account => account with { OpenInterest = OpenInterestBook.After(risk, parameters, account, opened) });
        return chain.State;
    }

    /// <summary>Replays deposits and withdrawals.</summary>
    /// <param name="before">The state before.</param>
    /// <param name="depositKeys">Keys of the queue's deposits that the batch took, in order, whether or not they were carried out.</param>
    /// <param name="words">The published words, two a transfer.</param>
    /// <exception cref="StateDiffException">The words are not a transfer batch's, or do not fit the state or the queue.</exception>
    public static ExchangeState Transfers(ExchangeState before, IReadOnlyList<EdDsaPublicKey> depositKeys, ReadOnlySpan<Fr> words)
    {
        const int WordsEach = 2;
        if (words.Length % WordsEach != 0)
        {
            throw new StateDiffException($"{words.Length} words are not a transfer batch's: it has two a transfer");
        }

        ExchangeState state = before;
        int deposits = 0;
        for (int i = 0; i < words.Length; i += WordsEach)
        {
            (TransferOutcome outcome, TransferKind kind, int leaf, Int128 amount) = Transfer.Read(words[i], i);
            EdDsaPublicKey? key = kind != TransferKind.Deposit ? null
                : deposits < depositKeys.Count ? depositKeys[deposits++]
                : throw new StateDiffException($"word {i}: a deposit beyond the {depositKeys.Count} of the queue");
            if (outcome == TransferOutcome.Done && kind != TransferKind.None)
            {
                Account account = key is { } owner
                    ? state.Find(leaf) ?? new Account { KeyX = owner.Point.X, KeyY = owner.Point.Y }
                    : Require(state, leaf, i);
                state = state.With([KeyValuePair.Create(leaf, account with
                {
                    Cash = new CashAmount(account.Cash.Value + (kind == TransferKind.Deposit ? amount : -amount)),
                    Nonce = account.Nonce + (kind == TransferKind.Withdrawal ? 1UL : 0),
                })]);
            }
        }

        return deposits == depositKeys.Count
            ? state
            : throw new StateDiffException($"the batch took {deposits} deposits, but {depositKeys.Count} are said to have been taken from the queue");
    }

    private static ExchangeState Range(ExchangeState before, int firstLeaf, ReadOnlySpan<Fr> words, Func<Position, Position?> successor)
    {
        int count = AccountCount(words.Length - 1, 1, "a range's");
        var accounts = new Dictionary<int, Account>();
        for (int i = 0; i < count; i++)
        {
            if (Existing(before, firstLeaf + i, words[i], i) is { } account)
            {
                accounts[firstLeaf + i] = RangeDiff.Apply(account, words[i], successor);
            }
        }

        return WithClearing(before, accounts, words[^1], count);
    }

    private static ExchangeState WithClearing(ExchangeState before, Dictionary<int, Account> accounts, Fr word, int index)
    {
        var fields = new WordFields(word, index);
        var cash = new CashAmount((Int128)fields.TakeSigned(SettlementDiff.CashBits));
        fields.End();
        Account clearing = accounts.GetValueOrDefault(ExchangeState.ClearingLeaf) ?? Require(before, ExchangeState.ClearingLeaf, index);
        accounts[ExchangeState.ClearingLeaf] = clearing with { Cash = cash };
        return before.With(accounts);
    }

    /// <summary>An empty leaf publishes zero.</summary>
    private static Account? Existing(ExchangeState state, int leaf, Fr word, int index) => state.Find(leaf)
        ?? (word.IsZero ? null : throw new StateDiffException($"word {index}: leaf {leaf} is empty and its word is not zero"));

    private static Account Require(ExchangeState state, int leaf, int index) =>
        state.Find(leaf) ?? throw new StateDiffException($"word {index}: leaf {leaf} is empty");

    private static int AccountCount(int words, int each, string what)
    {
        int count = words / each;
        return words > 0 && words % each == 0 && BitOperations.IsPow2(count)
            ? count
            : throw new StateDiffException($"{words + 1} words are not {what}: expected {each} for each leaf of a range and one");
    }
}
