namespace Accel.Network.Evm;

/// <summary>A mined transaction that succeeded.</summary>
/// <param name="TransactionHash">32 bytes in hexadecimal after <c>0x</c>.</param>
/// <param name="GasUsed">Gas paid, intrinsic cost and call data included.</param>
/// <param name="ContractAddress">The contract that the transaction created, if it did.</param>
/// <param name="Logs">Events in order.</param>
public sealed record EvmReceipt(string TransactionHash, long GasUsed, EvmAddress? ContractAddress, IReadOnlyList<EvmLog> Logs);

/// <summary>An event.</summary>
/// <param name="Address">The contract that emitted it.</param>
/// <param name="Topics">Hash of the signature, then the indexed arguments; 32 bytes each.</param>
/// <param name="Data">The other arguments, ABI-encoded.</param>
public sealed record EvmLog(EvmAddress Address, IReadOnlyList<ReadOnlyMemory<byte>> Topics, ReadOnlyMemory<byte> Data);
