using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>
/// Deposits and withdrawals in plain C#: what the circuit proves, bit for bit. A withdrawal leaves initial margin met. What the contract queued
/// always has an outcome: a deposit that does not fit its account is handed back, a forced withdrawal that is not covered changes nothing.
/// </summary>
public static class TransferReference
{
    /// <summary>Carries transfers out.</summary>
    /// <exception cref="SettlementException">A signed withdrawal breaks a rule, or an account is outside the statement; the message names it.</exception>
    public static TransferResult Apply(TransferBatch batch)
    {
        batch.Shape.Validate();
        if (batch.Transfers.Count > batch.Shape.Transfers)
        {
            throw new SettlementException($"{batch.Transfers.Count} transfers: the shape {batch.Shape} holds {batch.Shape.Transfers}");
        }

        int[] rows = OpenedRows.Of(
            batch.Risk, batch.Shape.Instruments, batch.Shape.Expiries,
            batch.Transfers.SelectMany(transfer => batch.State.Find(transfer.Leaf)?.Positions ?? []).Select(position => position.InstrumentId));
        ExchangeState state = batch.State;
        Fr head = batch.QueueHead;
        var steps = new List<TransferStep>();
        var words = new List<Fr>();
        for (int t = 0; t < batch.Shape.Transfers; t++)
        {
            Transfer transfer = t < batch.Transfers.Count ? batch.Transfers[t] : Padding(batch);
            TransferStep step = Step(batch, state, t, transfer);
            steps.Add(step);
            words.AddRange([transfer.Word(step.Outcome), Fr.FromBigInteger(transfer.Recipient)]);
            state = step.After is { } after ? state.With([KeyValuePair.Create(transfer.Leaf, after)]) : state;
            head = transfer.IsQueued ? transfer.Enqueue(head) : head;
        }

        return new TransferResult(
            batch, state, rows, steps, words, new TransferPublicInputs(
                batch.Domain, batch.BatchNumber, batch.State.Root, state.Root, batch.Risk.Root, batch.QueueHead, head, FieldSponge.Hash([.. words])));
    }

    /// <summary>A slot that is not needed opens the first transfer's account, or the clearing account's leaf, and leaves it.</summary>
    internal static Transfer Padding(TransferBatch batch) =>
        new(TransferKind.None, batch.Transfers.Count > 0 ? batch.Transfers[0].Leaf : ExchangeState.ClearingLeaf, default, 0, Fr.Zero, Fr.Zero, null);

    private static TransferStep Step(TransferBatch batch, ExchangeState state, int index, Transfer transfer)
    {
        Account? before = state.Find(transfer.Leaf);
        Require(index, transfer.Amount.Value >= 0 && transfer.Amount.IsInDomain, $"has amount {transfer.Amount}; expected one below 2^80 units of 10^-8 USD that is not negative");
        Require(index, transfer.Recipient.Sign >= 0 && transfer.Recipient.GetBitLength() <= Transfer.RecipientBits, "has a recipient that is no address");
        if (before is not null)
        {
            Require(index, before.Positions.Count <= batch.Shape.Positions, $"is of leaf {transfer.Leaf} with {before.Positions.Count} positions; the shape {batch.Shape} allows {batch.Shape.Positions}");
            Require(index, before.Perpetual.IsZero, $"is of leaf {transfer.Leaf}, which holds a perpetual that this statement does not margin");
            ScenarioMargin.Of(batch.Risk, transfer.Leaf, before.Positions);
        }

        (Account? after, TransferOutcome outcome) = transfer.Kind switch
        {
            TransferKind.Deposit => Deposit(transfer, before),
            TransferKind.Withdrawal => Withdraw(batch, index, transfer, before),
            TransferKind.ForcedWithdrawal => Forced(batch, transfer, before),
            _ => (before, TransferOutcome.Done),
        };
        return new TransferStep(transfer.Leaf, before, after, state.Tree.Path(transfer.Leaf, 0), outcome);
    }

    private static (Account? After, TransferOutcome Outcome) Deposit(Transfer transfer, Account? before)
    {
        Account account = before ?? new Account { KeyX = transfer.KeyX, KeyY = transfer.KeyY };
        if (account.KeyX != transfer.KeyX || account.KeyY != transfer.KeyY)
        {
            return (before, TransferOutcome.WrongAccount);
        }

        var cash = new CashAmount(account.Cash.Value + transfer.Amount.Value);
        return cash.IsInDomain ? (account with { Cash = cash }, TransferOutcome.Done) : (before, TransferOutcome.NotCovered);
    }

    private static (Account? After, TransferOutcome Outcome) Forced(TransferBatch batch, Transfer transfer, Account? before)
    {
        if (before is null)
        {
            return (null, TransferOutcome.WrongAccount);
        }

        Account after = before with { Cash = new CashAmount(before.Cash.Value - transfer.Amount.Value) };
        return IsCovered(batch, transfer.Leaf, after) ? (after, TransferOutcome.Done) : (before, TransferOutcome.NotCovered);
    }

    private static (Account? After, TransferOutcome Outcome) Withdraw(TransferBatch batch, int index, Transfer transfer, Account? before)
    {
        Require(index, before is not null, $"withdraws from leaf {transfer.Leaf}, which is empty");
        var key = new EdDsaPublicKey(new BabyJubjubPoint(before!.KeyX, before.KeyY));
        Fr message = Transfer.WithdrawalMessage(batch.Domain, transfer.Leaf, transfer.Recipient, transfer.Amount, before.Nonce);
        Require(index, transfer.Signature is { } signature && EdDsaPoseidon.Verify(key, message, signature), $"is not signed by the owner of leaf {transfer.Leaf} for its nonce {before.Nonce}");
        Account after = before with { Cash = new CashAmount(before.Cash.Value - transfer.Amount.Value), Nonce = before.Nonce + 1 };
        Require(index, IsCovered(batch, transfer.Leaf, after), $"would take leaf {transfer.Leaf} below initial margin");
        return (after, TransferOutcome.Done);
    }

    private static bool IsCovered(TransferBatch batch, int leaf, Account after) =>
        ScenarioMargin.Of(batch.Risk, leaf, after.Positions).Exact(after.Cash, batch.Risk.InitialFactor).Sign >= 0;

    private static void Require(int index, bool condition, string violation)
    {
        if (!condition)
        {
            throw new SettlementException($"transfer {index} {violation}");
        }
    }
}
