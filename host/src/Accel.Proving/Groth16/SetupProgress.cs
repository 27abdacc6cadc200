namespace Accel.Proving.Groth16;

/// <summary>A step of a set-up.</summary>
public enum SetupPhase
{
    /// <summary>Reading the constraints into matrices.</summary>
    Matrices,

    /// <summary>The points of the public inputs.</summary>
    Inputs,

    /// <summary>The points A.</summary>
    A,

    /// <summary>The points B in G1.</summary>
    B1,

    /// <summary>The points B in G2.</summary>
    B2,

    /// <summary>The points C.</summary>
    C,

    /// <summary>The points H.</summary>
    H,

    /// <summary>The hash by which ceremonies name the key.</summary>
    Hash,
}

/// <summary>How far a set-up is.</summary>
/// <param name="Phase">The step at work.</param>
/// <param name="Done">Points of this step that are done; steps that count none report 0 of 0 when they begin.</param>
/// <param name="Total">Points of this step.</param>
public readonly record struct SetupProgress(SetupPhase Phase, int Done, int Total);
