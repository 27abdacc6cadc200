using System.Collections.Concurrent;

namespace Accel.Faults;

/// <summary>Runs tasks in the order in which they come, on the thread that asks for it: the same work always runs in the same order.</summary>
internal sealed class OneThread : TaskScheduler
{
    private readonly BlockingCollection<Task> _tasks = [];

    /// <summary>Begins work here.</summary>
    public Task Start(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Runs what can run.</summary>
    public void Drain()
    {
        while (_tasks.TryTake(out Task? task))
        {
            TryExecuteTask(task);
        }
    }

    /// <summary>Runs until a task has ended, and waits for what other threads hand back.</summary>
    /// <returns>Whether it has, in a time of the system's clock.</returns>
    public bool Finish(Task last, TimeSpan time)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (!last.IsCompleted && TimeProvider.System.GetElapsedTime(begun) < time)
        {
            if (_tasks.TryTake(out Task? task, millisecondsTimeout: 10))
            {
                TryExecuteTask(task);
            }
        }

        return last.IsCompleted;
    }

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _tasks];

    protected override void QueueTask(Task task) => _tasks.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;
}
