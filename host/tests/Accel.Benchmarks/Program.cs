using Accel.Benchmarks;
using BenchmarkDotNet.Running;

if (args is ["circuit-bar", .. string[] rest])
{
    return CircuitBar.Run(rest);
}

if (args is ["link-bar"])
{
    return LinkBar.Run();
}

BenchmarkSwitcher.FromAssembly(typeof(FieldBenchmarks).Assembly).Run(args);
return 0;
