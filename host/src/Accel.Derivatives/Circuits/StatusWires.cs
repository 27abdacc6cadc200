using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>Nonce, flags and time of flagging before and after. Ranges make the packed element's parts unique.</summary>
internal sealed record StatusWires(Linear OldPacked, Linear NewPacked, Integer NewStatus, Integer NewFlaggedAt)
{
    private const int NonceBits = 64;

    public static StatusWires Define(CircuitBuilder builder, AccountWires account, Bit isClearing, Bit isBelow, in Linear time)
    {
        using ScopeHandle scope = builder.Scope("status");
        Integer nonce = builder.ToUnsigned(account.Nonce, NonceBits);
        Bit[] status = builder.ToBits(account.Status, Account.FlagBits);
        Integer flaggedAt = builder.ToUnsigned(account.FlaggedAt, Account.TimeBits);
        Bit wasBelow = status[0];
        Bit flag = builder.Select(isClearing, wasBelow, isBelow);
        Integer newStatus = Integer.Assume(account.Status - wasBelow.Value + flag.Value, 0, (1 << Account.FlagBits) - 1, "only the lowest bit changes");
        Integer since = Integer.Assume(builder.Select(wasBelow, flaggedAt.Value, time), 0, (1L << Account.TimeBits) - 1, "both are times");
        Integer raised = Integer.Assume(builder.Multiply(isBelow, since.Value), 0, (1L << Account.TimeBits) - 1, "a time or zero");
        Integer newFlaggedAt = builder.Select(isClearing, flaggedAt, raised);
        return new StatusWires(Pack(nonce, account.Status, flaggedAt), Pack(nonce, newStatus, newFlaggedAt), newStatus, newFlaggedAt);
    }

    private static Linear Pack(in Linear nonce, in Linear status, in Linear flaggedAt) =>
        (((nonce * WordPacker.PowerOfTwo(Account.FlagBits)) + status) * WordPacker.PowerOfTwo(Account.TimeBits)) + flaggedAt;
}
