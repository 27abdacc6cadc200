using System.Text;
using Silk.NET.OpenCL;

namespace Accel.Device.OpenCl;

/// <summary>One device's buffers, programs and queues. It, and what it makes, may be used from several threads, a kernel or queue by one at a time.</summary>
public sealed unsafe class OpenClContext : IDisposable
{
    private nint _handle;

    /// <summary>Opens a device.</summary>
    /// <exception cref="OpenClException">The driver refuses.</exception>
    public OpenClContext(OpenClDevice device)
    {
        Device = device;
        nint handle = device.Handle;
        int error;
        _handle = Api.CreateContext((nint*)null, 1, &handle, null, null, &error);
        Check("opening the device", error);
    }

    /// <summary>The device.</summary>
    public OpenClDevice Device { get; }

    internal static CL Api => OpenClLibrary.Api;

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>Device memory of unspecified content.</summary>
    /// <param name="bytes">Its size, at least 1.</param>
    /// <exception cref="OpenClException">There is not so much.</exception>
    public OpenClBuffer Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        int error;
        nint handle = Api.CreateBuffer(Handle, MemFlags.ReadWrite, (nuint)bytes, null, &error);
        Check($"allocating {bytes:N0} bytes", error);
        return new OpenClBuffer(handle, bytes);
    }

    /// <summary>Compiles a program.</summary>
    /// <param name="source">OpenCL C.</param>
    /// <param name="options">The compiler's options.</param>
    /// <exception cref="OpenClException">It does not compile; the message has the compiler's log.</exception>
    public OpenClProgram Compile(string source, string options)
    {
        byte[] text = Encoding.UTF8.GetBytes(source);
        int error;
        fixed (byte* first = text)
        {
            byte* line = first;
            nuint length = (nuint)text.Length;
            nint handle = Api.CreateProgramWithSource(Handle, 1, &line, &length, &error);
            Check("taking the kernels' source", error);
            return Build(handle, options);
        }
    }

    /// <summary>Loads a program that was compiled before, or a card's.</summary>
    /// <param name="binary">What <see cref="OpenClProgram.ToBinary"/>, or the card's tools, gave.</param>
    /// <param name="options">The options that it was compiled with.</param>
    /// <exception cref="OpenClException">The device cannot run it.</exception>
    public OpenClProgram Load(ReadOnlySpan<byte> binary, string options)
    {
        nint device = Device.Handle;
        nuint length = (nuint)binary.Length;
        int error, status;
        fixed (byte* first = binary)
        {
            byte* data = first;
            nint handle = Api.CreateProgramWithBinary(Handle, 1, &device, &length, &data, &status, &error);
            Check($"taking a program of {binary.Length:N0} bytes", error);
            return Build(handle, options);
        }
    }

    /// <summary>A queue of commands.</summary>
    /// <param name="isOutOfOrder">Whether commands wait only for the events that they name, where the device can do so.</param>
    public OpenClQueue CreateQueue(bool isOutOfOrder)
    {
        int error;
        nint handle = 0;
        if (isOutOfOrder)
        {
            handle = Api.CreateCommandQueue(Handle, Device.Handle, CommandQueueProperties.OutOfOrderExecModeEnable, &error);
            const int InvalidQueueProperties = -35;
            if (error != InvalidQueueProperties)
            {
                Check("making a command queue", error);
                return new OpenClQueue(this, handle);
            }
        }

        handle = Api.CreateCommandQueue(Handle, Device.Handle, CommandQueueProperties.None, &error);
        Check("making a command queue", error);
        return new OpenClQueue(this, handle);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_handle != 0)
        {
            Api.ReleaseContext(_handle);
            _handle = 0;
        }
    }

    internal void Check(string what, int code) => OpenClDevice.Check($"OpenCL device {Device}", what, code);

    private OpenClProgram Build(nint program, string options)
    {
        nint device = Device.Handle;
        int error;
        fixed (byte* text = Encoding.UTF8.GetBytes(options + '\0'))
        {
            error = Api.BuildProgram(program, 1, &device, text, null, null);
        }

        if (error == 0)
        {
            return new OpenClProgram(this, program);
        }

        string log = BuildLog(program);
        Api.ReleaseProgram(program);
        throw new OpenClException($"OpenCL device {Device}", "building the kernels", error, log);
    }

    private string BuildLog(nint program)
    {
        nuint length = 0;
        if (Api.GetProgramBuildInfo(program, Device.Handle, ProgramBuildInfo.BuildLog, 0, null, &length) != 0 || length == 0)
        {
            return "the driver gives no log";
        }

        byte[] bytes = new byte[length];
        fixed (byte* first = bytes)
        {
            int error = Api.GetProgramBuildInfo(program, Device.Handle, ProgramBuildInfo.BuildLog, length, first, null);
            return error == 0 ? Encoding.UTF8.GetString(bytes).TrimEnd('\0', '\n') : "the driver gives no log";
        }
    }
}

/// <summary>A range of device memory.</summary>
public sealed class OpenClBuffer : IDisposable
{
    private nint _handle;

    internal OpenClBuffer(nint handle, long bytes)
    {
        _handle = handle;
        Bytes = bytes;
    }

    /// <summary>Its size.</summary>
    public long Bytes { get; }

    /// <exception cref="ObjectDisposedException">The buffer was freed.</exception>
    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>Frees it as soon as no command uses it any more.</summary>
    public void Dispose()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            OpenClContext.Api.ReleaseMemObject(handle);
        }
    }
}
