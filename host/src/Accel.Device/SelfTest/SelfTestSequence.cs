using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Accel.Device;

/// <summary>
/// Runs the steps of a self-test one after the other and keeps what each found. An exception fails its step and, since nobody knows what state
/// the device is in then, leaves out the rest.
/// </summary>
/// <param name="finished">Called after each step; null for nobody.</param>
/// <param name="cancel">Ends the test with an <see cref="OperationCanceledException"/>.</param>
public sealed class SelfTestSequence(Action<SelfTestStep>? finished, CancellationToken cancel)
{
    private readonly List<SelfTestStep> _steps = [];
    private bool _lost;

    /// <summary>What the steps found so far.</summary>
    public SelfTestReport Report => new([.. _steps]);

    /// <summary>Runs a step.</summary>
    /// <param name="name">What it tests.</param>
    /// <param name="test">The test; <see cref="NotSupportedException"/> says that the device has no such part.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever a broken device makes its driver throw is what the test is to report.")]
    public async ValueTask StepAsync(string name, Func<ValueTask<SelfTestVerdict>> test)
    {
        cancel.ThrowIfCancellationRequested();
        if (_lost)
        {
            Finish(new SelfTestStep(name, SelfTestOutcome.NotRun, TimeSpan.Zero, "the device was lost in an earlier step"));
            return;
        }

        long start = Stopwatch.GetTimestamp();
        (SelfTestOutcome outcome, string detail) = (SelfTestOutcome.Failed, string.Empty);
        try
        {
            SelfTestVerdict verdict = await test();
            (outcome, detail) = (verdict.IsRight ? SelfTestOutcome.Passed : SelfTestOutcome.Failed, verdict.Detail);
        }
        catch (NotSupportedException absent)
        {
            (outcome, detail) = (SelfTestOutcome.Unsupported, absent.Message);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            // A command that the device itself refused leaves it in order.
            _lost = exception is not DeviceCommandException;
            detail = exception is DeviceException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}";
        }

        Finish(new SelfTestStep(name, outcome, Stopwatch.GetElapsedTime(start), detail));
    }

    private void Finish(SelfTestStep step)
    {
        _steps.Add(step);
        finished?.Invoke(step);
    }
}
