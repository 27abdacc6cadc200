using System.Collections.Concurrent;
using System.Numerics;
using Accel.Compute.Cpu;
using Accel.Compute.Ilgpu.Arithmetic;
using Accel.Compute.Ilgpu.Msm;
using Accel.Compute.Ilgpu.Ntt;
using Accel.Device;
using ILGPU;
using ILGPU.Runtime;

namespace Accel.Compute.Ilgpu;

/// <summary>
/// An accelerator through ILGPU: a CUDA device, or ILGPU's CPU accelerator, on which the same kernels are tested. G1 products, transforms and the
/// quotient run on it; G2 products run on the host's processor, which <see cref="BackendInfo.OnHost"/> says.
/// Calls may run concurrently; they take turns.
/// </summary>
public sealed class IlgpuBackend : IComputeBackend
{
    /// <summary>The name that selects this backend.</summary>
    public const string Kind = "ilgpu";

    // A quotient has three vectors, the buffers of a transform and its roots on the device.
    private const int TransformBytes = 6 * 32;
    private const int BaseBytes = 64;

    private readonly IlgpuDevice _device;
    private readonly IlgpuBackendOptions _options;
    private readonly CpuBackend _host;
    private readonly IlgpuMsm _msm;
    private readonly IlgpuTransforms _transforms;
    private readonly AcceleratorStream _reading;
    private readonly SemaphoreSlim _readingTurn = new(1, 1);
    private readonly ConcurrentQueue<IDisposable> _abandoned = new();
    private bool _disposed;

    private IlgpuBackend(IlgpuDevice device, IlgpuBackendOptions options)
    {
        _device = device;
        _options = options;
        _host = new CpuBackend(options.Threads);
        _msm = new IlgpuMsm(device);
        _transforms = new IlgpuTransforms(device);
        _reading = device.Accelerator.CreateStream();
        int fitting = (int)long.Log2(device.MemoryBytes / TransformBytes);
        long bases = Math.Min(Array.MaxLength, device.MemoryBytes / 2 / BaseBytes);
        Info = new BackendInfo(Kind, device.Description, ["bn254"], Math.Min(Cpu.Ntt.Log2SizeMax, fitting), bases)
        {
            MultipliesG2 = false,
            Resource = device.IsGpu ? device.Accelerator.Name : BackendInfo.HostProcessor,
            OnHost = ["G2 products", "adding the windows' sums of G1 products"],
        };
    }

    /// <inheritdoc />
    public BackendInfo Info { get; }

    /// <summary>The CUDA devices of this machine, by ordinal; none where there is no driver.</summary>
    public static IReadOnlyList<string> CudaDevices => IlgpuDevice.CudaNames;

    /// <summary>Opens a CUDA device.</summary>
    /// <param name="ordinal">Its number, from 0.</param>
    /// <param name="options">Sizes; null for the defaults.</param>
    /// <exception cref="DeviceException">There is no such device.</exception>
    public static IlgpuBackend OpenCuda(int ordinal, IlgpuBackendOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ordinal);
        return new IlgpuBackend(IlgpuDevice.OpenCuda(ordinal), Checked(options));
    }

    /// <summary>Opens ILGPU's CPU accelerator, which runs the kernels on host threads: for tests, slow.</summary>
    /// <param name="options">Sizes; null for the defaults.</param>
    public static IlgpuBackend OpenCpu(IlgpuBackendOptions? options = null)
    {
        IlgpuBackendOptions known = Checked(options);
        return new IlgpuBackend(IlgpuDevice.OpenCpu(known.Threads), known);
    }

    /// <inheritdoc />
    public async ValueTask NttAsync(NttPlan plan, Memory<Fr> values, CancellationToken cancel)
    {
        Begin(cancel);
        Cpu.Ntt.Validate(plan, values.Length);
        RequireSize(plan.Log2Size);
        await InTurnAsync(() => _transforms.Transform(plan, values.Span), cancel);
    }

    /// <inheritdoc />
    public async ValueTask<IBaseSet<G1Affine>> LoadBasesAsync(ReadOnlyMemory<G1Affine> bases, CancellationToken cancel)
    {
        Begin(cancel);
        if (bases.Length > Info.MsmCountMax)
        {
            throw new NotSupportedException($"{bases.Length:N0} bases exceed the {Info.MsmCountMax:N0} that the memory of {Info.Device} is good for");
        }

        MemoryBuffer1D<DeviceAffine, Stride1D.Dense>? buffer = null;
        await InTurnAsync(
            () =>
            {
                buffer = DeviceMemory.Allocate<DeviceAffine>(_device.Accelerator, bases.Length);
                _transforms.Write(bases.Span, buffer.View.AsContiguous());
            },
            cancel);
        return new IlgpuBaseSet(this, buffer!, bases.Length);
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
        IlgpuBaseSet own = OwnedBaseSet.For<IlgpuBaseSet, G1Affine>(this, bases, scalars);
        _ = own.Points;
        if (scalars.Count == 0)
        {
            return G1.Infinity;
        }

        MsmPlan plan = _options.WindowBits is { } bits ? new MsmPlan(bits) : MsmPlan.Choose(BitOperations.RoundUpToPowerOf2((uint)scalars.Count));
        ArrayView<Limbs>? resident = scalars is IlgpuScalarSource held && held.Owner._device == _device ? held.Values : null;
        G1 product = G1.Infinity;
        await InTurnAsync(async () => product = await _msm.MultiplyAsync(own.Points, scalars, resident, plan, _options.ChunkScalars, cancel), cancel);
        GC.KeepAlive(scalars);
        return product;
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
    /// <remarks>The result stays in the device's memory until nobody holds it.</remarks>
    public async ValueTask<IScalarSource> QuotientAsync(QuotientInput input, CancellationToken cancel)
    {
        Begin(cancel);
        int log2 = Quotient.Validate(input);
        RequireSize(log2);
        MemoryBuffer1D<Limbs, Stride1D.Dense>? result = null;
        await InTurnAsync(() => result = _transforms.Quotient(input, log2, cancel), cancel);
        return new IlgpuScalarSource(this, result!, input.A.Length);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _device.Turn.WaitAsync();
        try
        {
            ReleaseAbandoned();
            _msm.Dispose();
            _transforms.Dispose();
        }
        finally
        {
            _device.Turn.Release();
        }

        await _readingTurn.WaitAsync();
        _reading.Dispose();
        _readingTurn.Release();
        await _host.DisposeAsync();
    }

    /// <summary>Copies scalars from the device to the host. It does not take the device's turn: who reads may be a product that has it.</summary>
    internal async ValueTask ReadAsync(ArrayView<Limbs> source, Memory<Fr> destination, CancellationToken cancel)
    {
        Begin(cancel);
        await _readingTurn.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            await Task.Run(() => DeviceMemory.Download(_reading, source, destination.Span), cancel);
        }
        catch (AcceleratorException failure)
        {
            throw new DeviceException($"{Info.Device}: {failure.Message}", failure);
        }
        finally
        {
            _readingTurn.Release();
        }
    }

    /// <summary>Frees a buffer when the device is next used, on a thread that may use it.</summary>
    internal void Abandon(IDisposable buffer) => _abandoned.Enqueue(buffer);

    /// <summary>Frees a buffer once nothing that runs reads it.</summary>
    internal async ValueTask ReleaseAsync(IDisposable buffer)
    {
        await _device.Turn.WaitAsync();
        try
        {
            buffer.Dispose();
        }
        finally
        {
            _device.Turn.Release();
        }
    }

    private static IlgpuBackendOptions Checked(IlgpuBackendOptions? options)
    {
        options ??= new IlgpuBackendOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ChunkScalars, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ChunkScalars, IlgpuBackendOptions.ChunkScalarsMax);
        if (options.WindowBits is < MsmPlan.WindowBitsMin or > MsmPlan.WindowBitsMax)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.WindowBits, $"windows have {MsmPlan.WindowBitsMin} to {MsmPlan.WindowBitsMax} bits");
        }

        return options;
    }

    private void RequireSize(int log2)
    {
        if (log2 > Info.NttLog2SizeMax)
        {
            throw new NotSupportedException(
                $"a transform of 2^{log2} values exceeds 2^{Info.NttLog2SizeMax}, which the memory of {Info.Device} is good for");
        }
    }

    private void Begin(CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancel.ThrowIfCancellationRequested();
    }

    private void ReleaseAbandoned()
    {
        while (_abandoned.TryDequeue(out IDisposable? buffer))
        {
            buffer.Dispose();
        }
    }

    private Task InTurnAsync(Action work, CancellationToken cancel) => InTurnAsync(
        () =>
        {
            work();
            return Task.CompletedTask;
        },
        cancel);

    /// <summary>Runs work on the device off the caller's thread, since it waits for the device.</summary>
    /// <exception cref="DeviceException">The device, or its driver, failed.</exception>
    private async Task InTurnAsync(Func<Task> work, CancellationToken cancel)
    {
        await _device.Turn.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ReleaseAbandoned();
            await Task.Run(work, cancel);
        }
        catch (AcceleratorException failure)
        {
            throw new DeviceException($"{Info.Device}: {failure.Message}", failure);
        }
        finally
        {
            _device.Turn.Release();
        }
    }
}

/// <summary>Sizes of an ILGPU backend.</summary>
public sealed record IlgpuBackendOptions
{
    /// <summary>The most scalars of a chunk: the entries of all their digits are counted by an int.</summary>
    public const int ChunkScalarsMax = 1 << 23;

    /// <summary>Host threads for G2 products and the CPU accelerator, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Scalars of a chunk, 1 to <see cref="ChunkScalarsMax"/>; one is sent while the one before is worked on.</summary>
    public int ChunkScalars { get; init; } = 1 << 19;

    /// <summary>Bits of an MSM's window, 2 to 16; null lets a cost model choose.</summary>
    public int? WindowBits { get; init; }
}
