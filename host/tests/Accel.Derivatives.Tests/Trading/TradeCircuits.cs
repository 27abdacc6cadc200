using System.Collections.Concurrent;
using Accel.Derivatives.Circuits;
using Accel.Derivatives.Circuits.Trading;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;

namespace Accel.Derivatives.Tests.Trading;

/// <summary>The tiny circuits, compiled once.</summary>
internal static class TradeCircuits
{
    private static readonly ConcurrentDictionary<PublicFace, Lazy<CompiledCircuit>> Compiled = new();

    public static CompiledCircuit Of(PublicFace face) =>
        Compiled.GetOrAdd(face, f => new Lazy<CompiledCircuit>(() => CompiledCircuit.Compile(new TradeBatchCircuit(TradeShape.Tiny, f)))).Value;
}
