using System.Collections.Concurrent;
using Accel.Compute.Cpu;
using Accel.Device.OpenCl;

namespace Accel.Compute.OpenCl;

/// <summary>
/// An OpenCL device: G1 products, transforms and the quotient are kernels that are compiled for it; G2 products, and the recoding and sorting of scalars, run on
/// the host's processor, which <see cref="BackendInfo.OnHost"/> says. Calls may run concurrently. A lost device, or one without memory, is an
/// <see cref="OpenClException"/>.
/// </summary>
public sealed class OpenClBackend : IComputeBackend
{
    /// <summary>The name that selects this backend.</summary>
    public const string Kind = "opencl";

    private const int ElementBytes = 32;
    private const int AffineBytes = 64;

    // A quotient's three vectors and the passes' scratch, with as much left over for bases.
    private const int VectorsMax = 8;

    private readonly OpenClContext _context;
    private readonly OpenClOptions _options;
    private readonly OpenClProgram _msm;
    private readonly OpenClProgram _ntt;
    private readonly CpuBackend _host;
    private readonly ConcurrentBag<OpenClWorker> _idle = [];
    private readonly Dictionary<(int Log2, NttDirection Direction), OpenClTwiddles> _twiddles = [];
    private readonly Lock _lock = new();
    private OpenClSizes _sizes;
    private int _busy;
    private bool _disposed;

    private OpenClBackend(OpenClContext context, OpenClOptions options)
    {
        _context = context;
        _options = options;
        OpenClDevice device = context.Device;
        OpenClCache cache = new(options.CacheFolder.Length == 0 ? null : options.CacheFolder, options.Debug);
        LimbBits = options.LimbBits ?? OpenClSizes.LimbBitsFor(device);
        string msmSource = OpenClKernels.Msm(LimbBits);
        string nttSource = OpenClKernels.Ntt(LimbBits);
        _msm = cache.Program(context, msmSource, OpenClKernels.Options);
        _ntt = cache.Program(context, nttSource, OpenClKernels.Options);
        _host = new CpuBackend(options.Threads);
        _sizes = OpenClSizes.ForProcessor(device);
        Info = Describe();
        if (options.Measure ?? !device.IsProcessor)
        {
            string text = cache.Text(
                device, msmSource + nttSource, "sizes", known => OpenClSizes.TryParse(device, known) is not null, () => new OpenClTuning(this, device).Measure().ToText());
            _sizes = OpenClSizes.TryParse(device, text)!;
            Info = Describe();
        }
    }

    /// <inheritdoc />
    public BackendInfo Info { get; }

    internal int LimbBits { get; }

    /// <summary>How work is cut; a measurement tries others.</summary>
    internal OpenClSizes Sizes
    {
        get => _sizes;
        set => _sizes = value;
    }

    /// <summary>Opens a device and compiles the kernels for it, unless the cache has them.</summary>
    /// <param name="device">The device.</param>
    /// <param name="options">How it is used; null for the defaults.</param>
    /// <param name="cancel">Cancels the wait; a compiler that has begun runs to its end.</param>
    /// <exception cref="OpenClException">The kernels do not compile, and the message has the log; or the device is gone.</exception>
    /// <exception cref="NotSupportedException">The device cannot run the kernels.</exception>
    public static Task<OpenClBackend> OpenAsync(OpenClDevice device, OpenClOptions? options, CancellationToken cancel)
    {
        OpenClOptions chosen = options ?? new OpenClOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(chosen.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(chosen.ChunkScalars, 1);
        if (chosen.LimbBits is not (null or 32 or 64))
        {
            throw new ArgumentOutOfRangeException(nameof(options), chosen.LimbBits, "limbs have 32 or 64 bits");
        }

        if (!device.HasCompiler || !device.IsLittleEndian)
        {
            throw new NotSupportedException($"OpenCL device {device} {(device.HasCompiler ? "is big-endian" : "brings no compiler")}; the kernels need a little-endian device that compiles source; a card takes the path of its program after #");
        }

        return Task.Run(
            () =>
            {
                OpenClContext context = new(device);
                try
                {
                    return new OpenClBackend(context, chosen);
                }
                catch
                {
                    context.Dispose();
                    throw;
                }
            },
            cancel);
    }

    /// <inheritdoc />
    /// <remarks>A cancelled transform leaves <paramref name="values"/> in an unspecified state.</remarks>
    public async ValueTask NttAsync(NttPlan plan, Memory<Fr> values, CancellationToken cancel)
    {
        Begin(cancel);
        Ntt.Validate(plan, values.Length);
        RequireSize(plan.Log2Size);
        await WorkAsync(
            worker =>
            {
                new OpenClNtt(worker, _sizes, (log2, direction) => TwiddlesFor(worker, log2, direction), cancel).Transform(plan, values);
                return Task.FromResult(0);
            },
            cancel);
    }

    /// <inheritdoc />
    public async ValueTask<IBaseSet<G1Affine>> LoadBasesAsync(ReadOnlyMemory<G1Affine> bases, CancellationToken cancel)
    {
        Begin(cancel);
        if (bases.Length > Info.MsmCountMax)
        {
            throw new NotSupportedException($"{bases.Length:N0} bases exceed the {Info.MsmCountMax:N0} that the memory of {_context.Device} is good for");
        }

        return await WorkAsync(worker => Task.FromResult<IBaseSet<G1Affine>>(new OpenClBaseSet(this, bases, worker.Store(bases.Span))), cancel);
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
        OpenClBaseSet own = OwnedBaseSet.For<OpenClBaseSet, G1Affine>(this, bases, scalars);
        OpenClBuffer resident = own.Buffer;
        return await WorkAsync(worker => new OpenClMsm(worker, _sizes, _options, cancel).MultiplyAsync(own.Points[..scalars.Count], resident, scalars), cancel);
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
    /// <remarks>The result lies in the memory of A.</remarks>
    public async ValueTask<IScalarSource> QuotientAsync(QuotientInput input, CancellationToken cancel)
    {
        Begin(cancel);
        int log2 = Quotient.Validate(input);
        RequireSize(log2);
        return await WorkAsync<IScalarSource>(
            worker =>
            {
                new OpenClNtt(worker, _sizes, (size, direction) => TwiddlesFor(worker, size, direction), cancel).Quotient(input, log2);
                return Task.FromResult<IScalarSource>(new MemoryScalarSource(input.A));
            },
            cancel);
    }

    /// <inheritdoc />
    /// <remarks>What is under way ends first; the last of it frees the device.</remarks>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            if (_busy == 0)
            {
                Free();
            }
        }

        await _host.DisposeAsync();
    }

    private BackendInfo Describe()
    {
        OpenClDevice device = _context.Device;
        int nttLog2Max = (int)Math.Log2(Math.Min(device.BufferBytesMax, device.MemoryBytes / VectorsMax) / ElementBytes);
        return new BackendInfo(
            Kind,
            $"{device}, driver {device.DriverVersion}: {LimbBits}-bit limbs, work-groups of {_sizes.MsmGroup} for products and {_sizes.NttGroup} for transforms",
            ["bn254"],
            Math.Min(nttLog2Max, Ntt.Log2SizeMax),
            Math.Min(Array.MaxLength, Math.Min(device.BufferBytesMax, device.MemoryBytes / 2) / AffineBytes))
        {
            Path = $"{device.PlatformName}, device {device.DeviceIndex}",
            MultipliesG2 = false,
            Resource = device.IsProcessor ? BackendInfo.HostProcessor : $"{device.PlatformName}: {device.Name}",
            OnHost = ["G2 products", "recoding and sorting the scalars of G1 products", "doubling and adding their window sums"],
        };
    }

    private void Begin(CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancel.ThrowIfCancellationRequested();
    }

    private void RequireSize(int log2)
    {
        if (log2 > Info.NttLog2SizeMax)
        {
            throw new NotSupportedException(
                $"a transform of 2^{log2} values exceeds the 2^{Info.NttLog2SizeMax} that the memory of {_context.Device} is good for; use a device with more, or the cpu backend");
        }
    }

    /// <summary>Runs a call off the caller's thread, which it may block, with a worker of its own.</summary>
    private Task<T> WorkAsync<T>(Func<OpenClWorker, Task<T>> work, CancellationToken cancel) => Task.Run(
        async () =>
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                _busy++;
            }

            try
            {
                if (!_idle.TryTake(out OpenClWorker? worker))
                {
                    worker = new OpenClWorker(_context, _msm, _ntt);
                }

                try
                {
                    T result = await work(worker);
                    _idle.Add(worker);
                    return result;
                }
                catch
                {
                    // Its queues may be broken.
                    worker.Dispose();
                    throw;
                }
            }
            finally
            {
                lock (_lock)
                {
                    if (--_busy == 0 && _disposed)
                    {
                        Free();
                    }
                }
            }
        },
        cancel);

    private OpenClTwiddles TwiddlesFor(OpenClWorker worker, int log2, NttDirection direction)
    {
        lock (_lock)
        {
            if (!_twiddles.TryGetValue((log2, direction), out OpenClTwiddles? twiddles))
            {
                twiddles = MakeTwiddles(worker, log2, direction);
                _twiddles.Add((log2, direction), twiddles);
            }

            return twiddles;
        }
    }

    private OpenClTwiddles MakeTwiddles(OpenClWorker worker, int log2, NttDirection direction)
    {
        Fr Root(int order) => direction == NttDirection.Forward ? Fr.RootOfUnity(order) : Fr.RootOfUnity(order).Inverse();
        Fr[] roots = new Fr[1 << _sizes.RadixLog2];
        for (int layer = 0; layer < _sizes.RadixLog2; layer++)
        {
            FieldPowers.Fill(roots.AsSpan(1 << layer, 1 << layer), Fr.One, Root(layer + 1));
        }

        int shift = (log2 + 1) / 2;
        Fr[] low = new Fr[1 << shift];
        Fr[] high = new Fr[1 << (log2 - shift)];
        FieldPowers.Fill(low, Fr.One, Root(log2));
        FieldPowers.Fill(high, Fr.One, Root(log2).Pow(low.Length));
        return new OpenClTwiddles(worker.Store<Fr>(roots), worker.Store<Fr>(low), worker.Store<Fr>(high), shift);
    }

    private void Free()
    {
        foreach (IDisposable held in _idle.Concat<IDisposable>(_twiddles.Values))
        {
            held.Dispose();
        }

        _msm.Dispose();
        _ntt.Dispose();
        _context.Dispose();
    }
}
