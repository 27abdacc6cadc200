using System.Diagnostics;
using System.Globalization;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Benchmarks;

/// <summary>
/// The bar of the constraint system: 5 million constraints with 60 million terms are compiled, stored, mapped and solved within 6 GiB,
/// at a million constraints a second on two cores. Exits with 1 when a figure misses.
/// </summary>
internal static class CircuitBar
{
    private const int ConstraintsDefault = 5_000_000;
    private const long RssBytesMax = 6L << 30;
    private const double ConstraintsPerSecondMin = 1e6;
    private const double TermsPerConstraintMin = 12;
    private const int ThreadCount = 2;
    private const int Repeats = 3;

    public static int Run(string[] args)
    {
        int constraints = args switch
        {
            [] => ConstraintsDefault,
            ["--constraints", string text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 => count,
            _ => -1,
        };
        if (constraints < 0)
        {
            Console.Error.WriteLine("usage: Accel.Benchmarks -- circuit-bar [--constraints N]");
            return 2;
        }

        string path = Path.Combine(Path.GetTempPath(), $"circuit-bar-{Environment.ProcessId}.accel");
        try
        {
            CompileAndSave(constraints, path);
            GC.Collect();
            return MapAndSolve(path) ? 0 : 1;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void CompileAndSave(int constraints, string path)
    {
        Stopwatch clock = Stopwatch.StartNew();
        using CompiledCircuit circuit = CompiledCircuit.Compile(new BarCircuit(constraints));
        Print("compile", clock);
        Console.WriteLine($"constraints      {circuit.ConstraintCount:N0}");
        Console.WriteLine($"wires            {circuit.WireCount:N0}");
        Console.WriteLine($"terms            {circuit.TermCount:N0} ({circuit.TermCount / (double)circuit.ConstraintCount:F1} a constraint)");
        Console.WriteLine($"image            {circuit.ImageBytes:N0} bytes, SHA-256 {circuit.Digest}");
        clock.Restart();
        circuit.Save(path);
        Print("save", clock);
    }

    private static bool MapAndSolve(string path)
    {
        Stopwatch clock = Stopwatch.StartNew();
        using CompiledCircuit circuit = CompiledCircuit.Load(path, CoreHints.All);
        Print("map and validate", clock);
        Assignment assignment = new Assignment(circuit).Set(BarCircuit.InputName, [.. Enumerable.Range(1, BarCircuit.LaneCount).Select(i => (Fr)(i * 977))]);
        double best = 0;
        for (int i = 0; i < Repeats; i++)
        {
            TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
            clock.Restart();
            WitnessSolver.Solve(circuit, assignment, new SolverOptions { ThreadCount = ThreadCount });
            double seconds = clock.Elapsed.TotalSeconds;
            cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
            best = Math.Max(best, circuit.ConstraintCount / seconds);
            Console.WriteLine($"solve            {seconds:F2} s wall, {cpu.TotalSeconds:F2} s of CPU on {ThreadCount} threads: {circuit.ConstraintCount / seconds / 1e6:F2} M constraints/s");
        }

        long rss = Process.GetCurrentProcess().PeakWorkingSet64;
        double termsPerConstraint = circuit.TermCount / (double)circuit.ConstraintCount;
        Console.WriteLine($"peak RSS         {rss / (double)(1L << 30):F2} GiB");
        bool holds = rss <= RssBytesMax && best >= ConstraintsPerSecondMin && termsPerConstraint >= TermsPerConstraintMin;
        Console.WriteLine($"bar              {(holds ? "holds" : "MISSED")}: {ConstraintsPerSecondMin / 1e6:F0} M constraints/s, {TermsPerConstraintMin:F0} terms a constraint, {RssBytesMax >> 30} GiB");
        return holds;
    }

    private static void Print(string step, Stopwatch clock) => Console.WriteLine($"{step,-16} {clock.Elapsed.TotalSeconds:F2} s");
}
