namespace Accel.Compute;

/// <summary>One kind of backend: finds what it can run on, and opens it.</summary>
public interface IBackendProvider
{
    /// <summary>What names the kind in front of the colon, such as <c>cpu</c>.</summary>
    string Kind { get; }

    /// <summary>How a backend of this kind is written, for help and errors: <c>opencl[:PLATFORM/DEVICE]</c>.</summary>
    string Syntax { get; }

    /// <summary>Devices that are present. The absence of drivers and devices is an empty list.</summary>
    ValueTask<IReadOnlyList<FoundDevice>> FindAsync(CancellationToken cancel);

    /// <summary>Opens a backend.</summary>
    /// <param name="options">What follows <c>kind:</c>; null when there is no colon.</param>
    /// <param name="threads">Host threads that it may use, at least 1.</param>
    /// <param name="cancel">Cancels the opening.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message says which and what would be right.</exception>
    /// <exception cref="Device.DeviceException">The device is not there, or not one that this program knows.</exception>
    ValueTask<IComputeBackend> OpenAsync(string? options, int threads, CancellationToken cancel);

    /// <summary>What a backend with a thread per processor would say of itself. A card is only read for it, so that one at work for somebody else goes on.</summary>
    /// <param name="options">What follows <c>kind:</c>; null when there is no colon.</param>
    /// <param name="cancel">Cancels the reading.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message says which and what would be right.</exception>
    /// <exception cref="Device.DeviceException">The device is not there, or not one that this program knows.</exception>
    async ValueTask<BackendInfo> DescribeAsync(string? options, CancellationToken cancel)
    {
        await using IComputeBackend backend = await OpenAsync(options, Environment.ProcessorCount, cancel);
        return backend.Info;
    }
}

/// <summary>A device that a backend can run on.</summary>
/// <param name="Name">Kind and options as <c>--backend</c> takes them.</param>
/// <param name="Description">What it is, in words.</param>
public sealed record FoundDevice(string Name, string Description);
