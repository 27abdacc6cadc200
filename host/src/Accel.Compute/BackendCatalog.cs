namespace Accel.Compute;

/// <summary>The kinds of backend that a program is composed of.</summary>
/// <param name="providers">Each of another kind, in the order in which they are listed.</param>
public sealed class BackendCatalog(IReadOnlyList<IBackendProvider> providers)
{
    /// <summary>The kinds.</summary>
    public IReadOnlyList<IBackendProvider> Providers { get; } = providers;

    /// <summary>The kind and the options of a backend's name.</summary>
    public static (string Kind, string? Options) Split(string name)
    {
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (name, null) : (name[..colon], name[(colon + 1)..]);
    }

    /// <summary>Whether there is such a kind; its options are not looked at.</summary>
    public bool Knows(string name) => Providers.Any(provider => provider.Kind == Split(name).Kind);

    /// <summary>The kinds and how each is written, for errors and help.</summary>
    public string Describe() => string.Join(", ", Providers.Select(provider => provider.Syntax));

    /// <summary>Opens the backend called <paramref name="name"/>.</summary>
    /// <param name="name">A kind, with options after a colon.</param>
    /// <param name="threads">Host threads that it may use, at least 1; null for one per processor.</param>
    /// <param name="cancel">Cancels the opening of a device.</param>
    /// <exception cref="ArgumentException">There is no such backend or option; the message lists those that exist.</exception>
    /// <exception cref="Device.DeviceException">The device is not there, or not one that this program knows.</exception>
    public ValueTask<IComputeBackend> OpenAsync(string name, int? threads, CancellationToken cancel)
    {
        (IBackendProvider provider, string? options) = Resolve(name);
        return provider.OpenAsync(options, threads ?? Environment.ProcessorCount, cancel);
    }

    /// <summary>What the backend called <paramref name="name"/> is; a card is only read for it.</summary>
    /// <exception cref="ArgumentException">There is no such backend or option; the message lists those that exist.</exception>
    /// <exception cref="Device.DeviceException">The device is not there, or not one that this program knows.</exception>
    public ValueTask<BackendInfo> DescribeAsync(string name, CancellationToken cancel)
    {
        (IBackendProvider provider, string? options) = Resolve(name);
        return provider.DescribeAsync(options, cancel);
    }

    /// <summary>Everything that is present.</summary>
    public async ValueTask<IReadOnlyList<FoundDevice>> FindAsync(CancellationToken cancel)
    {
        List<FoundDevice> found = [];
        foreach (IBackendProvider provider in Providers)
        {
            found.AddRange(await provider.FindAsync(cancel));
        }

        return found;
    }

    private (IBackendProvider Provider, string? Options) Resolve(string name)
    {
        (string kind, string? options) = Split(name);
        return (
            Providers.FirstOrDefault(provider => provider.Kind == kind) ?? throw new ArgumentException($"there is no compute backend '{kind}'; there is: {Describe()}", nameof(name)),
            options);
    }
}
