namespace Accel.Compute;

/// <summary>Bases that know which backend holds them: another one's memory does not reach them.</summary>
internal interface IOwnedBaseSet<TPoint> : IBaseSet<TPoint>
    where TPoint : struct
{
    /// <summary>The backend that loaded them.</summary>
    IComputeBackend Owner { get; }
}

/// <summary>What every backend asks of a product's bases and scalars.</summary>
internal static class OwnedBaseSet
{
    /// <summary>The backend's own set behind <paramref name="bases"/>, once it is known to hold enough for the scalars.</summary>
    /// <exception cref="ArgumentException">Another backend loaded the bases, or there are more scalars than bases.</exception>
    public static TSet For<TSet, TPoint>(IComputeBackend backend, IBaseSet<TPoint> bases, IScalarSource scalars)
        where TSet : class, IOwnedBaseSet<TPoint>
        where TPoint : struct
    {
        if (bases is not TSet own || own.Owner != backend)
        {
            throw new ArgumentException("the bases were loaded by another backend; load them by the one that multiplies", nameof(bases));
        }

        return scalars.Count <= own.Count
            ? own
            : throw new ArgumentException($"there are {scalars.Count} scalars for {own.Count} bases", nameof(scalars));
    }
}
