using System.Runtime.InteropServices;
using Accel.Device;
using ILGPU;
using ILGPU.Runtime;

namespace Accel.Compute.Ilgpu;

/// <summary>Buffers, and copies between them and host memory of the same layout.</summary>
internal static class DeviceMemory
{
    /// <summary>A buffer; one of no elements has room for one.</summary>
    /// <exception cref="DeviceException">The device has not so much memory left.</exception>
    public static MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(Accelerator accelerator, long count)
        where T : unmanaged
    {
        try
        {
            return accelerator.Allocate1D<T>(Math.Max(1, count));
        }
        catch (AcceleratorException e)
        {
            throw new DeviceException(
                $"{accelerator.Name}: {count * Marshal.SizeOf<T>():N0} bytes could not be allocated of {accelerator.MemorySize:N0}: {e.Message}", e);
        }
    }

    /// <summary>Copies host memory to the start of a view, in the view's type; returns when the host's memory has been read.</summary>
    /// <remarks>ILGPU takes the address of a reference and does not pin it: a collection would move the array away under the copy.</remarks>
    public static unsafe void Upload<TFrom, T>(AcceleratorStream stream, ReadOnlySpan<TFrom> source, ArrayView<T> target)
        where TFrom : unmanaged
        where T : unmanaged
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<TFrom, T>(source);
        if (!values.IsEmpty)
        {
            fixed (T* pinned = values)
            {
                target.SubView(0, values.Length).CopyFromCPU(stream, ref *pinned, values.Length);
                stream.Synchronize();
            }
        }
    }

    /// <summary>Copies the start of a view to host memory; returns when it is there.</summary>
    /// <remarks>Pinned, as in <see cref="Upload"/>.</remarks>
    public static unsafe void Download<T, TTo>(AcceleratorStream stream, ArrayView<T> source, Span<TTo> target)
        where T : unmanaged
        where TTo : unmanaged
    {
        Span<T> values = MemoryMarshal.Cast<TTo, T>(target);
        fixed (T* pinned = values)
        {
            if (!values.IsEmpty)
            {
                source.SubView(0, values.Length).CopyToCPU(stream, ref *pinned, values.Length);
            }

            stream.Synchronize();
        }
    }
}
