using Accel.Compute;
using Accel.Compute.Cpu;
using BenchmarkDotNet.Attributes;

namespace Accel.Benchmarks;

/// <summary>Every engine's kernels: products and squares in dependent chains, and additions of pairs with one inversion.</summary>
public class KernelBenchmarks
{
    private Action _work = () => { };

    public static IEnumerable<string> Kernels => CpuEngine.All
        .Where(engine => engine.IsAccelerated)
        .SelectMany(engine => KernelBenchmark.Kernels(engine).Select(kernel => Name(engine, kernel.Operation, kernel.Field)));

    [ParamsSource(nameof(Kernels))]
    public string Kernel { get; set; } = "";

    [GlobalSetup]
    public void SetUp() => _work = CpuEngine.All
        .SelectMany(engine => KernelBenchmark.Kernels(engine).Select(kernel => (Name: Name(engine, kernel.Operation, kernel.Field), kernel.Work)))
        .First(kernel => kernel.Name == Kernel).Work;

    [Benchmark(OperationsPerInvoke = KernelBenchmark.Operations)]
    public void Run() => _work();

    private static string Name(CpuEngine engine, string operation, string field) => $"{engine.Name} {operation} {field}";
}
