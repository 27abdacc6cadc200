using System.Collections.Concurrent;
using Accel.Derivatives.Circuits;
using Accel.Derivatives.Circuits.Trading;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;

namespace Accel.Derivatives.Tests.Trading;

/// <summary>The tiny circuits, compiled once.</summary>
internal static class TradeCircuits
{
    private static readonly ConcurrentDictionary<string, Lazy<CompiledCircuit>> Compiled = new();

    public static CompiledCircuit Trade(PublicFace face) => Of(new TradeBatchCircuit(TradeShape.Tiny, face));

    public static CompiledCircuit Liquidation(PublicFace face) => Of(new LiquidationCircuit(LiquidationShape.Tiny, face));

    public static CompiledCircuit Transfer(PublicFace face) => Of(new TransferCircuit(TransferShape.Tiny, face));

    private static CompiledCircuit Of(IStatement statement) => Compiled.GetOrAdd(statement.Name, _ => new Lazy<CompiledCircuit>(() => CompiledCircuit.Compile(statement))).Value;
}
