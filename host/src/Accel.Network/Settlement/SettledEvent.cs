using System.Text;
using Accel.Network.Evm;

namespace Accel.Network.Settlement;

/// <summary>The contract's record of an accepted batch.</summary>
/// <param name="BatchNumber">The batch's number, from 0.</param>
/// <param name="FirstLeaf">First leaf that it covered.</param>
/// <param name="OldRoot">State root before.</param>
/// <param name="NewRoot">State root after.</param>
/// <param name="OracleTime">Snapshot time, Unix seconds.</param>
/// <param name="DiffHash">Hash to which the proof is bound.</param>
/// <param name="Diff">The operator's diff; whoever follows the tree must hash it and compare with <paramref name="DiffHash"/>.</param>
public sealed record SettledEvent(
    ulong BatchNumber, ulong FirstLeaf, Fr OldRoot, Fr NewRoot, ulong OracleTime, Fr DiffHash, ReadOnlyMemory<byte> Diff)
{
    private const int WordLength = 32;
    private const int HeadWords = 6;

    private static readonly byte[] Topic =
        Keccak256.Hash(Encoding.ASCII.GetBytes("Settled(uint64,uint64,uint256,uint256,uint64,uint256,bytes)"));

    /// <summary>Reads the event, or gives null when the log holds another one.</summary>
    /// <exception cref="InvalidDataException">The log has this event's topic but not its shape.</exception>
    public static SettledEvent? TryRead(EvmLog log)
    {
        if (log.Topics.Count != 2 || !log.Topics[0].Span.SequenceEqual(Topic))
        {
            return null;
        }

        ReadOnlySpan<byte> data = log.Data.Span;
        int contentStart = (HeadWords + 1) * WordLength;
        if (data.Length < contentStart || AbiEncoder.ReadWord(data, HeadWords) > data.Length - contentStart)
        {
            throw new InvalidDataException($"the Settled event of {log.Address} has {data.Length} bytes, fewer than its head and its diff need");
        }

        return new SettledEvent(
            (ulong)AbiEncoder.ReadWord(log.Topics[1].Span, 0),
            (ulong)AbiEncoder.ReadWord(data, 0),
            Fr.FromBigInteger(AbiEncoder.ReadWord(data, 1)),
            Fr.FromBigInteger(AbiEncoder.ReadWord(data, 2)),
            (ulong)AbiEncoder.ReadWord(data, 3),
            Fr.FromBigInteger(AbiEncoder.ReadWord(data, 4)),
            log.Data.Slice(contentStart, (int)AbiEncoder.ReadWord(data, HeadWords)));
    }
}

/// <summary>A batch that the contract accepted.</summary>
/// <param name="Settled">The contract's record.</param>
/// <param name="TransactionHash">32 bytes in hexadecimal after <c>0x</c>.</param>
/// <param name="GasUsed">Gas paid, intrinsic cost and call data included.</param>
public sealed record SettlementReceipt(SettledEvent Settled, string TransactionHash, long GasUsed);
