namespace Accel.Compute;

/// <summary>Makes backends by name.</summary>
public static class ComputeBackends
{
    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [CpuBackend.Kind];

    /// <summary>Makes the backend called <paramref name="kind"/>.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="threads">Host threads that it may use, at least 1; null for one per processor.</param>
    /// <exception cref="ArgumentException">There is no such backend; the message lists those that exist.</exception>
    public static IComputeBackend Create(string kind, int? threads = null) => kind switch
    {
        CpuBackend.Kind => new CpuBackend(threads ?? Environment.ProcessorCount),
        _ => throw new ArgumentException($"there is no compute backend '{kind}'; there is: {string.Join(", ", Kinds)}", nameof(kind)),
    };
}
