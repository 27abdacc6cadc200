using Accel.Device;

namespace Accel.Compute.Auto;

/// <summary>The backend that chooses among those devices that are present and were measured.</summary>
/// <param name="providers">The kinds of device, the processor's among them.</param>
/// <param name="calibration">Reads what was measured.</param>
/// <param name="behaviour">How to treat the devices.</param>
public sealed class AutoProvider(IReadOnlyList<IBackendProvider> providers, Func<Calibration> calibration, AutoBackendOptions behaviour) : IBackendProvider
{
    /// <summary>What a processor that was never measured is taken for, so that it is chosen where it is alone.</summary>
    private static readonly CostModel Unmeasured = new([.. Enum.GetValues<ComputeOperation>().Select(operation => new OperationTime(operation, 1, 1))]);

    /// <inheritdoc />
    public string Kind => AutoBackend.Kind;

    /// <inheritdoc />
    public string Syntax => "auto[:NAME+NAME…]";

    /// <inheritdoc />
    /// <remarks>It is no device of its own.</remarks>
    public ValueTask<IReadOnlyList<FoundDevice>> FindAsync(CancellationToken cancel) => new([]);

    /// <inheritdoc />
    public async ValueTask<IComputeBackend> OpenAsync(string? options, int threads, CancellationToken cancel)
    {
        BackendCatalog catalog = new(providers);
        string[] names = options is null
            ? [.. (await catalog.FindAsync(cancel)).Select(device => device.Name)]
            : options.Split('+', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Calibration measured = calibration();
        List<AutoDevice> others = [];
        foreach (string name in names.Where(name => name != CpuBackend.Kind))
        {
            IReadOnlyList<OperationTime>? times = measured.Devices.FirstOrDefault(known => known.Name == name)?.Times;
            if (times is null)
            {
                behaviour.Notices?.Report(new DeviceNotice(name, DeviceHealth.Quarantined, "was never measured, so it is not used; run `accel calibrate`"));
            }
            else
            {
                others.Add(new AutoDevice(name, new CostModel(times), stop => OpenMeasuredAsync(catalog, measured, name, threads, stop)));
            }
        }

        CostModel cpu = measured.Devices.FirstOrDefault(known => known.Name == CpuBackend.Kind) is { } host ? new CostModel(host.Times) : Unmeasured;
        if (ReferenceEquals(cpu, Unmeasured) && others.Count > 0)
        {
            behaviour.Notices?.Report(new DeviceNotice(CpuBackend.Kind, DeviceHealth.Ready, "the processor was never measured, so the choice is blind; run `accel calibrate`"));
        }

        AutoDevice processor = new(CpuBackend.Kind, cpu, stop => catalog.OpenAsync(CpuBackend.Kind, threads, stop));
        return await AutoBackend.OpenAsync(processor, others, behaviour, cancel);
    }

    private static async ValueTask<IComputeBackend> OpenMeasuredAsync(BackendCatalog catalog, Calibration measured, string name, int threads, CancellationToken cancel)
    {
        IComputeBackend backend = await catalog.OpenAsync(name, threads, cancel);
        if (measured.Find(name, backend.Info.Device) is not null)
        {
            return backend;
        }

        string device = backend.Info.Device;
        await backend.DisposeAsync();
        throw new DeviceException($"{name} is now '{device}', which is not what was measured; run `accel calibrate`");
    }
}
