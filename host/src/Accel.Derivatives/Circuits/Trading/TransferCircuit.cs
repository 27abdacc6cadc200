using Accel.Derivatives.State;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>
/// Deposits, withdrawals and forced withdrawals as a constraint system: what <see cref="TransferReference"/> computes, proved. The page
/// <c>host/docs/deposit-withdraw.md</c> states it, with the attack that each check stops.
/// </summary>
/// <param name="shape">Sizes of the batch.</param>
/// <param name="face">How the public fields are shown.</param>
public sealed class TransferCircuit(TransferShape shape, PublicFace face) : IStatement
{
    internal const string TransfersName = "transfers";
    internal const string SignaturesName = "signatures";
    internal const string PathsName = "paths";

    private const int SignatureFields = 3;
    private const int PathFields = MerkleGadget.SiblingsPerLevel * AccountTree.Depth;

    private readonly CircuitParts _parts = new();

    /// <summary>Hints of this circuit and of every gadget in it, for loading a stored circuit.</summary>
    public static HintSet Hints => TradeBatchCircuit.Hints;

    /// <summary>Sizes of the batch.</summary>
    public TransferShape Shape => shape;

    /// <inheritdoc />
    public PublicFace Face => face;

    /// <inheritdoc />
    public IReadOnlyList<CircuitPart> Parts => _parts.All;

    /// <inheritdoc />
    public string Name => $"DepositWithdraw({shape}, {face})";

    /// <inheritdoc />
    public void Define(CircuitBuilder builder)
    {
        shape.Validate();
        _parts.Clear();
        PublicFields fields = _parts.Define(builder, "public fields", () => PublicFields.Define(builder, face, TransferPublicInputs.Names).Bind("domain", "batch number"));
        RiskMatrixWires risk = _parts.Define(builder, "risk rows", () => RiskMatrixWires.Define(builder, shape.Instruments, shape.Expiries, fields["risk root"]));
        TransferWires[] transfers =
        [
            .. builder.SecretInputs(TransfersName, shape.Transfers * TransferWires.Count(shape)).Chunk(TransferWires.Count(shape))
                .Select(wires => TransferWires.Read(new WireReader(wires), shape)),
        ];
        Linear[] shared = [fields["domain"], .. risk.ToArray()];
        Linear[][] booked = _parts.Define(builder, "transfers", () => transfers.Select(t => builder.Call(new TransferTemplate(shape), [.. t.ToArray(), .. shared])).ToArray());
        _parts.Define(builder, "signatures", () => VerifySignatures(builder, transfers, booked));
        _parts.Define(builder, "paths", () => builder.AssertEqual(ChainRoots(builder, transfers, booked, fields["old root"]), fields["new root"], "new root"));
        _parts.Define(builder, "queue", () => builder.AssertEqual(TakeFromQueue(builder, transfers, booked, fields["old queue head"]), fields["new queue head"], "new queue head"));
        _parts.Define(builder, "difference", () => builder.AssertEqual(
            Sponge.Hash(builder, [.. booked.SelectMany((outputs, t) => new[] { outputs[4], transfers[t].Recipient })]), fields["diff hash"], "diff hash"));
    }

    private void VerifySignatures(CircuitBuilder builder, TransferWires[] transfers, Linear[][] booked)
    {
        using ScopeHandle scope = builder.Scope("signatures");
        Linear[] signatures = builder.SecretInputs(SignaturesName, shape.Transfers * SignatureFields);
        for (int t = 0; t < transfers.Length; t++)
        {
            int first = t * SignatureFields;
            EdDsaPoseidonGadget.VerifyWhen(
                builder,
                builder.AssertBit(transfers[t].IsWithdrawal),
                new SignatureWires(transfers[t].KeyX, transfers[t].KeyY, signatures[first], signatures[first + 1], signatures[first + 2]),
                booked[t][2]);
        }
    }

    private Linear ChainRoots(CircuitBuilder builder, TransferWires[] transfers, Linear[][] booked, in Linear oldRoot)
    {
        using ScopeHandle scope = builder.Scope("paths");
        Linear[] paths = builder.SecretInputs(PathsName, shape.Transfers * PathFields);
        Linear root = oldRoot;
        for (int t = 0; t < transfers.Length; t++)
        {
            Bit[] index = builder.ToBits(transfers[t].Leaf, 2 * AccountTree.Depth);
            (Linear before, Linear after) = MerkleGadget.Update(builder, booked[t][0], booked[t][1], index, paths.AsSpan(t * PathFields, PathFields));
            builder.AssertEqual(before, root, "the account is in the root");
            root = after;
        }

        return root;
    }

    /// <summary>The head moves over each queued item, in order; a signed withdrawal leaves it alone.</summary>
    private static Linear TakeFromQueue(CircuitBuilder builder, TransferWires[] transfers, Linear[][] booked, in Linear oldHead)
    {
        using ScopeHandle scope = builder.Scope("queue");
        Linear head = oldHead;
        for (int t = 0; t < transfers.Length; t++)
        {
            Linear next = PoseidonGadget.Hash(builder, head, booked[t][3], transfers[t].Recipient, transfers[t].DepositKeyX, transfers[t].DepositKeyY);
            head += builder.Multiply(transfers[t].IsDeposit + transfers[t].IsForced, next - head);
        }

        return head;
    }
}

/// <summary>The inputs of a <see cref="TransferCircuit"/> for a batch as it was done.</summary>
public static class TransferAssignment
{
    /// <summary>Sets every input.</summary>
    /// <param name="circuit">The compiled circuit, of the batch's shape.</param>
    /// <param name="face">The circuit's face.</param>
    /// <param name="result">The batch.</param>
    /// <exception cref="ArgumentException">The circuit has another shape.</exception>
    public static Assignment Of(CompiledCircuit circuit, PublicFace face, TransferResult result)
    {
        var assignment = new Assignment(circuit);
        TransferBatch batch = result.Batch;
        PublicFields.Assign(assignment, face, result.PublicInputs.ToFields());
        RiskMatrixAssignment.Set(assignment, batch.Risk, result.Rows, batch.Shape.Instruments);
        var transfers = new List<Fr>();
        var signatures = new List<Fr>();
        for (int t = 0; t < result.Steps.Count; t++)
        {
            Transfer transfer = t < batch.Transfers.Count ? batch.Transfers[t] : TransferReference.Padding(batch);
            transfers.AddRange(Fields(result, transfer, result.Steps[t]));
            signatures.AddRange(transfer.Signature is { } signature ? OracleGadget.Fields(signature) : new Fr[3]);
        }

        assignment.Set(TransferCircuit.TransfersName, [.. transfers]);
        assignment.Set(TransferCircuit.SignaturesName, [.. signatures]);
        assignment.Set(TransferCircuit.PathsName, [.. result.Steps.SelectMany(step => LeafRange.InPairOrder(step.Path))]);
        return assignment;
    }

    private static Fr[] Fields(TransferResult result, Transfer transfer, TransferStep step)
    {
        Account account = step.Before ?? new Account { KeyX = transfer.KeyX, KeyY = transfer.KeyY };
        return
        [
            Is(transfer.Kind == TransferKind.Deposit), Is(transfer.Kind == TransferKind.Withdrawal), Is(transfer.Kind == TransferKind.ForcedWithdrawal),
            transfer.Leaf, FieldIntegers.FromInt128(transfer.Amount.Value), Fr.FromBigInteger(transfer.Recipient), transfer.KeyX, transfer.KeyY,
            Is(step.Before is null), account.KeyX, account.KeyY, account.Nonce, ((Fr)(long)account.Status * (1L << Account.TimeBits)) + account.FlaggedAt,
            FieldIntegers.FromInt128(account.Cash.Value), account.Indices, account.OrdersRoot,
            .. RiskMatrixAssignment.Dense(result.Batch.Risk, result.Rows, result.Batch.Shape.Instruments, account.Positions),
        ];
    }

    private static Fr Is(bool condition) => condition ? Fr.One : Fr.Zero;
}
