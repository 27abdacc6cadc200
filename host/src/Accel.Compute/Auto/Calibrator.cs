using System.Diagnostics;

namespace Accel.Compute.Auto;

/// <summary>What to measure.</summary>
public sealed record CalibrationPlan
{
    /// <summary>Sizes as powers of two, ascending; a device's own limits end the list earlier.</summary>
    public IReadOnlyList<int> Log2Sizes { get; init; } = [8, 10, 12, 14, 16, 18];

    /// <summary>Runs whose median counts, at least 1. One more comes first and is not counted.</summary>
    public int Runs { get; init; } = 3;

    /// <summary>The size after one whose single run took longer is left out; the model goes on in proportion.</summary>
    public TimeSpan RunTimeMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Only these operations; null for all.</summary>
    public IReadOnlyList<ComputeOperation>? Only { get; init; }
}

/// <summary>Measures devices by the clock. Every result is checked: a wrong one measures nothing.</summary>
public static class Calibrator
{
    /// <summary>Measures what a backend does by itself; what it leaves to the host is the host's to measure.</summary>
    /// <param name="name">The name by which the device was opened.</param>
    /// <param name="backend">The device; nothing else should use it meanwhile.</param>
    /// <param name="plan">What to measure; null for the defaults.</param>
    /// <param name="progress">Told of each median.</param>
    /// <param name="cancel">Stops between and within runs.</param>
    /// <exception cref="DeviceResultException">A result was wrong.</exception>
    public static async Task<DeviceCalibration> MeasureAsync(
        string name, IComputeBackend backend, CalibrationPlan? plan, IProgress<OperationTime>? progress, CancellationToken cancel)
    {
        plan ??= new CalibrationPlan();
        await using CpuBackend judge = new();
        Measurement measurement = new(backend, judge, plan, progress, cancel);
        await measurement.ProductsAsync<Fq, Bn254G1>(
            ComputeOperation.MsmG1, ComputeOperation.LoadG1, points => backend.LoadBasesAsync(points, cancel), (set, scalars) => backend.MsmAsync(set, scalars, cancel));
        if (backend.Info.MultipliesG2)
        {
            await measurement.ProductsAsync<Fq2, Bn254G2>(
                ComputeOperation.MsmG2, null, points => backend.LoadBasesAsync(points, cancel), (set, scalars) => backend.MsmAsync(set, scalars, cancel));
        }

        await measurement.TransformsAsync();
        await measurement.QuotientsAsync();
        return new DeviceCalibration(name, backend.Info.Device, DateTimeOffset.UtcNow, measurement.Times);
    }

    private sealed class Measurement(
        IComputeBackend backend, CpuBackend judge, CalibrationPlan plan, IProgress<OperationTime>? progress, CancellationToken cancel)
    {
        private readonly List<OperationTime> _times = [];

        public IReadOnlyList<OperationTime> Times => _times;

        public async Task ProductsAsync<TField, TCurve>(
            ComputeOperation operation,
            ComputeOperation? loading,
            Func<AffinePoint<TField, TCurve>[], ValueTask<IBaseSet<AffinePoint<TField, TCurve>>>> load,
            Func<IBaseSet<AffinePoint<TField, TCurve>>, IScalarSource, ValueTask<XyzzPoint<TField, TCurve>>> multiply)
            where TField : unmanaged, IField<TField>
            where TCurve : struct, ICurve<TField>
        {
            if (plan.Only?.Contains(operation) == false)
            {
                return;
            }

            foreach (int log2 in plan.Log2Sizes.Where(log2 => 1L << log2 <= backend.Info.MsmCountMax))
            {
                int count = 1 << log2;
                AffinePoint<TField, TCurve>[] points = await MsmWorkload.MultiplesAsync<TField, TCurve>(count, cancel);
                Fr[] scalars = MsmWorkload.Scalars("uniform", count);
                XyzzPoint<TField, TCurve> expected = XyzzPoint<TField, TCurve>.Generator * MsmWorkload.Logarithm(scalars);
                long start = Stopwatch.GetTimestamp();
                await using IBaseSet<AffinePoint<TField, TCurve>> bases = await load(points);
                if (loading is { } timed)
                {
                    Record(timed, count, [Stopwatch.GetElapsedTime(start)]);
                }

                MemoryScalarSource source = new(scalars);
                XyzzPoint<TField, TCurve> product = default;
                if (!await TimeAsync(operation, count, () => { }, async () => product = await multiply(bases, source), () => product == expected))
                {
                    return;
                }
            }
        }

        public async Task TransformsAsync()
        {
            if (plan.Only?.Contains(ComputeOperation.Ntt) == false)
            {
                return;
            }

            foreach (int log2 in plan.Log2Sizes.Where(log2 => log2 <= backend.Info.NttLog2SizeMax))
            {
                NttPlan transform = new(log2, NttDirection.Forward);
                Fr[] values = MsmWorkload.Scalars("uniform", 1 << log2);
                Fr[] expected = [.. values];
                await judge.NttAsync(transform, expected, cancel);
                Fr[] work = new Fr[values.Length];
                if (!await TimeAsync(
                    ComputeOperation.Ntt,
                    work.Length,
                    () => values.CopyTo(work.AsSpan()),
                    async () => await backend.NttAsync(transform, work, cancel),
                    () => work.AsSpan().SequenceEqual(expected)))
                {
                    return;
                }
            }
        }

        public async Task QuotientsAsync()
        {
            if (plan.Only?.Contains(ComputeOperation.Quotient) == false)
            {
                return;
            }

            foreach (int log2 in plan.Log2Sizes.Where(log2 => log2 < backend.Info.NttLog2SizeMax))
            {
                int n = 1 << log2;
                Fr[] values = MsmWorkload.Scalars("uniform", 3 * n);
                Fr[] expected = [.. values];
                ReadOnlyMemory<Fr> right = await QuotientAsync(judge, expected, n);
                Fr[] work = new Fr[values.Length];
                ReadOnlyMemory<Fr> quotient = default;
                if (!await TimeAsync(
                    ComputeOperation.Quotient,
                    n,
                    () => values.CopyTo(work.AsSpan()),
                    async () => quotient = await QuotientAsync(backend, work, n),
                    () => quotient.Span.SequenceEqual(right.Span)))
                {
                    return;
                }
            }
        }

        /// <summary>The result, in host memory.</summary>
        private async Task<ReadOnlyMemory<Fr>> QuotientAsync(IComputeBackend device, Memory<Fr> factors, int n)
        {
            IScalarSource source = await device.QuotientAsync(new QuotientInput(factors[..n], factors.Slice(n, n), factors[(2 * n)..]), cancel);
            return await source.ToMemoryAsync(factors[..n], cancel);
        }

        /// <summary>Times runs of one size.</summary>
        /// <returns>Whether a larger size may be tried.</returns>
        private async Task<bool> TimeAsync(ComputeOperation operation, int count, Action prepare, Func<Task> run, Func<bool> isRight)
        {
            TimeSpan first = await RunAsync();
            bool slow = first > plan.RunTimeMax;
            TimeSpan[] times = new TimeSpan[slow ? 1 : plan.Runs];
            times[0] = first;
            for (int i = 0; i < times.Length && !slow; i++)
            {
                times[i] = await RunAsync();
            }

            Record(operation, count, times);
            return !slow;

            async Task<TimeSpan> RunAsync()
            {
                cancel.ThrowIfCancellationRequested();
                prepare();
                long start = Stopwatch.GetTimestamp();
                await run();
                TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
                return isRight() ? elapsed : throw new DeviceResultException(backend.Info.Device, $"{operation} of {count:N0}", "it is not what the processor computes");
            }
        }

        private void Record(ComputeOperation operation, int count, TimeSpan[] times)
        {
            Array.Sort(times);
            OperationTime median = new(operation, count, Math.Max(times[times.Length / 2].TotalMilliseconds, 1e-4));
            _times.Add(median);
            progress?.Report(median);
        }
    }
}
