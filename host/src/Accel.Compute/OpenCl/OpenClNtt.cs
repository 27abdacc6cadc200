using System.Buffers;
using Accel.Compute.Cpu;
using Accel.Device.OpenCl;

namespace Accel.Compute.OpenCl;

/// <summary>Roots of unity on the device for one size and direction: about 2·√n values, and those of the layers inside a pass.</summary>
/// <param name="Roots">Layer h = 1, 2, 4, … at index h: the first h powers of the 2h-th root.</param>
/// <param name="Low">The first 2^<paramref name="Shift"/> powers of the n-th root.</param>
/// <param name="High">Every 2^<paramref name="Shift"/>-th power of it.</param>
/// <param name="Shift">log₂ of the length of <paramref name="Low"/>.</param>
internal sealed record OpenClTwiddles(OpenClBuffer Roots, OpenClBuffer Low, OpenClBuffer High, int Shift) : IDisposable
{
    /// <inheritdoc />
    public void Dispose()
    {
        Roots.Dispose();
        Low.Dispose();
        High.Dispose();
    }
}

/// <summary>Transforms, and Groth16's quotient, on values that are copied to the device and back.</summary>
internal sealed class OpenClNtt
{
    private const int ElementBytes = 32;

    // How inputs or outputs are scaled, as ntt.cl knows it.
    private const uint ScaleNone = 0;
    private const uint ScaleConstant = 1;
    private const uint ScalePowers = 2;

    private readonly OpenClWorker _worker;
    private readonly OpenClSizes _sizes;
    private readonly Func<int, NttDirection, OpenClTwiddles> _twiddles;
    private readonly CancellationToken _cancel;

    public OpenClNtt(OpenClWorker worker, OpenClSizes sizes, Func<int, NttDirection, OpenClTwiddles> twiddles, CancellationToken cancel)
    {
        _worker = worker;
        _sizes = sizes;
        _twiddles = twiddles;
        _cancel = cancel;
    }

    /// <summary>Runs a valid plan in place.</summary>
    public unsafe void Transform(NttPlan plan, Memory<Fr> values)
    {
        if (plan.Log2Size == 0)
        {
            return;
        }

        long bytes = (long)values.Length * ElementBytes;
        using MemoryHandle pin = values.Pin();
        using Scaling scaling = new(this, plan);
        try
        {
            OpenClBuffer data = _worker.Buffer("values 0", bytes);
            OpenClBuffer scratch = _worker.Buffer("scratch", bytes);
            OpenClEvent written = _worker.Keep(_worker.Transfer.Write(data, 0, pin.Pointer, bytes));
            _worker.Transfer.Flush();
            Run(plan, scaling, ref data, ref scratch, written);
            OpenClEvent read = _worker.Keep(_worker.Compute.Read(data, 0, pin.Pointer, bytes));
            _worker.Compute.Flush();
            read.Wait();
        }
        finally
        {
            _worker.Drain();
        }
    }

    /// <summary>A ← a·b − c on the coset ω₂ₙ·⟨ωₙ⟩; B and C keep their values. Later inputs are copied while earlier ones are transformed.</summary>
    /// <param name="input">2^<paramref name="log2"/> values each.</param>
    /// <param name="log2">log₂ of their number.</param>
    public unsafe void Quotient(QuotientInput input, int log2)
    {
        long bytes = (long)input.A.Length * ElementBytes;
        Memory<Fr>[] values = [input.A, input.B, input.C];
        MemoryHandle[] pins = [.. values.Select(memory => memory.Pin())];

        // Interpolation on the coset of 1/ω₂ₙ ends by scaling with ω₂ₙⁱ, with which evaluation on ω₂ₙ·⟨ωₙ⟩ begins.
        NttPlan interpolate = new(log2, NttDirection.Inverse, Fr.RootOfUnity(log2 + 1).Inverse());
        NttPlan evaluate = new(log2, NttDirection.Forward);
        using Scaling scaling = new(this, interpolate);
        using Scaling none = new(this, evaluate);
        try
        {
            OpenClBuffer[] data = [.. Enumerable.Range(0, values.Length).Select(i => _worker.Buffer($"values {i}", bytes))];
            OpenClBuffer scratch = _worker.Buffer("scratch", bytes);
            OpenClEvent[] written = new OpenClEvent[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                written[i] = _worker.Keep(_worker.Transfer.Write(data[i], 0, pins[i].Pointer, bytes));
            }

            _worker.Transfer.Flush();
            for (int i = 0; i < values.Length; i++)
            {
                _cancel.ThrowIfCancellationRequested();
                Run(interpolate, scaling, ref data[i], ref scratch, written[i]);
                Run(evaluate, none, ref data[i], ref scratch);
            }

            OpenClKernel combine = _worker.Ntt("multiply_subtract");
            combine.Set(data[0], data[1], data[2], (uint)input.A.Length);
            _worker.Keep(_worker.Compute.Run(combine, (input.A.Length, 1), _sizes.NttGroup, written));
            OpenClEvent read = _worker.Keep(_worker.Compute.Read(data[0], 0, pins[0].Pointer, bytes));
            _worker.Compute.Flush();
            read.Wait();
        }
        finally
        {
            _worker.Drain();
            foreach (MemoryHandle pin in pins)
            {
                pin.Dispose();
            }
        }
    }

    /// <summary>Enqueues the passes of a transform; the result lies in <paramref name="data"/>, which they may have exchanged with the scratch buffer.</summary>
    private void Run(NttPlan plan, Scaling scaling, ref OpenClBuffer data, ref OpenClBuffer scratch, params ReadOnlySpan<OpenClEvent> after)
    {
        if (plan.Log2Size == 0)
        {
            return;
        }

        OpenClTwiddles twiddles = _twiddles(plan.Log2Size, plan.Direction);
        OpenClKernel kernel = _worker.Ntt("transform_pass");
        int passes = (plan.Log2Size + _sizes.RadixLog2 - 1) / _sizes.RadixLog2;
        for (int pass = 0, stride = 0; pass < passes; pass++)
        {
            int radix = (plan.Log2Size / passes) + (pass < plan.Log2Size % passes ? 1 : 0);
            int columns = Math.Min(_sizes.TileLog2 - radix, plan.Log2Size - radix);
            long groups = 1L << (plan.Log2Size - radix - columns);
            kernel.Set(
                data,
                scratch,
                (uint)plan.Log2Size,
                (uint)radix,
                (uint)stride,
                (uint)columns,
                twiddles.Roots,
                twiddles.Low,
                twiddles.High,
                (uint)twiddles.Shift,
                pass == 0 ? scaling.In : ScaleNone,
                pass == passes - 1 ? scaling.Out : ScaleNone,
                scaling.Low ?? twiddles.Low,
                scaling.High ?? twiddles.High,
                (uint)scaling.Shift,
                KernelArgument.Local(ElementBytes << (radix + columns)));
            _worker.Keep(_worker.Compute.Run(kernel, (groups * _sizes.NttGroup, 1), _sizes.NttGroup, pass == 0 ? after : []));
            (data, scratch) = (scratch, data);
            stride += radix;
        }
    }

    /// <summary>What multiplies the inputs or the outputs of a transform: powers of the coset's shift, 1/n, both or neither.</summary>
    private sealed unsafe class Scaling : IDisposable
    {
        public Scaling(OpenClNtt owner, NttPlan plan)
        {
            bool isForward = plan.Direction == NttDirection.Forward;
            if (isForward && plan.CosetShift is null)
            {
                return;
            }

            Fr ratio = plan.CosetShift is not Fr shift ? Fr.One : isForward ? shift : shift.Inverse();
            Shift = plan.CosetShift is null ? 0 : (plan.Log2Size + 1) / 2;
            Fr[] low = new Fr[1 << Shift];
            Fr[] high = new Fr[plan.CosetShift is null ? 1 : 1 << (plan.Log2Size - Shift)];
            FieldPowers.Fill(low, Fr.One, ratio);
            FieldPowers.Fill(high, isForward ? Fr.One : Ntt.SizeInverse(plan.Log2Size), ratio.Pow(low.Length));
            Low = owner._worker.Store<Fr>(low);
            High = owner._worker.Store<Fr>(high);
            uint mode = plan.CosetShift is null ? ScaleConstant : ScalePowers;
            (In, Out) = isForward ? (mode, ScaleNone) : (ScaleNone, mode);
        }

        public uint In { get; }

        public uint Out { get; }

        public int Shift { get; }

        public OpenClBuffer? Low { get; }

        public OpenClBuffer? High { get; }

        public void Dispose()
        {
            Low?.Dispose();
            High?.Dispose();
        }
    }
}
