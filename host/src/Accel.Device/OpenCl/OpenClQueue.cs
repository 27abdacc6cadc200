using System.Diagnostics.CodeAnalysis;
using Silk.NET.OpenCL;

namespace Accel.Device.OpenCl;

/// <summary>Commands to a device; each gives an event that others can wait for. One thread at a time enqueues.</summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "OpenCL's own word.")]
public sealed unsafe class OpenClQueue : IDisposable
{
    private readonly OpenClContext _context;
    private nint _handle;

    internal OpenClQueue(OpenClContext context, nint handle)
    {
        _context = context;
        _handle = handle;
    }

    /// <summary>Copies host memory, which must stay where and as it is until the event, to a buffer.</summary>
    public OpenClEvent Write(OpenClBuffer buffer, long offset, void* source, long bytes, params ReadOnlySpan<OpenClEvent> after)
    {
        Span<nint> waits = stackalloc nint[after.Length];
        nint done;
        fixed (nint* first = Handles(after, waits))
        {
            _context.Check(
                $"writing {bytes:N0} bytes",
                OpenClContext.Api.EnqueueWriteBuffer(_handle, buffer.Handle, false, (nuint)offset, (nuint)bytes, source, (uint)after.Length, first, &done));
        }

        return new OpenClEvent(_context, done, "writing");
    }

    /// <summary>Copies a buffer to host memory, which must stay where it is until the event.</summary>
    public OpenClEvent Read(OpenClBuffer buffer, long offset, void* destination, long bytes, params ReadOnlySpan<OpenClEvent> after)
    {
        Span<nint> waits = stackalloc nint[after.Length];
        nint done;
        fixed (nint* first = Handles(after, waits))
        {
            _context.Check(
                $"reading {bytes:N0} bytes",
                OpenClContext.Api.EnqueueReadBuffer(_handle, buffer.Handle, false, (nuint)offset, (nuint)bytes, destination, (uint)after.Length, first, &done));
        }

        return new OpenClEvent(_context, done, "reading");
    }

    /// <summary>Runs a kernel with the arguments that it has now.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="size">Work items in each dimension; the first is rounded up to whole work-groups.</param>
    /// <param name="groupSize">Work items of a work-group, all in the first dimension.</param>
    /// <param name="after">What must have happened before, in a queue that is out of order or another one's.</param>
    public OpenClEvent Run(OpenClKernel kernel, (long X, long Y) size, int groupSize, params ReadOnlySpan<OpenClEvent> after)
    {
        nuint* global = stackalloc nuint[2] { (nuint)((size.X + groupSize - 1) / groupSize * groupSize), (nuint)size.Y };
        nuint* local = stackalloc nuint[2] { (nuint)groupSize, 1 };
        Span<nint> waits = stackalloc nint[after.Length];
        nint done;
        fixed (nint* first = Handles(after, waits))
        {
            _context.Check(
                $"running {kernel.Name} on {size.X:N0} x {size.Y:N0} work items in groups of {groupSize}",
                OpenClContext.Api.EnqueueNdrangeKernel(_handle, kernel.Handle, 2, null, global, local, (uint)after.Length, first, &done));
        }

        return new OpenClEvent(_context, done, $"running {kernel.Name}");
    }

    /// <summary>Sends what was enqueued to the device.</summary>
    public void Flush() => _context.Check("flushing a queue", OpenClContext.Api.Flush(_handle));

    /// <summary>Waits until everything that was enqueued has ended, well or not.</summary>
    public void Finish() => _context.Check("finishing a queue", OpenClContext.Api.Finish(_handle));

    /// <inheritdoc />
    public void Dispose()
    {
        if (_handle != 0)
        {
            OpenClContext.Api.ReleaseCommandQueue(_handle);
            _handle = 0;
        }
    }

    private static Span<nint> Handles(ReadOnlySpan<OpenClEvent> events, Span<nint> handles)
    {
        for (int i = 0; i < events.Length; i++)
        {
            handles[i] = events[i].Handle;
        }

        return handles;
    }
}

/// <summary>The end of a command.</summary>
public sealed unsafe class OpenClEvent : IDisposable
{
    private readonly OpenClContext _context;
    private readonly string _what;
    private nint _handle;

    internal OpenClEvent(OpenClContext context, nint handle, string what)
    {
        _context = context;
        _handle = handle;
        _what = what;
    }

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>Blocks until the command has ended.</summary>
    /// <exception cref="OpenClException">It failed: the device is lost, or out of memory.</exception>
    public void Wait()
    {
        nint handle = Handle;
        int error = OpenClContext.Api.WaitForEvents(1, &handle);
        const int FailedInWaitList = -14;
        if (error == FailedInWaitList)
        {
            // The command's own error says more.
            int status;
            error = OpenClContext.Api.GetEventInfo(handle, EventInfo.CommandExecutionStatus, sizeof(int), &status, null) == 0 && status < 0 ? status : error;
        }

        _context.Check(_what, error);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            OpenClContext.Api.ReleaseEvent(handle);
        }
    }
}
