using System.Diagnostics;
using Accel.Compute.Cpu;

namespace Accel.Compute;

/// <summary>Times the processor's kernels, which have no command of their own, on one thread.</summary>
public static class KernelBenchmark
{
    /// <summary>What one run of every kernel does.</summary>
    internal const int Operations = 1024;

    /// <summary>Products and squares over Fq and Fr, and affine additions over G1 and G2, with every engine that the processor accelerates.</summary>
    /// <param name="warmUp">Runs that are not counted, at least 0.</param>
    /// <param name="runs">Runs that are, at least 1; each does some thousands of operations.</param>
    /// <param name="cancel">Stops between runs.</param>
    public static IEnumerable<KernelFigure> Run(int warmUp, int runs, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(warmUp);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        foreach (CpuEngine engine in CpuEngine.All.Where(engine => engine.IsAccelerated))
        {
            foreach ((string operation, string field, Action work) in Kernels(engine))
            {
                double[] times = Measure(work, warmUp, runs, cancel);
                yield return new KernelFigure(operation, field, engine.Name, times[0], times[times.Length / 2]);
            }
        }
    }

    /// <summary>An engine's kernels: operation, field or group, and <see cref="Operations"/> of it on one thread.</summary>
    internal static IEnumerable<(string Operation, string Field, Action Work)> Kernels(CpuEngine engine)
    {
        foreach ((string operation, string field, Action<int> repeat, int lanes) in engine.FieldKernels)
        {
            yield return (operation, field, () => repeat(Operations / lanes));
        }

        yield return ("add", "G1", Additions<Fq, Bn254G1>(engine));
        yield return ("add", "G2", Additions<Fq2, Bn254G2>(engine));
    }

    private static unsafe Action Additions<TField, TCurve>(CpuEngine engine)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        PinnedPoints<TField, TCurve> points = new(3 * Operations);
        XyzzPoint<TField, TCurve> next = XyzzPoint<TField, TCurve>.Generator;
        PointPair[] pairs = new PointPair[Operations];
        for (int i = 0; i < 2 * Operations; i++)
        {
            points.First[i] = next.ToAffine();
            next += AffinePoint<TField, TCurve>.Generator;
        }

        for (int i = 0; i < Operations; i++)
        {
            pairs[i] = new PointPair(PointRef.To(points.First + i), PointRef.To(points.First + Operations + i));
        }

        IPairAdder<TField, TCurve> adder = engine.CreatePairAdder<TField, TCurve>();
        return () => adder.Add(pairs, points.First + (2 * Operations));
    }

    /// <returns>Nanoseconds of one operation in each run, sorted.</returns>
    private static double[] Measure(Action work, int warmUp, int runs, CancellationToken cancel)
    {
        double[] times = new double[runs];
        for (int run = -warmUp; run < runs; run++)
        {
            cancel.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            work();
            if (run >= 0)
            {
                times[run] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Operations;
            }
        }

        Array.Sort(times);
        return times;
    }
}

/// <summary>What one kernel took.</summary>
/// <param name="Operation"><c>multiply</c>, <c>square</c> or <c>add</c>.</param>
/// <param name="Field">The field, or the group.</param>
/// <param name="Engine">The engine's name.</param>
/// <param name="Minimum">Nanoseconds of one operation in the fastest run.</param>
/// <param name="Median">Nanoseconds of one operation in the median run.</param>
public sealed record KernelFigure(string Operation, string Field, string Engine, double Minimum, double Median);
