using System.Diagnostics;
using Accel.Compute.Cpu;
using Accel.Device;

namespace Accel.Compute.Auto;

/// <summary>
/// Several devices as one: each operation goes to the one that will be done with it first, by measured cost models and what is under way; a
/// large product may be split over several. A device that fails, hangs or gives a wrong result is quarantined, its work is done again elsewhere,
/// and a self-test lets it back. The host's processor is always there and is never quarantined. Nothing of this is silent: notices tell of
/// devices, and every choice is recorded.
/// </summary>
public sealed class AutoBackend : IComputeBackend, IDistrustful
{
    /// <summary>The name that selects this backend.</summary>
    public const string Kind = "auto";

    private const int ChoicesKept = 1 << 12;

    private readonly DeviceSlot[] _slots;
    private readonly AutoBackendOptions _options;
    private readonly Lock _lock = new();
    private readonly Queue<ChoiceRecord> _choices = [];
    private bool _disposed;

    private AutoBackend(DeviceSlot[] slots, AutoBackendOptions options)
    {
        _slots = slots;
        _options = options;
        BackendInfo host = slots[0].Backend.Info;
        Info = new BackendInfo(
            Kind, string.Join(" + ", slots.Select(slot => slot.Name)), host.Curves, host.NttLog2SizeMax, host.MsmCountMax);
    }

    /// <inheritdoc />
    public BackendInfo Info { get; }

    /// <summary>The latest choices, oldest first.</summary>
    public IReadOnlyList<ChoiceRecord> Choices
    {
        get
        {
            lock (_lock)
            {
                return [.. _choices];
            }
        }
    }

    /// <summary>The devices and whether they are used.</summary>
    public IReadOnlyList<(string Device, DeviceHealth Health)> Devices => [.. _slots.Select(slot => (slot.Name, slot.Health))];

    private DeviceSlot Host => _slots[0];

    /// <summary>Opens all devices. One that can't be opened, or was quarantined before, is quarantined and tried again later.</summary>
    /// <param name="host">The host's processor, which must be able to do everything.</param>
    /// <param name="others">The other devices.</param>
    /// <param name="options">How to treat them.</param>
    /// <param name="cancel">Cancels the opening.</param>
    public static async Task<AutoBackend> OpenAsync(AutoDevice host, IReadOnlyList<AutoDevice> others, AutoBackendOptions options, CancellationToken cancel)
    {
        DeviceSlot[] slots = [new DeviceSlot(host, options), .. others.Select(device => new DeviceSlot(device, options))];
        await slots[0].OpenAsync(cancel);
        foreach (DeviceSlot slot in slots[1..])
        {
            if (slot.Inherit())
            {
                continue;
            }

            try
            {
                await slot.OpenAsync(cancel);
            }
            catch (Exception exception) when (IsDeviceFailure(exception, cancel) || exception is NotSupportedException)
            {
                slot.Fail(DeviceHealth.Quarantined, exception.Message);
            }
        }

        return new AutoBackend(slots, options);
    }

    /// <inheritdoc />
    public async ValueTask NttAsync(NttPlan plan, Memory<Fr> values, CancellationToken cancel)
    {
        Begin(cancel);
        Ntt.Validate(plan, values.Length);
        await RunAsync(
            ComputeOperation.Ntt,
            values.Length,
            backend => plan.Log2Size <= backend.Info.NttLog2SizeMax,
            (slot, stop) => slot == Host ? InPlaceAsync(slot.Backend, stop) : OnCopyAsync(slot.Backend, stop),
            result => result.CopyTo(values),
            cancel);

        async ValueTask<ReadOnlyMemory<Fr>> InPlaceAsync(IComputeBackend backend, CancellationToken stop)
        {
            await backend.NttAsync(plan, values, stop);
            return ReadOnlyMemory<Fr>.Empty;
        }

        // The caller's values stay as they are until a device has succeeded.
        async ValueTask<ReadOnlyMemory<Fr>> OnCopyAsync(IComputeBackend backend, CancellationToken stop)
        {
            Fr[] copy = values.ToArray();
            await backend.NttAsync(plan, copy, stop);
            return copy;
        }
    }

    /// <inheritdoc />
    public ValueTask<IBaseSet<G1Affine>> LoadBasesAsync(ReadOnlyMemory<G1Affine> bases, CancellationToken cancel)
    {
        Begin(cancel);
        return new(new AutoBaseSet<G1Affine>(this, bases, (backend, points, stop) => backend.LoadBasesAsync(points, stop)));
    }

    /// <inheritdoc />
    public ValueTask<IBaseSet<G2Affine>> LoadBasesAsync(ReadOnlyMemory<G2Affine> bases, CancellationToken cancel)
    {
        Begin(cancel);
        return new(new AutoBaseSet<G2Affine>(this, bases, (backend, points, stop) => backend.LoadBasesAsync(points, stop)));
    }

    /// <inheritdoc />
    public async ValueTask<G1> MsmAsync(IBaseSet<G1Affine> bases, IScalarSource scalars, CancellationToken cancel)
    {
        AutoBaseSet<G1Affine> own = Require(bases, scalars, cancel);
        return await MultiplyAsync(
            new Product<Fq, Bn254G1>(ComputeOperation.MsmG1, own, scalars, (backend, set, source, stop) => backend.MsmAsync(set, source, stop)), 0, scalars.Count, cancel);
    }

    /// <inheritdoc />
    public async ValueTask<G2> MsmAsync(IBaseSet<G2Affine> bases, IScalarSource scalars, CancellationToken cancel)
    {
        AutoBaseSet<G2Affine> own = Require(bases, scalars, cancel);
        return await MultiplyAsync(
            new Product<Fq2, Bn254G2>(ComputeOperation.MsmG2, own, scalars, (backend, set, source, stop) => backend.MsmAsync(set, source, stop)), 0, scalars.Count, cancel);
    }

    /// <inheritdoc />
    /// <remarks>The result is read back to the host, so that losing the device afterwards loses nothing.</remarks>
    public async ValueTask<IScalarSource> QuotientAsync(QuotientInput input, CancellationToken cancel)
    {
        Begin(cancel);
        Quotient.Validate(input);
        IScalarSource? quotient = null;
        await RunAsync(
            ComputeOperation.Quotient,
            input.A.Length,
            backend => input.A.Length < 1L << backend.Info.NttLog2SizeMax,
            (slot, stop) => slot == Host ? OnHostAsync(stop) : OnDeviceAsync(slot.Backend, stop),
            result => quotient ??= new MemoryScalarSource(result),
            cancel);
        return quotient!;

        async ValueTask<ReadOnlyMemory<Fr>> OnHostAsync(CancellationToken stop)
        {
            quotient = await Host.Backend.QuotientAsync(input, stop);
            return ReadOnlyMemory<Fr>.Empty;
        }

        static Memory<Fr> Copy(Memory<Fr> values) => values.ToArray();

        async ValueTask<ReadOnlyMemory<Fr>> OnDeviceAsync(IComputeBackend backend, CancellationToken stop)
        {
            QuotientInput copy = new(Copy(input.A), Copy(input.B), Copy(input.C));
            IScalarSource source = await backend.QuotientAsync(copy, stop);
            return await source.ToMemoryAsync(copy.A, stop);
        }
    }

    /// <inheritdoc />
    public bool Distrust(string reason)
    {
        DeviceSlot[] used = [.. _slots[1..].Where(slot => slot.Health == DeviceHealth.Ready && slot.WasUsed)];
        foreach (DeviceSlot slot in used)
        {
            slot.Fail(DeviceHealth.Quarantined, reason);
        }

        return used.Length > 0;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (DeviceSlot slot in _slots)
        {
            await slot.DisposeAsync();
        }
    }

    /// <summary>Waits for self-tests that run in the background.</summary>
    internal Task SettleAsync() => Task.WhenAll(_slots.Select(slot => slot.SettleAsync()));

    /// <summary>A failure for which the device answers, not the caller.</summary>
    private static bool IsDeviceFailure(Exception exception, CancellationToken cancel) => exception switch
    {
        OperationCanceledException => !cancel.IsCancellationRequested,
        ArgumentException => false,
        NotSupportedException => false,
        _ => true,
    };

    private AutoBaseSet<TPoint> Require<TPoint>(IBaseSet<TPoint> bases, IScalarSource scalars, CancellationToken cancel)
        where TPoint : struct
    {
        Begin(cancel);
        AutoBaseSet<TPoint> own = OwnedBaseSet.For<AutoBaseSet<TPoint>, TPoint>(this, bases, scalars);
        own.RequireUsable();
        return own;
    }

    private void Begin(CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancel.ThrowIfCancellationRequested();
    }

    private Choice Choose(ComputeOperation operation, int count, Func<IComputeBackend, bool> fits, Func<DeviceSlot, bool> isResident)
    {
        Dictionary<string, double> backlog = _slots.Where(slot => slot.IsOpen)
            .GroupBy(slot => slot.Backend.Info.Resource).ToDictionary(group => group.Key, group => group.Sum(slot => slot.BacklogMs));
        DeviceState[] states = [.. _slots.Select(slot =>
        {
            string? refusal = slot.Refusal(operation, count);
            return refusal is not null
                ? new DeviceState(slot.Name, slot.Model, string.Empty, Refusal: refusal)
                : new DeviceState(
                    slot.Name, slot.Model, slot.Backend.Info.Resource, backlog[slot.Backend.Info.Resource], isResident(slot), fits(slot.Backend) ? null : "too large for it");
        })];
        return BackendChooser.Choose(operation, count, states, _options.UsesOfBases);
    }

    /// <summary>Runs an operation that can't be split, again and again until a device has done it.</summary>
    private async ValueTask RunAsync(
        ComputeOperation operation,
        int count,
        Func<IComputeBackend, bool> fits,
        Func<DeviceSlot, CancellationToken, ValueTask<ReadOnlyMemory<Fr>>> work,
        Action<ReadOnlyMemory<Fr>> accept,
        CancellationToken cancel)
    {
        while (true)
        {
            Choice choice = Choose(operation, count, fits, _ => true);
            long start = Stopwatch.GetTimestamp();
            (bool done, ReadOnlyMemory<Fr> result) = await TryAsync(choice, choice.Shares[0], work, cancel);
            if (done)
            {
                if (!result.IsEmpty)
                {
                    accept(result);
                }

                Record(choice, start);
                return;
            }
        }
    }

    /// <summary>Σ over scalars [offset, offset + count), its parts side by side on the chosen devices.</summary>
    private async Task<XyzzPoint<TField, TCurve>> MultiplyAsync<TField, TCurve>(Product<TField, TCurve> product, int offset, int count, CancellationToken cancel)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        if (count == 0)
        {
            return XyzzPoint<TField, TCurve>.Infinity;
        }

        Choice choice = Choose(product.Operation, count, backend => Math.Min(count, _options.SegmentScalars) <= backend.Info.MsmCountMax, product.Bases.IsResident);
        long start = Stopwatch.GetTimestamp();
        XyzzPoint<TField, TCurve>[] parts = await Task.WhenAll(
            choice.Shares.Select(share => MultiplyShareAsync(product, choice, share with { Offset = offset + share.Offset }, cancel)));
        Record(choice, start);
        return parts.Aggregate(XyzzPoint<TField, TCurve>.Infinity, (sum, part) => sum + part);
    }

    /// <summary>One device's part, in segments; from the one at which it fails the rest goes elsewhere.</summary>
    private async Task<XyzzPoint<TField, TCurve>> MultiplyShareAsync<TField, TCurve>(
        Product<TField, TCurve> product, Choice choice, Share share, CancellationToken cancel)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        DeviceSlot slot = SlotOf(share);
        XyzzPoint<TField, TCurve> sum = XyzzPoint<TField, TCurve>.Infinity;
        int end = share.Offset + share.Count;
        int segment = slot == Host ? share.Count : Math.Min(share.Count, _options.SegmentScalars);
        for (int offset = share.Offset; offset < end; offset += segment)
        {
            int count = Math.Min(segment, end - offset);
            Share part = share with { Offset = offset, Count = count, WorkMs = share.WorkMs * count / share.Count };
            (bool done, XyzzPoint<TField, TCurve> value) = await TryAsync(choice, part, (on, stop) => MultiplySegmentAsync(product, on, part, stop), cancel);
            if (!done)
            {
                return sum + await MultiplyAsync(product, offset, end - offset, cancel);
            }

            sum += value;
        }

        return sum;
    }

    private async ValueTask<XyzzPoint<TField, TCurve>> MultiplySegmentAsync<TField, TCurve>(
        Product<TField, TCurve> product, DeviceSlot slot, Share part, CancellationToken stop)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        bool isWhole = part.Offset == 0 && part.Count == product.Scalars.Count;
        IBaseSet<AffinePoint<TField, TCurve>> bases = isWhole
            ? await product.Bases.OnAsync(slot, 0, product.Bases.Count, stop)
            : await product.Bases.OnAsync(slot, part.Offset, part.Count, stop);
        if (slot == Host && isWhole)
        {
            return await product.Multiply(slot.Backend, bases, product.Scalars, stop);
        }

        ScalarRange scalars = new(product.Scalars, part.Offset, part.Count);
        using CancellationTokenRegistration revocation = stop.Register(scalars.Revoke);
        return await product.Multiply(slot.Backend, bases, scalars, stop);
    }

    private DeviceSlot SlotOf(Share share) => _slots.First(slot => slot.Name == share.Device);

    /// <summary>Does one share's work on its device, within its time; quarantines the device when it fails.</summary>
    private async Task<(bool Done, T Value)> TryAsync<T>(
        Choice choice, Share share, Func<DeviceSlot, CancellationToken, ValueTask<T>> work, CancellationToken cancel)
    {
        DeviceSlot slot = SlotOf(share);
        if (slot == Host)
        {
            slot.AddBacklog(share.WorkMs);
            try
            {
                return (true, await work(slot, cancel));
            }
            finally
            {
                slot.AddBacklog(-share.WorkMs);
            }
        }

        int generation = slot.Generation;
        slot.AddBacklog(share.WorkMs);
        try
        {
            return (true, await WithinAsync(slot, choice, share, stop => work(slot, stop), cancel));
        }
        catch (NotSupportedException exception)
        {
            slot.Refuse(choice.Operation, share.Count, exception.Message);
            Record(new ChoiceRecord(choice, null, $"{slot.Name}: {exception.Message}"));
            return (false, default!);
        }
        catch (Exception exception) when (IsDeviceFailure(exception, cancel))
        {
            // What fails on a backend that was replaced meanwhile says nothing of the new one.
            if (slot.Generation == generation)
            {
                slot.Fail(DeviceHealth.Quarantined, $"{choice.Operation} of {share.Count:N0}: {exception.Message}");
            }

            Record(new ChoiceRecord(choice, null, $"{slot.Name}: {exception.Message}"));
            return (false, default!);
        }
        finally
        {
            slot.AddBacklog(-share.WorkMs);
        }
    }

    private async Task<T> WithinAsync<T>(DeviceSlot slot, Choice choice, Share share, Func<CancellationToken, ValueTask<T>> work, CancellationToken cancel)
    {
        // Others' work on the same resource comes first.
        double expected = Math.Max(share.WorkMs, choice.ExpectedMs) * _options.Patience;
        TimeSpan limit = TimeSpan.FromMilliseconds(Math.Max(_options.DeadlineFloor.TotalMilliseconds, expected));
        using CancellationTokenSource deadline = new(limit, _options.Time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        Task<T> running = Task.Run(() => work(stop.Token).AsTask(), CancellationToken.None);
        slot.WasUsed = true;
        await Task.WhenAny(running, Task.Delay(Timeout.InfiniteTimeSpan, stop.Token));
        if (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(_options.Grace, _options.Time, CancellationToken.None));
        }

        if (!running.IsCompleted)
        {
            _ = running.ContinueWith(task => task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            slot.Fail(DeviceHealth.Lost, $"{choice.Operation} of {share.Count:N0} did not end within {limit.TotalSeconds:N0} s, nor when it was cancelled");
            cancel.ThrowIfCancellationRequested();
            throw new DeviceException($"{slot.Name} does not answer");
        }

        try
        {
            return await running;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            throw new DeviceException($"did not end within {limit.TotalSeconds:N0} s");
        }
    }

    private void Record(Choice choice, long start) => Record(new ChoiceRecord(choice, Stopwatch.GetElapsedTime(start).TotalMilliseconds, null));

    private void Record(ChoiceRecord record)
    {
        lock (_lock)
        {
            _choices.Enqueue(record);
            if (_choices.Count > ChoicesKept)
            {
                _choices.Dequeue();
            }
        }
    }

    /// <summary>A product while its parts are under way.</summary>
    private sealed record Product<TField, TCurve>(
        ComputeOperation Operation,
        AutoBaseSet<AffinePoint<TField, TCurve>> Bases,
        IScalarSource Scalars,
        Func<IComputeBackend, IBaseSet<AffinePoint<TField, TCurve>>, IScalarSource, CancellationToken, ValueTask<XyzzPoint<TField, TCurve>>> Multiply)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>;
}
