using System.Collections.Concurrent;
using Accel.Compute.Cpu;
using Accel.Device;

namespace Accel.Compute.Fpga;

/// <summary>Transforms and the quotient on the card, each checked on the host at a random point. Calls may run concurrently.</summary>
internal sealed class FpgaTransforms(CommandQueue queue, string device, int threads, Action<DeviceOperation> record)
{
    private const ulong Patience = 20;
    private const ulong DeadlineFloor = 1_000_000;

    /// <summary>Runs a plan on 2^k values in place.</summary>
    public async Task TransformAsync(NttPlan plan, Memory<Fr> values, CancellationToken cancel)
    {
        if (plan.Log2Size == 0)
        {
            // The transform of one value is that value, on any coset.
            return;
        }

        await using Region region = new(queue, values.Length);
        await region.WriteAsync(values, cancel);
        await region.TransformAsync(plan, record, cancel);
        Fr[] result = await ReadAsync(region, $"{plan.Direction} NTT of 2^{plan.Log2Size}", cancel);
        bool forward = plan.Direction == NttDirection.Forward;
        Fr point = TransformCheck.RandomPoint();
        Fr shift = plan.CosetShift ?? Fr.One;
        Fr fromCoefficients = await TransformCheck.FromCoefficientsAsync(forward ? values : result, shift * point, threads, cancel);
        Fr fromValues = await TransformCheck.FromValuesAsync(forward ? result : values, point, threads, cancel);
        if (fromCoefficients != fromValues)
        {
            throw new DeviceResultException(device, $"a {plan.Direction} NTT of 2^{plan.Log2Size}", "input and output are different polynomials at a random point");
        }

        result.CopyTo(values);
    }

    /// <summary>a·b − c on the coset ω₂ₙ·⟨ωₙ⟩: three interpolations, three evaluations, one pointwise pass, all in device memory.</summary>
    /// <returns>The values, and the device memory that holds them too.</returns>
    public async Task<(Fr[] Values, DeviceBuffer Buffer)> QuotientAsync(QuotientInput input, Action taken, CancellationToken cancel)
    {
        int log2 = Quotient.Validate(input);
        int n = 1 << log2;
        Fr shift = Fr.RootOfUnity(log2 + 1);
        Memory<Fr>[] inputs = [input.A, input.B, input.C];
        await using Region a = new(queue, n);
        await using Region b = new(queue, n);
        await using Region c = new(queue, n);
        Region[] regions = [a, b, c];

        // One vector is transformed and read back while the next is still on its way.
        Task[] written = new Task[regions.Length];
        for (int i = 0; i < written.Length; i++)
        {
            written[i] = WriteAfterAsync(i == 0 ? Task.CompletedTask : written[i - 1], regions[i], inputs[i]);
        }

        Task announced = AnnounceAsync(written[^1]);
        Fr[][] coset = await Task.WhenAll(regions.Select((region, i) => EvaluateAsync(region, inputs[i], written[i], "ABC"[i])));
        await announced;

        Region result = new(queue, n, withScratch: false);
        try
        {
            DeviceCommand command = DeviceCommand.Pointwise((uint)n, a.Data, b.Data, c.Data, result.Data);
            DeviceCompletion completion = await result.Track(await queue.SubmitAsync(command, DeadlineFloor + (Patience * (ulong)n), cancel));
            record(new DeviceOperation("pointwise", n, completion.Cycles) { MemoryWaitCycles = completion.MemoryWaitCycles, CompletedAtCycle = completion.CompletedAtCycle });
            Fr[] values = await ReadAsync(result, $"the product of a quotient of 2^{log2}", cancel);
            await CheckProductAsync(coset, values, log2, cancel);
            return (values, result.Detach());
        }
        finally
        {
            await result.DisposeAsync();
        }

        async Task AnnounceAsync(Task last)
        {
            await last;
            taken();
        }

        async Task WriteAfterAsync(Task before, Region region, Memory<Fr> values)
        {
            await before;
            await region.WriteAsync(values, cancel);
        }

        async Task<Fr[]> EvaluateAsync(Region region, Memory<Fr> values, Task arrived, char name)
        {
            await arrived;
            if (log2 > 0)
            {
                // As on the CPU: interpolation on the coset of 1/ω₂ₙ ends with the scaling that evaluation on the coset of ω₂ₙ begins with.
                await region.TransformAsync(new NttPlan(log2, NttDirection.Inverse, shift.Inverse()), record, cancel);
                await region.TransformAsync(new NttPlan(log2, NttDirection.Forward), record, cancel);
            }

            Fr[] evaluated = await ReadAsync(region, $"the coset values of a quotient of 2^{log2}", cancel);
            await CheckCosetAsync(values, evaluated, shift, name, cancel);
            return evaluated;
        }
    }

    /// <summary>Transforms of one input into as many outputs, all in flight at once.</summary>
    public async Task<TransformTrainResult> RunTrainAsync(TransformTrain train, CancellationToken cancel)
    {
        int n = 1 << train.Log2Size;
        Fr[] input = new Fr[n];
        FieldPowers.Fill(input, TransformCheck.RandomPoint(), TransformCheck.RandomPoint());
        Region[] regions = [.. Enumerable.Range(0, train.Count).Select(_ => new Region(queue, n))];
        try
        {
            foreach (Region region in regions)
            {
                await region.WriteAsync(input, cancel);
            }

            List<Task> running = [];
            ConcurrentBag<DeviceOperation> operations = [];
            foreach (Region region in regions)
            {
                running.Add(region.TransformAsync(new NttPlan(train.Log2Size, NttDirection.Forward), operations.Add, cancel));
            }

            await Task.WhenAll(running);
            Fr point = TransformCheck.RandomPoint();
            Fr expected = await TransformCheck.FromCoefficientsAsync(input, point, threads, cancel);
            foreach (Region region in regions)
            {
                Fr[] output = await ReadAsync(region, $"an NTT of 2^{train.Log2Size}", cancel);
                if (await TransformCheck.FromValuesAsync(output, point, threads, cancel) != expected)
                {
                    throw new DeviceResultException(device, $"one of {train.Count} transforms of 2^{train.Log2Size}", "input and output are different polynomials at a random point");
                }
            }

            ulong[] ends = [.. operations.Select(operation => operation.CompletedAtCycle).Order()];
            int edge = ends.Length / 8;
            double interval = (double)(ends[^(1 + edge)] - ends[edge]) / (ends.Length - 1 - (2 * edge));
            return new TransformTrainResult(interval, operations.First().Steps ?? 0);
        }
        finally
        {
            foreach (Region region in regions)
            {
                await region.DisposeAsync();
            }
        }
    }

    /// <summary>The polynomial of values on ⟨ω⟩ at τ is that of values on g·⟨ω⟩ at τ/g.</summary>
    private async Task CheckCosetAsync(ReadOnlyMemory<Fr> values, ReadOnlyMemory<Fr> coset, Fr shift, char name, CancellationToken cancel)
    {
        Fr point = TransformCheck.RandomPoint();
        Fr before = await TransformCheck.FromValuesAsync(values, point, threads, cancel);
        Fr after = await TransformCheck.FromValuesAsync(coset, point * shift.Inverse(), threads, cancel);
        if (before != after)
        {
            throw new DeviceResultException(device, $"the transforms of {name} in a quotient of {values.Length} values", "the values on the coset are of another polynomial at a random point");
        }
    }

    private async Task CheckProductAsync(Fr[][] coset, Fr[] values, int log2, CancellationToken cancel)
    {
        int wrong = -1;
        await ParallelWork.ForRangesAsync(values.Length, 1 << 12, threads, (from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                if (values[i] != (coset[0][i] * coset[1][i]) - coset[2][i])
                {
                    Volatile.Write(ref wrong, i);
                }
            }
        }, cancel);
        if (wrong >= 0)
        {
            throw new DeviceResultException(device, $"the pointwise product of a quotient of 2^{log2}", $"element {wrong} is not a·b − c");
        }
    }

    private async Task<Fr[]> ReadAsync(Region region, string what, CancellationToken cancel)
    {
        byte[] bytes = new byte[region.Count * ScalarBytes.Length];
        await queue.Transport.ReadAllAsync(region.Data, bytes, cancel);
        Fr[] values = new Fr[region.Count];
        int wrong = ScalarBytes.Read(bytes, values);
        return wrong < 0 ? values : throw new DeviceResultException(device, what, $"element {wrong} is not below the modulus");
    }

    /// <summary>Values in device memory, with scratch, and the command that last used them: memory is given back when that has ended.</summary>
    private sealed class Region(CommandQueue queue, int count, bool withScratch = true) : IAsyncDisposable
    {
        private readonly DeviceBuffer _data = queue.Memory.Allocate((long)count * ScalarBytes.Length);
        private readonly DeviceBuffer _scratch = queue.Memory.Allocate(withScratch ? (long)count * ScalarBytes.Length : 0);
        private Task<DeviceCompletion>? _running;
        private bool _detached;

        public int Count => count;

        public DeviceAddress Data => _data.Address;

        public async Task WriteAsync(ReadOnlyMemory<Fr> values, CancellationToken cancel)
        {
            byte[] bytes = new byte[values.Length * ScalarBytes.Length];
            ScalarBytes.Write(values.Span, bytes);
            await queue.Transport.WriteAllAsync(_data.Address, bytes, cancel);
        }

        public async Task TransformAsync(NttPlan plan, Action<DeviceOperation> record, CancellationToken cancel)
        {
            byte[] shift = [];
            if (plan.CosetShift is { } given)
            {
                // The engine multiplies by powers of its argument: g before a forward transform, 1/g after an inverse one.
                shift = new byte[ScalarBytes.Length];
                (plan.Direction == NttDirection.Forward ? given : given.Inverse()).WriteMontgomery(shift);
            }

            DeviceCommandFlags flags = (plan.Direction == NttDirection.Inverse ? DeviceCommandFlags.Inverse : DeviceCommandFlags.None)
                | (plan.CosetShift is null ? DeviceCommandFlags.None : DeviceCommandFlags.Coset);
            DeviceCommand command = DeviceCommand.Ntt(flags, plan.Log2Size, _data.Address, _scratch.Address, _data.Address, shift);
            ulong cyclesMax = DeadlineFloor + (Patience * (ulong)count * (ulong)plan.Log2Size);
            DeviceCompletion completion = await Track(await queue.SubmitAsync(command, cyclesMax, cancel));
            record(new DeviceOperation("ntt", count, completion.Cycles)
            {
                Steps = completion.Operations,
                MemoryWaitCycles = completion.MemoryWaitCycles,
                CompletedAtCycle = completion.CompletedAtCycle,
            });
        }

        public Task<DeviceCompletion> Track(Task<DeviceCompletion> running) => _running = running;

        /// <summary>Hands the data over to the caller, who gives it back.</summary>
        public DeviceBuffer Detach()
        {
            _detached = true;
            return _data;
        }

        public async ValueTask DisposeAsync()
        {
            if (_running is not null)
            {
                await ((Task)_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            _scratch.Dispose();
            if (!_detached)
            {
                _data.Dispose();
            }
        }
    }
}
