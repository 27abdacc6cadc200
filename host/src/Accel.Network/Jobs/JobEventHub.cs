using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Accel.Network.Jobs;

/// <summary>
/// Tells whoever listens what happens to a job: first what the store has, then what comes. One who does not listen fast enough is dropped and may
/// ask again from where it was.
/// </summary>
internal sealed class JobEventHub(JobStore store)
{
    private const int BacklogMax = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<JobId, List<Channel<JobEvent>>> _listeners = [];
    private bool _closed;

    public void Publish(JobEvent happened)
    {
        lock (_lock)
        {
            foreach (Channel<JobEvent> listener in _listeners.GetValueOrDefault(happened.Job) ?? [])
            {
                if (!listener.Writer.TryWrite(happened) || happened.IsLast)
                {
                    listener.Writer.TryComplete();
                }
            }
        }
    }

    /// <summary>Ends every stream.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (Channel<JobEvent> listener in _listeners.Values.SelectMany(listeners => listeners))
            {
                listener.Writer.TryComplete();
            }
        }
    }

    /// <summary>What happened to a job after a change of state, and what happens until it is finished.</summary>
    public async IAsyncEnumerable<JobEvent> ListenAsync(JobId id, long after, [EnumeratorCancellation] CancellationToken cancel)
    {
        Channel<JobEvent> listener = Add(id);
        try
        {
            foreach (JobEvent stored in store.Events(id, after))
            {
                after = stored.Sequence;
                yield return stored;
                if (stored.IsLast)
                {
                    yield break;
                }
            }

            await foreach (JobEvent live in listener.Reader.ReadAllAsync(cancel))
            {
                // The store may have told of it already: a change up to `after`, and a phase before that change.
                if (live.Sequence > after || (live.Phase is not null && live.Sequence == after))
                {
                    after = live.Sequence;
                    yield return live;
                }
            }
        }
        finally
        {
            Remove(id, listener);
        }
    }

    private Channel<JobEvent> Add(JobId id)
    {
        Channel<JobEvent> listener = Channel.CreateBounded<JobEvent>(BacklogMax);
        lock (_lock)
        {
            if (!_listeners.TryGetValue(id, out List<Channel<JobEvent>>? listeners))
            {
                _listeners[id] = listeners = [];
            }

            listeners.Add(listener);
            if (_closed)
            {
                listener.Writer.TryComplete();
            }
        }

        return listener;
    }

    private void Remove(JobId id, Channel<JobEvent> listener)
    {
        lock (_lock)
        {
            List<Channel<JobEvent>> listeners = _listeners[id];
            listeners.Remove(listener);
            if (listeners.Count == 0)
            {
                _listeners.Remove(id);
            }
        }
    }
}
