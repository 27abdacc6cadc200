namespace Accel.Proving.Groth16;

/// <summary>A bounded number of workspaces that callers take in the order in which they came; one that gives up waiting leaves the line.</summary>
/// <param name="create">Makes a workspace; called at most <paramref name="count"/> times, when all others are taken.</param>
/// <param name="count">The number of workspaces.</param>
/// <param name="waitersMax">How many callers may wait.</param>
internal sealed class ProofSlots(Func<ProofWorkspace> create, int count, int waitersMax)
{
    private readonly Lock _gate = new();
    private readonly Stack<ProofWorkspace> _free = new();
    private readonly LinkedList<TaskCompletionSource<ProofWorkspace>> _waiters = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _created;
    private bool _closed;

    /// <summary>Callers that hold a workspace.</summary>
    public int TakenCount
    {
        get
        {
            lock (_gate)
            {
                return _created - _free.Count;
            }
        }
    }

    /// <summary>Callers that wait for one.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_gate)
            {
                return _waiters.Count;
            }
        }
    }

    /// <summary>Takes a workspace, at once or when it is the caller's turn; give it back with <see cref="Return"/>.</summary>
    /// <exception cref="ProvingQueueFullException">Too many wait.</exception>
    /// <exception cref="ObjectDisposedException"><see cref="CloseAsync"/> was called, before or while the caller waited.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<ProofWorkspace> TakeAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource<ProofWorkspace>> waiter;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(ProvingService));
            if (_free.TryPop(out ProofWorkspace? free))
            {
                return free;
            }

            if (_created < count)
            {
                ProofWorkspace created = create();
                _created++;
                return created;
            }

            if (_waiters.Count >= waitersMax)
            {
                throw new ProvingQueueFullException(waitersMax);
            }

            waiter = _waiters.AddLast(new TaskCompletionSource<ProofWorkspace>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        using CancellationTokenRegistration leave = cancel.UnsafeRegister(_ => Leave(waiter, cancel), null);
        return await waiter.Value.Task;
    }

    /// <summary>Hands a workspace to whoever has waited longest.</summary>
    public void Return(ProofWorkspace workspace)
    {
        lock (_gate)
        {
            if (_waiters.First is { } first)
            {
                _waiters.RemoveFirst();
                first.Value.SetResult(workspace);
                return;
            }

            _free.Push(workspace);
            EndIfIdle();
        }
    }

    /// <summary>Turns away those who wait and those who come; completes when every workspace is back, and freed.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (TaskCompletionSource<ProofWorkspace> waiter in _waiters)
            {
                waiter.SetException(new ObjectDisposedException(nameof(ProvingService), "the service was disposed before it was this proof's turn"));
            }

            _waiters.Clear();
            EndIfIdle();
            return _idle.Task;
        }
    }

    private void Leave(LinkedListNode<TaskCompletionSource<ProofWorkspace>> waiter, CancellationToken cancel)
    {
        lock (_gate)
        {
            // Not in the line any more: it was served or turned away just before.
            if (waiter.List is not null)
            {
                _waiters.Remove(waiter);
                waiter.Value.SetCanceled(cancel);
            }
        }
    }

    private void EndIfIdle()
    {
        if (_closed && _free.Count == _created)
        {
            foreach (ProofWorkspace workspace in _free)
            {
                workspace.Dispose();
            }

            _idle.TrySetResult();
        }
    }
}
