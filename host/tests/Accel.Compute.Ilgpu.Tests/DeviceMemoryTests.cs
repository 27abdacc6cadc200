using ILGPU;
using ILGPU.Runtime;
using Xunit;

namespace Accel.Compute.Ilgpu.Tests;

public sealed class DeviceMemoryTests
{
    [Fact]
    public async Task Copies_are_right_while_the_collector_moves_arrays()
    {
        const int Copies = 3000;
        const int Length = 40;
        IlgpuDevice device = IlgpuDevice.OpenCpu(threads: 2);
        using AcceleratorStream stream = device.Accelerator.CreateStream();
        using MemoryBuffer1D<int, Stride1D.Dense> buffer = DeviceMemory.Allocate<int>(device.Accelerator, Length);
        using CancellationTokenSource done = new();
        Task collecting = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect(0, GCCollectionMode.Forced, blocking: true, compacting: true);
            }
        });
        try
        {
            for (int i = 0; i < Copies; i++)
            {
                int[] sent = [.. Enumerable.Range(i, Length)];
                int[] received = new int[Length];
                DeviceMemory.Upload<int, int>(stream, sent, buffer.View.AsContiguous());
                DeviceMemory.Download(stream, buffer.View.AsContiguous(), received.AsSpan());
                Assert.Equal(sent, received);
            }
        }
        finally
        {
            await done.CancelAsync();
            await collecting;
        }
    }
}
