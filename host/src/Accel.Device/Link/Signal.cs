using System.Threading.Tasks.Sources;

namespace Accel.Device.Link;

/// <summary>
/// Wakes one waiter, now or when it next waits; several settings count as one. Nothing is allocated for a wait, and what waits goes on where it was:
/// no other thread has a part in it, so that a run on one thread repeats exactly.
/// </summary>
internal sealed class Signal : IValueTaskSource
{
    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private bool _isSet;
    private bool _isAwaited;

    public void Set()
    {
        lock (_lock)
        {
            if (_isAwaited)
            {
                _isAwaited = false;
                _source.SetResult(true);
            }
            else
            {
                _isSet = true;
            }
        }
    }

    /// <summary>Waits for a setting that nobody has waited for; one call at a time.</summary>
    public ValueTask WaitAsync()
    {
        lock (_lock)
        {
            if (_isSet)
            {
                _isSet = false;
                return ValueTask.CompletedTask;
            }

            _source.Reset();
            _isAwaited = true;
            return new ValueTask(this, _source.Version);
        }
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
