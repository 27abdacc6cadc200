namespace Accel.Compute;

/// <summary>Forward transforms back to back.</summary>
/// <param name="Log2Size">Each has 2 to this power values.</param>
/// <param name="Count">How many.</param>
/// <param name="TileLog2">Limit of the on-chip size, as a power of 2; null for the engine's own.</param>
public readonly record struct TransformTrain(int Log2Size, int Count, int? TileLog2 = null);

/// <summary>What they cost.</summary>
/// <param name="CyclesPerTransform">Mean interval between completions, an eighth of them left out at either end.</param>
/// <param name="Butterflies">Butterflies of one transform, as the device counted them.</param>
public readonly record struct TransformTrainResult(double CyclesPerTransform, ulong Butterflies);
