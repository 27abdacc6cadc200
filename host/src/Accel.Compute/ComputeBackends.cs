using Accel.Device;

namespace Accel.Compute;

/// <summary>Makes backends by name.</summary>
public static class ComputeBackends
{
    /// <summary>The names that <see cref="CreateAsync"/> knows.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [CpuBackend.Kind, SimTransport.Kind];

    /// <summary>Makes the backend called <paramref name="name"/>.</summary>
    /// <param name="name">One of <see cref="Kinds"/>; a simulated card takes options after a colon: <c>sim:library=lanes1,latency=100,stalls=10</c>.</param>
    /// <param name="threads">Host threads that it may use, at least 1; null for one per processor.</param>
    /// <param name="cancel">Cancels the opening of a device.</param>
    /// <exception cref="ArgumentException">There is no such backend or option; the message lists those that exist.</exception>
    /// <exception cref="DeviceException">The device is not there, or not one that this program knows.</exception>
    public static async ValueTask<IComputeBackend> CreateAsync(string name, int? threads, CancellationToken cancel)
    {
        (string kind, string? options) = Split(name);
        int count = threads ?? Environment.ProcessorCount;
        return (kind, options) switch
        {
            (CpuBackend.Kind, null) => new CpuBackend(count),
            (CpuBackend.Kind, _) => throw new ArgumentException($"the cpu backend has no options, but '{options}' was given", nameof(name)),
            (SimTransport.Kind, _) => await FpgaBackend.OpenAsync(new SimTransport(options ?? string.Empty), new FpgaBackendOptions { Threads = count }, cancel),
            _ => throw new ArgumentException($"there is no compute backend '{kind}'; there is: {string.Join(", ", Kinds)}", nameof(name)),
        };
    }

    /// <summary>The kind and the options of a backend's name.</summary>
    public static (string Kind, string? Options) Split(string name)
    {
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (name, null) : (name[..colon], name[(colon + 1)..]);
    }
}
