using System.Runtime.InteropServices;
using Accel.Compute.Cpu;
using Accel.Compute.Fpga;
using Accel.Device;

namespace Accel.Compute;

/// <summary>
/// A card behind a transport: G1 products, transforms and the quotient run on it and are checked on the host; G2 products run on the host's
/// processor, which <see cref="BackendInfo.OnHost"/> says. Calls may run concurrently. A wrong result or a silent device is an exception; nothing
/// is repeated elsewhere behind the caller's back.
/// </summary>
public sealed class FpgaBackend : IComputeBackend, IDeviceMeter, IOrderedTransfers, IStreamingBackend
{
    private readonly CommandQueue _queue;
    private readonly LinkActivity _linkAtStart;
    private readonly FpgaBackendOptions _options;
    private readonly CpuBackend _host;
    private readonly FpgaMsm _msm;
    private readonly FpgaTransforms _transforms;
    private readonly SemaphoreSlim _msmTurn = new(1, 1);
    private readonly SemaphoreSlim _healing = new(1, 1);
    private readonly Lock _lock = new();
    private readonly List<DeviceOperation> _operations = [];
    private bool _disposed;

    private FpgaBackend(CommandQueue queue, FpgaBackendOptions options)
    {
        _queue = queue;
        _options = options;
        _linkAtStart = (queue.Transport as ILinkMeter)?.ReadActivity() ?? default;
        _host = new CpuBackend(options.Threads);
        Info = Describe(queue.Transport.Info, queue.Capabilities);
        _msm = new FpgaMsm(queue, Info.Device, options.ChunkScalars);
        _transforms = new FpgaTransforms(queue, Info.Device, options.Threads, Record);
    }

    /// <inheritdoc />
    public BackendInfo Info { get; }

    /// <summary>What the card can do.</summary>
    public DeviceCapabilities Capabilities => _queue.Capabilities;

    /// <inheritdoc />
    public IReadOnlyList<DeviceOperation> Operations
    {
        get
        {
            lock (_lock)
            {
                return [.. _operations];
            }
        }
    }

    /// <inheritdoc />
    public LinkActivity? Link => (_queue.Transport as ILinkMeter)?.ReadActivity()?.Since(_linkAtStart);

    /// <summary>What a backend on such a card says of itself. Nothing of the card is used or changed for it.</summary>
    /// <param name="transport">The path to the card.</param>
    /// <param name="device">What its registers say.</param>
    public static BackendInfo Describe(TransportInfo transport, DeviceCapabilities device)
    {
        string engines = string.Join(", ", new[]
        {
            device.HasMsm ? $"MSM with windows to {device.WindowBitsMax} bits" : null,
            device.HasNtt ? $"NTT with {device.NttLanes} lane{(device.NttLanes == 1 ? "" : "s")} and 2^{device.NttTileLog2Max} values on chip" : null,
        }.OfType<string>());

        // Data and scratch of a transform lie in device memory.
        int fitting = (int)long.Log2(device.MemoryBytes / (2 * ScalarBytes.Length)) - 1;
        return new BackendInfo(
            transport.Kind, $"{transport.Path}: {engines}", ["bn254"], Math.Min(device.NttLog2Max, fitting), Math.Min(Array.MaxLength, device.MemoryBytes / 128))
        {
            Path = transport.Path,
            RegisterVersion = $"{DeviceCapabilities.MajorVersion}.{device.MinorVersion}",
            MultipliesG2 = false,
            Resource = transport.Kind == SimTransport.Kind ? BackendInfo.HostProcessor : $"{transport.Kind}:{transport.Path}",
            OnHost = ["G2 products", "doubling and adding the bit-plane sums of G1 products", "checks of every result"],
        };
    }

    /// <summary>Opens a card; the backend disposes the transport with itself.</summary>
    /// <param name="transport">The path to it.</param>
    /// <param name="options">Sizes; null for the defaults.</param>
    /// <param name="cancel">Cancels the set-up.</param>
    /// <exception cref="DeviceException">The device is not one that this program knows.</exception>
    /// <exception cref="NotSupportedException">It computes on another curve.</exception>
    public static async Task<FpgaBackend> OpenAsync(IDeviceTransport transport, FpgaBackendOptions? options, CancellationToken cancel)
    {
        const int Bn254 = 1;
        if (options is { ChunkScalars: < 2 } or { ChunkScalars: > 1 << 24 } || (options?.ChunkScalars & 1) == 1)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options?.ChunkScalars, "chunks have an even number of scalars from 2 to 2^24: they begin on whole beats of memory");
        }

        CommandQueue queue = await CommandQueue.OpenAsync(transport, options?.Queue, cancel);
        if (queue.Capabilities is { CurveId: Bn254, FieldRBits: 256, ScalarRBits: 256 })
        {
            return new FpgaBackend(queue, options ?? new FpgaBackendOptions());
        }

        int curve = queue.Capabilities.CurveId;
        await queue.DisposeAsync();
        throw new NotSupportedException($"{transport.Info.Path}: the card computes on curve {curve}; this backend needs {Bn254}, BN254 with R = 2^256");
    }

    /// <inheritdoc />
    public async ValueTask NttAsync(NttPlan plan, Memory<Fr> values, CancellationToken cancel)
    {
        Begin(cancel);
        Ntt.Validate(plan, values.Length);
        RequireNtt(plan.Log2Size);
        await PrepareAsync(cancel);
        await _transforms.TransformAsync(plan, values, cancel);
    }

    /// <inheritdoc />
    public async ValueTask<IBaseSet<G1Affine>> LoadBasesAsync(ReadOnlyMemory<G1Affine> bases, CancellationToken cancel)
    {
        Begin(cancel);
        if (bases.Length > Info.MsmCountMax)
        {
            throw new NotSupportedException($"{bases.Length:N0} bases exceed the {Info.MsmCountMax:N0} that the card's memory is good for");
        }

        byte[] bytes = MemoryMarshal.AsBytes(bases.Span).ToArray();
        DeviceBuffer buffer = _queue.Memory.Allocate(bytes.Length);
        try
        {
            await PrepareAsync(cancel);
            await _queue.Transport.WriteAllAsync(buffer.Address, bytes, cancel);
            return new FpgaBaseSet(this, bases, buffer);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask<IBaseSet<G2Affine>> LoadBasesAsync(ReadOnlyMemory<G2Affine> bases, CancellationToken cancel)
    {
        Begin(cancel);
        return new HostBaseSet(this, await _host.LoadBasesAsync(bases, cancel));
    }

    /// <inheritdoc />
    public async ValueTask<G1> MsmAsync(IBaseSet<G1Affine> bases, IScalarSource scalars, CancellationToken cancel)
    {
        Begin(cancel);
        FpgaBaseSet own = OwnedBaseSet.For<FpgaBaseSet, G1Affine>(this, bases, scalars);
        _ = own.Buffer;
        if (!Capabilities.HasMsm)
        {
            throw new NotSupportedException($"{Info.Device} has no MSM engine; use a core that has one");
        }

        int windowBits = _options.WindowBits ?? MsmWindow.Choose(Capabilities, scalars.Count);
        if (!Capabilities.IsWindowLegal(windowBits))
        {
            throw new NotSupportedException($"windows of {windowBits} bits do not fit the engine: {Capabilities.WindowBitsMin} to {Capabilities.WindowBitsMax}, and 2^{Capabilities.MsmCellsLog2} buckets in all");
        }

        await _msmTurn.WaitAsync(cancel);
        try
        {
            await PrepareAsync(cancel);
            (G1 product, DeviceOperation operation) = await _msm.MultiplyAsync(own, scalars, windowBits, cancel);
            Record(operation);
            return product;
        }
        finally
        {
            _msmTurn.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask<G2> MsmAsync(IBaseSet<G2Affine> bases, IScalarSource scalars, CancellationToken cancel)
    {
        Begin(cancel);
        HostBaseSet own = OwnedBaseSet.For<HostBaseSet, G2Affine>(this, bases, scalars);

        // Off the caller's thread, so that it runs beside what the device does.
        return await Task.Run(async () => await _host.MsmAsync(own.Inner, scalars, cancel), cancel);
    }

    /// <inheritdoc />
    /// <remarks>The result lies in device memory and, checked, in the host's.</remarks>
    public ValueTask<IScalarSource> QuotientAsync(QuotientInput input, CancellationToken cancel) => QuotientAsync(input, () => { }, cancel);

    /// <inheritdoc />
    public async ValueTask<IScalarSource> QuotientAsync(QuotientInput input, Action taken, CancellationToken cancel)
    {
        Begin(cancel);
        int log2 = Quotient.Validate(input);
        RequireNtt(log2);
        if (!Capabilities.HasPointwise)
        {
            throw new NotSupportedException($"{Info.Device} has no pointwise unit; use a core that has one");
        }

        await PrepareAsync(cancel);
        (Fr[] values, DeviceBuffer buffer) = await _transforms.QuotientAsync(input, taken, cancel);
        return new DeviceScalarSource(this, values, buffer);
    }

    /// <inheritdoc />
    /// <exception cref="DeviceMemoryException">The scalars do not fit the card's memory.</exception>
    public async ValueTask<IStreamedScalars> StreamAsync(GrowingScalars scalars, CancellationToken cancel)
    {
        Begin(cancel);
        await PrepareAsync(cancel);
        DeviceBuffer buffer = _queue.Memory.Allocate((long)scalars.Count * ScalarBytes.Length);
        return new ArrivingScalars(this, _queue.Transport, buffer, scalars, _options.ChunkScalars, cancel);
    }

    /// <summary>Runs transforms back to back, all in flight at once, to measure the engine. Every result is checked.</summary>
    /// <param name="train">How many, and how large.</param>
    /// <param name="cancel">Cancels the wait for free slots.</param>
    /// <exception cref="NotSupportedException">There is no NTT engine, or the transforms do not fit the card.</exception>
    public async Task<TransformTrainResult> RunTransformsAsync(TransformTrain train, CancellationToken cancel)
    {
        Begin(cancel);
        RequireNtt(train.Log2Size);
        await PrepareAsync(cancel);
        await _queue.Transport.WriteRegisterAsync(AccelRegisters.NttTileLog2, (uint)(train.TileLog2 ?? Capabilities.NttTileLog2Max), cancel);
        return await _transforms.RunTrainAsync(train, cancel);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _queue.DisposeAsync();
        await _host.DisposeAsync();
        _msm.Dispose();
        _msmTurn.Dispose();
        _healing.Dispose();
    }

    /// <summary>The card's memory, for tests of what is given back.</summary>
    internal DeviceMemory Memory => _queue.Memory;

    internal async ValueTask ReleaseBasesAsync(DeviceBuffer buffer)
    {
        if (_disposed)
        {
            return;
        }

        await _msmTurn.WaitAsync();
        buffer.Dispose();
        _msmTurn.Release();
    }

    private void Begin(CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancel.ThrowIfCancellationRequested();
    }

    private void RequireNtt(int log2)
    {
        if (!Capabilities.HasNtt)
        {
            throw new NotSupportedException($"{Info.Device} has no NTT engine; use a core that has one");
        }

        if (log2 > Info.NttLog2SizeMax)
        {
            throw new NotSupportedException($"a transform of 2^{log2} values exceeds the card's 2^{Info.NttLog2SizeMax}; use a card with more memory, or the cpu backend");
        }
    }

    /// <summary>Before the card is given work.</summary>
    private async ValueTask PrepareAsync(CancellationToken cancel)
    {
        await HealAsync(cancel);
        if (await CardTemperature.ReadAsync(_queue.Transport, Capabilities.MinorVersion, cancel) is { } celsius && celsius > _options.CelsiusMax)
        {
            throw new DeviceTemperatureException(_queue.Transport.Info.Path, celsius, _options.CelsiusMax);
        }
    }

    /// <summary>After a timeout or a broken ring the device is reset before it is used again; what it failed at has been reported to its caller.</summary>
    private async Task HealAsync(CancellationToken cancel)
    {
        if (!_queue.IsFaulted)
        {
            return;
        }

        await _healing.WaitAsync(cancel);
        try
        {
            if (_queue.IsFaulted)
            {
                await _queue.ResetAsync(cancel);
            }
        }
        finally
        {
            _healing.Release();
        }
    }

    private void Record(DeviceOperation operation)
    {
        lock (_lock)
        {
            _operations.Add(operation);
        }
    }
}

/// <summary>Sizes of a card's backend.</summary>
public sealed record FpgaBackendOptions
{
    /// <summary>Host threads for G2 products and checks, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Scalars of one chunk, an even number from 2 to 2²⁴; two chunks are in flight.</summary>
    public int ChunkScalars { get; init; } = 1 << 14;

    /// <summary>Bits of an MSM's window; null lets a cost model choose.</summary>
    public int? WindowBits { get; init; }

    /// <summary>The card is given no work while its sensor, if it has one, shows more degrees Celsius.</summary>
    public double CelsiusMax { get; init; } = CelsiusMaxUsual;

    /// <summary>Below the 100 °C up to which UltraScale+ parts of the extended and industrial grades are specified (AMD DS922 and DS923, recommended operating conditions).</summary>
    public const double CelsiusMaxUsual = 95;

    /// <summary>The command queue's sizes.</summary>
    public CommandQueueOptions? Queue { get; init; }
}
