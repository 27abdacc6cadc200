using System.Text;
using Silk.NET.OpenCL;

namespace Accel.Device.OpenCl;

/// <summary>Kernels that are ready to run on a device.</summary>
public sealed unsafe class OpenClProgram : IDisposable
{
    private readonly OpenClContext _context;
    private nint _handle;

    internal OpenClProgram(OpenClContext context, nint handle)
    {
        _context = context;
        _handle = handle;
    }

    /// <summary>What <see cref="OpenClContext.Load"/> takes on the same device and driver.</summary>
    public byte[] ToBinary()
    {
        nuint length;
        _context.Check("asking for a program's size", OpenClContext.Api.GetProgramInfo(_handle, ProgramInfo.BinarySizes, (nuint)sizeof(nuint), &length, null));
        byte[] binary = new byte[length];
        fixed (byte* first = binary)
        {
            byte* data = first;
            _context.Check("asking for a program", OpenClContext.Api.GetProgramInfo(_handle, ProgramInfo.Binaries, (nuint)sizeof(byte*), &data, null));
        }

        return binary;
    }

    /// <summary>A kernel with arguments of its own.</summary>
    /// <exception cref="OpenClException">The program has none of that name.</exception>
    public OpenClKernel CreateKernel(string name)
    {
        int error;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            nint handle = OpenClContext.Api.CreateKernel(_handle, text, &error);
            _context.Check($"finding kernel {name}", error);
            return new OpenClKernel(_context, handle, name);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_handle != 0)
        {
            OpenClContext.Api.ReleaseProgram(_handle);
            _handle = 0;
        }
    }
}

/// <summary>A kernel and its arguments; one thread at a time sets and enqueues it.</summary>
public sealed unsafe class OpenClKernel : IDisposable
{
    private readonly OpenClContext _context;

    internal OpenClKernel(OpenClContext context, nint handle, string name)
    {
        _context = context;
        Handle = handle;
        Name = name;
    }

    /// <summary>Its name in the source.</summary>
    public string Name { get; }

    /// <summary>Work items of the largest work-group that it can run in.</summary>
    public int WorkGroupSizeMax
    {
        get
        {
            nuint size;
            _context.Check(
                $"asking for {Name}'s work-group size",
                OpenClContext.Api.GetKernelWorkGroupInfo(Handle, _context.Device.Handle, KernelWorkGroupInfo.WorkGroupSize, (nuint)sizeof(nuint), &size, null));
            return (int)Math.Min(int.MaxValue, size);
        }
    }

    internal nint Handle { get; private set; }

    /// <summary>Sets every argument; they are taken when the kernel is enqueued.</summary>
    public void Set(params ReadOnlySpan<KernelArgument> arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            KernelArgument argument = arguments[i];
            ulong value = argument.Value;
            _context.Check(
                $"setting argument {i} of {Name}", OpenClContext.Api.SetKernelArg(Handle, (uint)i, argument.Size, argument.IsLocal ? null : &value));
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (Handle != 0)
        {
            OpenClContext.Api.ReleaseKernel(Handle);
            Handle = 0;
        }
    }
}

/// <summary>An argument of a kernel: a buffer, a number, or local memory.</summary>
public readonly record struct KernelArgument
{
    private KernelArgument(nuint size, ulong value, bool isLocal)
    {
        Size = size;
        Value = value;
        IsLocal = isLocal;
    }

    internal nuint Size { get; }

    internal ulong Value { get; }

    internal bool IsLocal { get; }

    /// <summary>A buffer.</summary>
    public static implicit operator KernelArgument(OpenClBuffer buffer) => new((nuint)nint.Size, (ulong)buffer.Handle, false);

    /// <summary>A 32-bit number.</summary>
    public static implicit operator KernelArgument(uint number) => new(sizeof(uint), number, false);

    /// <summary>A 64-bit number.</summary>
    public static implicit operator KernelArgument(ulong number) => new(sizeof(ulong), number, false);

    /// <summary>Local memory for each work-group.</summary>
    public static KernelArgument Local(int bytes) => new((nuint)bytes, 0, true);
}
