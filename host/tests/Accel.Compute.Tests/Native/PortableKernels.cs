using Accel.Compute.Cpu;
using Accel.Compute.Cpu.Native;
using Accel.Testing;
using Xunit;

namespace Accel.Compute.Tests.Native;

/// <summary>The native kernels' portable build: the same source with the instructions in plain C, so that every processor can test it.</summary>
internal static class PortableKernels
{
    /// <summary>Where the build lies.</summary>
    public static string Path { get; } = System.IO.Path.Combine(OutsideData.RepositoryRoot, "build", "native", "libaccel_ifma_portable.so");

    /// <summary>The build; without it the calling test is skipped.</summary>
    public static NativeKernels Load()
    {
        Assert.SkipUnless(File.Exists(Path), $"{Path} is not built: run `make native`");
        Assert.True(NativeKernels.TryOpen(Path, out NativeKernels? kernels, out string missing), missing);
        return kernels;
    }

    /// <summary>An engine on the build; without it the calling test is skipped.</summary>
    public static NativeEngine Engine() => new(Load());

    /// <summary>Every engine that works here, and one on the portable build where it is built.</summary>
    public static IEnumerable<CpuEngine> AllEngines()
    {
        IEnumerable<CpuEngine> engines = CpuEngine.All.Where(engine => engine.IsAvailable);
        return File.Exists(Path) ? engines.Prepend(Engine()) : engines;
    }
}
