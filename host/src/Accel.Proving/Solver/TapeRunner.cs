using System.Runtime.ExceptionServices;
using Accel.Compute;
using Accel.Proving.Frontend;

namespace Accel.Proving.Solver;

/// <summary>Executes the tape of a circuit over one array of wires, level by level.</summary>
/// <param name="circuit">The circuit.</param>
/// <param name="wires">Its wires, with constant and inputs set.</param>
/// <param name="options">How to.</param>
/// <param name="stream">Told of every wire that is final; null when nobody asks before the end.</param>
internal sealed class TapeRunner(CompiledCircuit circuit, Memory<Fr> wires, SolverOptions options, GrowingScalars? stream)
{
    /// <summary>Below this many constraints a level costs less than waking another thread.</summary>
    private const int ParallelWeightMin = 1024;

    /// <summary>Several parts a thread even out steps of unequal weight.</summary>
    private const int PartsPerThread = 8;

    private readonly Lock _violationLock = new();
    private readonly int _threads = options.Intercept is null ? Math.Max(1, options.ThreadCount) : 1;

    /// <summary>The lowest violated constraint, or −1.</summary>
    public int FirstViolation { get; private set; } = -1;

    public void Run(CancellationToken cancel)
    {
        StepRunner[] runners = [.. Enumerable.Range(0, _threads).Select(_ => new StepRunner(circuit, wires, options, Report, stream))];
        int start = 0;
        foreach (LevelMark mark in circuit.Levels)
        {
            cancel.ThrowIfCancellationRequested();
            if (_threads == 1 || mark.Weight < ParallelWeightMin || mark.EndStep - start < 2)
            {
                runners[0].Run(start, mark.EndStep);
            }
            else
            {
                RunInParallel(runners, start, mark.EndStep, cancel);
            }

            start = mark.EndStep;
        }
    }

    /// <summary>Each thread takes the next part until none is left, so a thread that is held up elsewhere delays nobody.</summary>
    private void RunInParallel(StepRunner[] runners, int start, int end, CancellationToken cancel)
    {
        int parts = Math.Min(end - start, _threads * PartsPerThread);
        int next = -1;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = _threads, CancellationToken = cancel };
        try
        {
            Parallel.For(0, _threads, parallel, thread =>
            {
                for (int part = Interlocked.Increment(ref next); part < parts; part = Interlocked.Increment(ref next))
                {
                    cancel.ThrowIfCancellationRequested();
                    runners[thread].Run(start + (int)((end - start) * (long)part / parts), start + (int)((end - start) * (part + 1L) / parts));
                }
            });
        }
        catch (AggregateException failures)
        {
            // What a hint or a challenge throws should read the same on any number of threads.
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }

    private void Report(int constraint)
    {
        lock (_violationLock)
        {
            FirstViolation = FirstViolation < 0 ? constraint : Math.Min(FirstViolation, constraint);
        }
    }
}
