using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Accel.Benchmarks.FieldBenchmarks).Assembly).Run(args);
