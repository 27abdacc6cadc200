using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.State;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>A transfer's private values and its account's fields.</summary>
internal sealed record TransferWires(
    Linear IsDeposit, Linear IsWithdrawal, Linear IsForced, Linear Leaf, Linear Amount, Linear Recipient, Linear DepositKeyX, Linear DepositKeyY,
    Linear IsEmpty, Linear KeyX, Linear KeyY, Linear Nonce, Linear Flags, Linear Cash, Linear Indices, Linear Orders, Linear[] Quantities)
{
    public static int Count(TransferShape shape) => 16 + shape.Instruments;

    public Linear[] ToArray() =>
    [
        IsDeposit, IsWithdrawal, IsForced, Leaf, Amount, Recipient, DepositKeyX, DepositKeyY, IsEmpty, KeyX, KeyY, Nonce, Flags, Cash, Indices, Orders, .. Quantities,
    ];

    public static TransferWires Read(WireReader reader, TransferShape shape) => new(
        reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(),
        reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Take(shape.Instruments));
}

/// <summary>
/// One transfer in its account, as <see cref="TransferReference"/> does it. Inputs: <see cref="TransferWires"/>, the domain, the risk matrix.
/// Outputs: old leaf, new leaf, the message that a withdrawal's owner must have signed, the item that a queue holds, the published word.
/// </summary>
internal sealed class TransferTemplate(TransferShape shape) : ITemplate
{
    private const int NonceBits = 64;
    private const int LeafBits = 2 * AccountTree.Depth;

    public string Key => $"Transfer({shape.Instruments}x{shape.Positions}x{shape.Expiries})";

    public int InputCount => TransferWires.Count(shape) + 1 + RiskMatrixWires.Count(shape.Instruments, shape.Expiries);

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        var reader = new WireReader(inputs.ToArray());
        TransferWires transfer = TransferWires.Read(reader, shape);
        Linear domain = reader.Next();
        RiskMatrixWires risk = RiskMatrixWires.Read(reader, shape.Instruments, shape.Expiries);
        (Bit isDeposit, Bit isWithdrawal, Bit isForced) = Kind(builder, transfer);
        Bit isEmpty = builder.AssertBit(transfer.IsEmpty);
        Integer amount = builder.ToUnsigned(transfer.Amount, CashAmount.MagnitudeBits);
        builder.ToUnsigned(transfer.Recipient, Transfer.RecipientBits);
        Integer nonce = builder.ToUnsigned(transfer.Nonce, NonceBits);
        Integer flags = builder.ToUnsigned(transfer.Flags, Account.FlagBits + Account.TimeBits);
        AssertEmptyIsFresh(builder, isEmpty, isDeposit, transfer);

        // A deposit fits its key and the domain of cash; a withdrawal leaves initial margin met.
        BigInteger cashMax = BigInteger.One << CashAmount.MagnitudeBits;
        Integer cash = Integer.Assume(transfer.Cash, -cashMax, cashMax - 1, "every statement that writes cash into a leaf checks it");
        Bit isKey = builder.And(builder.IsEqual(transfer.KeyX, transfer.DepositKeyX), builder.IsEqual(transfer.KeyY, transfer.DepositKeyY));
        Bit fits = !builder.IsNegative((cashMax - 1) - (cash + amount));
        Bit isCovered = IsCovered(builder, risk, transfer, cash - amount);
        Bit isRightAccount = builder.Select(isDeposit, isKey, !isEmpty);
        Bit isPossible = builder.Select(isDeposit, fits, isCovered);
        Bit isDone = builder.And(isRightAccount, isPossible);
        builder.AssertProduct(isWithdrawal, Linear.One - isDone.Value, Linear.Zero, "a signed withdrawal is covered");

        Linear isQueued = isDeposit.Value + isForced.Value;
        Linear direction = isDeposit.Value - isWithdrawal.Value - isForced.Value;
        Linear cashAfter = transfer.Cash + builder.Multiply(builder.Multiply(direction, isDone), amount.Value);
        Linear positions = PositionList.Root(builder, [.. risk.Rows.Select(row => row.Id)], transfer.Quantities, shape.Blocks);
        Linear flagShift = WordPacker.PowerOfTwo(Account.FlagBits + Account.TimeBits);
        Linear packed = (nonce.Value * WordPacker.PowerOfTwo(Account.FlagBits + Account.TimeBits)) + flags.Value;
        Linear present = Linear.One - isEmpty.Value;
        Linear opened = builder.Multiply(isEmpty, builder.Multiply(isDeposit, isDone));
        Linear oldLeaf = new LeafWires(transfer.KeyX, transfer.KeyY, packed, transfer.Indices).Hash(builder, transfer.Cash, positions, transfer.Orders);
        Linear newLeaf = new LeafWires(transfer.KeyX, transfer.KeyY, packed + builder.Multiply(isWithdrawal, flagShift), transfer.Indices).Hash(builder, cashAfter, positions, transfer.Orders);

        Linear message = PoseidonGadget.Hash(
            builder, domain, transfer.Leaf + Order.ActionTag(SignedAction.Withdrawal, 0), transfer.Recipient, (amount.Value * WordPacker.PowerOfTwo(NonceBits)) + nonce.Value);
        Linear kind = isDeposit.Value + (isWithdrawal.Value * 2) + (isForced.Value * 3);
        Linear item = (((kind * WordPacker.PowerOfTwo(LeafBits)) + transfer.Leaf) * WordPacker.PowerOfTwo(CashAmount.MagnitudeBits)) + amount.Value;
        Linear outcome = builder.Multiply(isQueued, builder.Select(isRightAccount, (Linear.One - isPossible.Value) * (Fr)(int)TransferOutcome.NotCovered, Linear.One));
        return
        [
            builder.Multiply(present, oldLeaf), builder.Multiply(present + opened, newLeaf), message, item,
            item + (outcome * WordPacker.PowerOfTwo(CashAmount.MagnitudeBits + LeafBits + 2)),
        ];
    }

    private static (Bit IsDeposit, Bit IsWithdrawal, Bit IsForced) Kind(CircuitBuilder builder, TransferWires transfer)
    {
        Bit isDeposit = builder.AssertBit(transfer.IsDeposit);
        Bit isWithdrawal = builder.AssertBit(transfer.IsWithdrawal);
        Bit isForced = builder.AssertBit(transfer.IsForced);
        builder.AssertBit(isDeposit.Value + isWithdrawal.Value + isForced.Value);
        return (isDeposit, isWithdrawal, isForced);
    }

    /// <summary>An empty leaf is zero whatever its fields are, so they must be those of a new account: a deposit's, with its key.</summary>
    private static void AssertEmptyIsFresh(CircuitBuilder builder, Bit isEmpty, Bit isDeposit, TransferWires transfer)
    {
        foreach (Linear field in (Linear[])[transfer.Nonce, transfer.Flags, transfer.Cash, transfer.Indices, transfer.Orders - OrderSlots.Empty.Root, .. transfer.Quantities])
        {
            builder.AssertProduct(isEmpty, field, Linear.Zero, "an empty leaf holds nothing");
        }

        Linear isOpened = builder.Multiply(isEmpty, isDeposit);
        builder.AssertProduct(isOpened, transfer.KeyX - transfer.DepositKeyX, Linear.Zero, "a new account has the deposit's key");
        builder.AssertProduct(isOpened, transfer.KeyY - transfer.DepositKeyY, Linear.Zero, "a new account has the deposit's key");
    }

    private static Bit IsCovered(CircuitBuilder builder, RiskMatrixWires risk, TransferWires transfer, in Integer cash)
    {
        using ScopeHandle scope = builder.Scope("margin");
        PortfolioWires portfolio = PortfolioWires.Define(builder, risk, transfer.Quantities);
        return !builder.IsNegative(portfolio.Exact(cash, risk.InitialFactor, portfolio.WorstGain()));
    }
}
