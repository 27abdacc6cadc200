namespace Accel.Compute.Auto;

/// <summary>What is measured, modelled and chosen for, one by one.</summary>
public enum ComputeOperation
{
    /// <summary>Making n bases of G1 resident.</summary>
    LoadG1,

    /// <summary>A product of n scalars with resident bases of G1.</summary>
    MsmG1,

    /// <summary>A product of n scalars with resident bases of G2.</summary>
    MsmG2,

    /// <summary>A forward transform of n values.</summary>
    Ntt,

    /// <summary>A quotient of n values, read back to the host.</summary>
    Quotient,
}

/// <summary>What one operation took.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Count">Bases, scalars or values, at least 1.</param>
/// <param name="MedianMs">Median of the runs in milliseconds of the clock, transfers included.</param>
public sealed record OperationTime(ComputeOperation Operation, long Count, double MedianMs);
