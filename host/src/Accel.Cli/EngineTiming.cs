using System.Diagnostics;
using Accel.Derivatives.Matching;
using HdrHistogram;

namespace Accel.Cli;

/// <summary>Times a stream of commands on fresh matching engines, on one thread.</summary>
internal sealed class EngineTiming(IReadOnlyList<MatchingCommand> commands, MatchingOptions options)
{
    private const long LongestNs = 60_000_000_000;
    private const int SignificantDigits = 3;
    private const double NsPerSecond = 1e9;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(500);

    private readonly MatchingCommand[] _commands = [.. commands];

    /// <summary>Time inside the engine for each command, the clock's own reading included, by round.</summary>
    public LongHistogram[] Service(int rounds, CancellationToken cancel)
    {
        Prepare(cancel);
        return Measure(rounds, commandsPerSecond: null, cancel);
    }

    /// <summary>
    /// Time from the instant at which a command is due, at a constant rate, to its end: whoever waits behind a slow command counts with the
    /// whole wait, which a loop that sends the next command only after the last one would omit. By round.
    /// </summary>
    public LongHistogram[] Response(int rounds, double commandsPerSecond, CancellationToken cancel) => Measure(rounds, commandsPerSecond, cancel);

    /// <summary>Commands per second of each round, without a clock reading between commands.</summary>
    public double[] Throughput(int rounds, CancellationToken cancel)
    {
        var perSecond = new double[rounds];
        foreach (ref double figure in perSecond.AsSpan())
        {
            cancel.ThrowIfCancellationRequested();
            var engine = new MatchingEngine(options);
            long start = Stopwatch.GetTimestamp();
            Run(engine);
            figure = _commands.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return perSecond;
    }

    /// <summary>An empty histogram of nanoseconds, up to a minute.</summary>
    public static LongHistogram NewHistogram() => new(LongestNs, SignificantDigits);

    private void Prepare(CancellationToken cancel)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
        {
            cancel.ThrowIfCancellationRequested();
            Run(new MatchingEngine(options));
            Measure(1, commandsPerSecond: null, cancel);
        }
    }

    private void Run(MatchingEngine engine)
    {
        var sink = default(DiscardingSink);
        foreach (ref readonly MatchingCommand command in _commands.AsSpan())
        {
            engine.Execute(in command, ref sink);
        }
    }

    private LongHistogram[] Measure(int rounds, double? commandsPerSecond, CancellationToken cancel)
    {
        var histograms = new LongHistogram[rounds];
        foreach (ref LongHistogram histogram in histograms.AsSpan())
        {
            cancel.ThrowIfCancellationRequested();
            histogram = MeasureRound(commandsPerSecond is { } rate ? Stopwatch.Frequency / rate : null);
        }

        return histograms;
    }

    private LongHistogram MeasureRound(double? ticksBetween)
    {
        LongHistogram histogram = NewHistogram();
        var sink = default(DiscardingSink);
        var engine = new MatchingEngine(options);
        long first = Stopwatch.GetTimestamp();
        for (int i = 0; i < _commands.Length; i++)
        {
            long start = ticksBetween is { } ticksEach ? WaitUntil(first + (long)(i * ticksEach)) : Stopwatch.GetTimestamp();
            engine.Execute(in _commands[i], ref sink);
            long ticks = Stopwatch.GetTimestamp() - start;
            histogram.RecordValue(Math.Clamp((long)(ticks * (NsPerSecond / Stopwatch.Frequency)), 1, LongestNs));
        }

        return histogram;
    }

    private static long WaitUntil(long due)
    {
        while (Stopwatch.GetTimestamp() < due)
        {
            Thread.SpinWait(1);
        }

        return due;
    }

    private struct DiscardingSink : IMatchingSink
    {
        private ulong _latest;

        public void OnEvent(in MatchingEvent matchingEvent) => _latest = matchingEvent.Sequence;
    }
}
