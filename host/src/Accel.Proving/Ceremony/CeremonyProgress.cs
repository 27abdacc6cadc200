namespace Accel.Proving.Ceremony;

/// <summary>How far a step over a key's or a transcript's points is.</summary>
/// <param name="Step">The step in words.</param>
/// <param name="Done">Points done.</param>
/// <param name="Total">Points of this step.</param>
public readonly record struct CeremonyProgress(string Step, long Done, long Total);
