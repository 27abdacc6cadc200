using ILGPU;

namespace Accel.Compute.Ilgpu;

/// <summary>A thread's share of a loop: every kernel strides over its work, so that any grid does all of it.</summary>
internal static class KernelGrid
{
    /// <summary>The first index.</summary>
    public static int Index => (Grid.IdxX * Group.DimX) + Group.IdxX;

    /// <summary>The distance to the next.</summary>
    public static int Stride => Grid.DimX * Group.DimX;

    /// <summary>The smaller of two.</summary>
    public static int Least(int a, int b) => a < b ? a : b;
}
