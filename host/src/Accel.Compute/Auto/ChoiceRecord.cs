namespace Accel.Compute.Auto;

/// <summary>A choice and what came of it.</summary>
/// <param name="Choice">The choice.</param>
/// <param name="ActualMs">Milliseconds that the operation took; null when a device failed at it.</param>
/// <param name="Failure">What failed, in words.</param>
public sealed record ChoiceRecord(Choice Choice, double? ActualMs, string? Failure);
