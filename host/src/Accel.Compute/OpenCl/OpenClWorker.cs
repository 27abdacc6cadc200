using Accel.Device.OpenCl;

namespace Accel.Compute.OpenCl;

/// <summary>What one call at a time works with: a queue for kernels, one for transfers beside them, kernels with their arguments, and memory that is kept.</summary>
internal sealed class OpenClWorker : IDisposable
{
    private readonly OpenClContext _context;
    private readonly OpenClProgram _msm;
    private readonly OpenClProgram _ntt;
    private readonly Dictionary<string, OpenClKernel> _kernels = [];
    private readonly Dictionary<string, OpenClBuffer> _buffers = [];
    private readonly List<OpenClEvent> _events = [];

    public OpenClWorker(OpenClContext context, OpenClProgram msm, OpenClProgram ntt)
    {
        _context = context;
        _msm = msm;
        _ntt = ntt;
        Compute = context.CreateQueue(isOutOfOrder: false);
        Transfer = context.CreateQueue(isOutOfOrder: true);
    }

    /// <summary>Kernels, one after the other.</summary>
    public OpenClQueue Compute { get; }

    /// <summary>Transfers, which wait for what they name alone.</summary>
    public OpenClQueue Transfer { get; }

    /// <summary>A kernel of the products.</summary>
    public OpenClKernel Msm(string name) => Kernel(_msm, name);

    /// <summary>A kernel of the transforms.</summary>
    public OpenClKernel Ntt(string name) => Kernel(_ntt, name);

    /// <summary>Memory for one purpose, of at least so many bytes; its content does not survive growth.</summary>
    public OpenClBuffer Buffer(string purpose, long bytes)
    {
        if (_buffers.TryGetValue(purpose, out OpenClBuffer? buffer))
        {
            if (buffer.Bytes >= bytes)
            {
                return buffer;
            }

            buffer.Dispose();
            _buffers.Remove(purpose);
        }

        buffer = _context.Allocate(Math.Max(1, bytes));
        _buffers.Add(purpose, buffer);
        return buffer;
    }

    /// <summary>New device memory with these values.</summary>
    public unsafe OpenClBuffer Store<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        OpenClBuffer buffer = _context.Allocate(Math.Max(1, (long)values.Length * sizeof(T)));
        try
        {
            fixed (T* first = values)
            {
                if (values.Length > 0)
                {
                    using OpenClEvent written = Transfer.Write(buffer, 0, first, (long)values.Length * sizeof(T));
                    written.Wait();
                }
            }

            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Keeps an event until the work has ended.</summary>
    public OpenClEvent Keep(OpenClEvent done)
    {
        _events.Add(done);
        return done;
    }

    /// <summary>Waits until nothing is under way, so that host memory may move again. Failures have been reported by the events.</summary>
    public void Drain()
    {
        Compute.Finish();
        Transfer.Finish();
        foreach (OpenClEvent done in _events)
        {
            done.Dispose();
        }

        _events.Clear();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (IDisposable held in _kernels.Values.Concat<IDisposable>(_buffers.Values).Concat(_events))
        {
            held.Dispose();
        }

        Compute.Dispose();
        Transfer.Dispose();
    }

    private OpenClKernel Kernel(OpenClProgram program, string name)
    {
        if (!_kernels.TryGetValue(name, out OpenClKernel? kernel))
        {
            kernel = program.CreateKernel(name);
            _kernels.Add(name, kernel);
        }

        return kernel;
    }
}
