using System.Globalization;

namespace Accel.Compute.Ilgpu;

/// <summary>Accelerators through ILGPU.</summary>
public sealed class IlgpuProvider : IBackendProvider
{
    /// <inheritdoc />
    public string Kind => IlgpuBackend.Kind;

    /// <inheritdoc />
    public string Syntax => "ilgpu[:cpu|:cuda[:N]]";

    /// <inheritdoc />
    /// <remarks>The devices, and always ILGPU's CPU accelerator.</remarks>
    public ValueTask<IReadOnlyList<FoundDevice>> FindAsync(CancellationToken cancel)
    {
        List<FoundDevice> found = [.. IlgpuBackend.CudaDevices.Select((name, ordinal) => new FoundDevice($"{Kind}:cuda:{ordinal}", name))];
        found.Add(new FoundDevice($"{Kind}:cpu", "ILGPU CPU accelerator: for tests, slow"));
        return new(found);
    }

    /// <inheritdoc />
    /// <remarks>Without options the first CUDA device; the CPU accelerator where there is none, which the backend's description says.</remarks>
    public ValueTask<IComputeBackend> OpenAsync(string? options, int threads, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        IlgpuBackendOptions sizes = new() { Threads = threads };
        string[] parts = options?.Split(':') ?? [];
        return new(parts switch
        {
            [] => IlgpuBackend.CudaDevices.Count > 0 ? IlgpuBackend.OpenCuda(0, sizes) : IlgpuBackend.OpenCpu(sizes),
            ["cpu"] => IlgpuBackend.OpenCpu(sizes),
            ["cuda"] => IlgpuBackend.OpenCuda(0, sizes),
            ["cuda", var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal) =>
                IlgpuBackend.OpenCuda(ordinal, sizes),
            _ => throw new ArgumentException($"'{options}' is no device of the ilgpu backend; it is written {Syntax}", nameof(options)),
        });
    }
}
