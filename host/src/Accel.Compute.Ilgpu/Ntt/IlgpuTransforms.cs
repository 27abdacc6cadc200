using System.Runtime.CompilerServices;
using Accel.Compute.Ilgpu.Arithmetic;
using ILGPU;
using ILGPU.Runtime;

namespace Accel.Compute.Ilgpu.Ntt;

/// <summary>Transforms on the device. The roots of each size are made once and kept. The caller holds the device's turn.</summary>
internal sealed class IlgpuTransforms(IlgpuDevice device) : IDisposable
{
    private readonly AcceleratorStream _stream = device.Accelerator.CreateStream();
    private readonly Dictionary<int, MemoryBuffer1D<Limbs, Stride1D.Dense>> _roots = [];
    private MemoryBuffer1D<Limbs, Stride1D.Dense>? _buffer;

    /// <summary>Runs a valid plan on host memory in place.</summary>
    public void Transform(NttPlan plan, Span<Fr> values)
    {
        (ArrayView<Limbs> data, ArrayView<Limbs> scratch) = BuffersFor(values.Length);
        DeviceMemory.Upload<Fr, Limbs>(_stream, values, data);
        using Scaling scaling = ScalingOf(plan);
        Run(plan, scaling, data, scratch);
        DeviceMemory.Download(_stream, EndsInScratch(plan.Log2Size) ? scratch : data, values);
    }

    /// <summary>a·b − c on the coset ω₂ₙ·⟨ωₙ⟩; nothing returns to the host.</summary>
    /// <param name="input">Three times n values.</param>
    /// <param name="log2">log₂ n.</param>
    /// <param name="cancel">Stops between transforms.</param>
    /// <returns>n values on the device.</returns>
    public MemoryBuffer1D<Limbs, Stride1D.Dense> Quotient(QuotientInput input, int log2, CancellationToken cancel)
    {
        Fr shift = Fr.RootOfUnity(log2 + 1);

        // An inverse transform on a coset ends by scaling with g⁻ⁱ: with g = 1/ω₂ₙ that is the scaling that evaluation on the coset begins with.
        NttPlan interpolate = new(log2, NttDirection.Inverse, shift.Inverse());
        NttPlan evaluate = new(log2, NttDirection.Forward);
        using Scaling scaling = ScalingOf(interpolate);
        using Scaling plain = ScalingOf(evaluate);
        ArrayView<Limbs> scratch = BuffersFor(1 << log2).Scratch;
        List<MemoryBuffer1D<Limbs, Stride1D.Dense>> buffers = [];
        try
        {
            MemoryBuffer1D<Limbs, Stride1D.Dense>[] results = new MemoryBuffer1D<Limbs, Stride1D.Dense>[3];
            Memory<Fr>[] inputs = [input.A, input.B, input.C];
            for (int i = 0; i < inputs.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                results[i] = Take();
                ArrayView<Limbs> data = results[i].View.AsContiguous();
                DeviceMemory.Upload<Fr, Limbs>(_stream, inputs[i].Span, data);

                // Two transforms of one size have an even number of passes, so the second ends where the first began.
                bool swapped = EndsInScratch(log2);
                Run(interpolate, scaling, data, scratch);
                Run(evaluate, plain, swapped ? scratch : data, swapped ? data : scratch);
            }

            device.Kernels.Combine.Launch(_stream, 1L << log2, new CombineJob
            {
                A = results[0].View.AsContiguous(),
                B = results[1].View.AsContiguous(),
                C = results[2].View.AsContiguous(),
                Count = 1 << log2,
            });
            _stream.Synchronize();
            buffers.Remove(results[0]);
            return results[0];
        }
        finally
        {
            buffers.ForEach(buffer => buffer.Dispose());
        }

        MemoryBuffer1D<Limbs, Stride1D.Dense> Take()
        {
            buffers.Add(DeviceMemory.Allocate<Limbs>(device.Accelerator, 1L << log2));
            return buffers[^1];
        }
    }

    /// <summary>Copies points to the device.</summary>
    public void Write(ReadOnlySpan<G1Affine> source, ArrayView<DeviceAffine> destination) => DeviceMemory.Upload(_stream, source, destination);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (MemoryBuffer1D<Limbs, Stride1D.Dense> roots in _roots.Values)
        {
            roots.Dispose();
        }

        _buffer?.Dispose();
        _stream.Dispose();
    }

    /// <summary>Data and scratch of one transform, kept for the next: to allocate takes longer than a small transform.</summary>
    private (ArrayView<Limbs> Data, ArrayView<Limbs> Scratch) BuffersFor(int count)
    {
        if (_buffer is null || _buffer.Length != 2L * count)
        {
            _buffer?.Dispose();
            _buffer = null;
            _buffer = DeviceMemory.Allocate<Limbs>(device.Accelerator, 2L * count);
        }

        ArrayView<Limbs> view = _buffer.View.AsContiguous();
        return (view.SubView(0, count), view.SubView(count, count));
    }

    /// <summary>Whether the last pass of a transform writes to scratch: there is one for two bits of the size.</summary>
    private static bool EndsInScratch(int log2) => (((log2 + 1) / 2) & 1) != 0;

    /// <summary>Queues the passes.</summary>
    private void Run(NttPlan plan, Scaling scaling, ArrayView<Limbs> data, ArrayView<Limbs> scratch)
    {
        bool forward = plan.Direction == NttDirection.Forward;
        (ArrayView<Limbs> source, ArrayView<Limbs> target) = (data, scratch);
        for (int done = 0; done < plan.Log2Size;)
        {
            int step = Math.Min(2, plan.Log2Size - done);
            NttPass pass = new()
            {
                Source = source,
                Target = target,
                Roots = Roots(plan.Log2Size),
                Powers = scaling.Powers,
                Log2Size = plan.Log2Size,
                Log2Stride = done,
                IsInverse = forward ? 0 : 1,
                ScalesInput = scaling.IsNeeded && forward && done == 0 ? 1 : 0,
                ScalesOutput = scaling.IsNeeded && !forward && done + step == plan.Log2Size ? 1 : 0,
                Scale = scaling.First,
            };
            (step == 2 ? device.Kernels.Radix4 : device.Kernels.Radix2).Launch(_stream, 1L << (plan.Log2Size - step), pass);
            (source, target) = (target, source);
            done += step;
        }
    }

    private ArrayView<Limbs> Roots(int log2)
    {
        if (!_roots.TryGetValue(log2, out MemoryBuffer1D<Limbs, Stride1D.Dense>? roots))
        {
            roots = DeviceMemory.Allocate<Limbs>(device.Accelerator, 1L << log2);
            using MemoryBuffer1D<Limbs, Stride1D.Dense> powers = PowersOf(Fr.RootOfUnity(log2), log2);
            device.Kernels.FillPowers.Launch(_stream, 1L << log2, new PowersJob
            {
                Powers = powers.View.AsContiguous(),
                First = Of(Fr.One),
                Count = 1 << log2,
                Results = roots.View.AsContiguous(),
            });
            _stream.Synchronize();
            _roots.Add(log2, roots);
        }

        return roots.View.AsContiguous();
    }

    /// <summary>Forward: gⁱ before. Inverse: g⁻ⁱ/n after.</summary>
    private Scaling ScalingOf(NttPlan plan)
    {
        bool forward = plan.Direction == NttDirection.Forward;
        Fr shift = plan.CosetShift ?? Fr.One;
        Fr first = forward ? Fr.One : ((Fr)(1UL << plan.Log2Size)).Inverse();
        return new Scaling(!forward || plan.CosetShift is not null, Of(first), PowersOf(forward ? shift : shift.Inverse(), plan.Log2Size));
    }

    /// <summary>ratio^(2^k) for k below the size's logarithm.</summary>
    private MemoryBuffer1D<Limbs, Stride1D.Dense> PowersOf(Fr ratio, int log2)
    {
        Fr[] powers = new Fr[Math.Max(1, log2)];
        for (int k = 0; k < powers.Length; k++)
        {
            powers[k] = ratio;
            ratio = ratio.Square();
        }

        MemoryBuffer1D<Limbs, Stride1D.Dense> buffer = DeviceMemory.Allocate<Limbs>(device.Accelerator, powers.Length);
        DeviceMemory.Upload<Fr, Limbs>(_stream, powers, buffer.View.AsContiguous());
        return buffer;
    }

    private static Limbs Of(Fr value) => Unsafe.BitCast<Fr, Limbs>(value);

    private sealed record Scaling(bool IsNeeded, Limbs First, MemoryBuffer1D<Limbs, Stride1D.Dense> Buffer) : IDisposable
    {
        public ArrayView<Limbs> Powers => Buffer.View.AsContiguous();

        public void Dispose() => Buffer.Dispose();
    }
}
