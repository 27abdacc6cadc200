namespace Accel.Derivatives.State;

/// <summary>What everybody can see of an accepted batch: its statement's roots and the words of its difference.</summary>
/// <param name="Number">The batch's number; batches count up by one.</param>
/// <param name="OldRoot">The state's root before.</param>
/// <param name="NewRoot">The state's root after.</param>
/// <param name="Words">The words of its <see cref="StateDiff"/>.</param>
public sealed record PublishedBatch(ulong Number, Fr OldRoot, Fr NewRoot, IReadOnlyList<Fr> Words)
{
    /// <summary>The batch that leads from one state to another.</summary>
    /// <param name="diff">What it made of the state.</param>
    /// <param name="before">The state before.</param>
    /// <exception cref="StateDiffException">The difference does not fit the state.</exception>
    public static PublishedBatch Of(StateDiff diff, ExchangeState before)
    {
        ArgumentNullException.ThrowIfNull(diff);
        ArgumentNullException.ThrowIfNull(before);
        return new PublishedBatch(diff.BatchNumber, before.Root, diff.Apply(before).Root, diff.ToWords());
    }

    /// <summary>The state after the batch.</summary>
    /// <param name="before">The state before.</param>
    /// <exception cref="StateDiffException">The batch starts from another root, its words are no difference of its number, or they lead to another
    /// root.</exception>
    public ExchangeState Apply(ExchangeState before)
    {
        ArgumentNullException.ThrowIfNull(before);
        if (before.Root != OldRoot)
        {
            throw new StateDiffException($"batch {Number} starts from root {OldRoot}, but the state before has {before.Root}");
        }

        var diff = StateDiff.FromWords([.. Words]);
        if (diff.BatchNumber != Number)
        {
            throw new StateDiffException($"batch {Number} publishes the difference of batch {diff.BatchNumber}");
        }

        ExchangeState after = diff.Apply(before);
        return after.Root == NewRoot
            ? after
            : throw new StateDiffException($"batch {Number} says that it leads to root {NewRoot}, but its difference leads to {after.Root}");
    }

    /// <summary>The state after a run of batches, from nothing but what they published.</summary>
    /// <param name="start">The state before the first: <see cref="ExchangeState.Empty"/>, or a snapshot's.</param>
    /// <param name="batches">Batches in order.</param>
    /// <exception cref="StateDiffException">A batch does not fit; the message names it.</exception>
    public static ExchangeState Rebuild(ExchangeState start, IEnumerable<PublishedBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(start);
        ExchangeState state = start;
        ulong? last = null;
        foreach (PublishedBatch batch in batches)
        {
            if (last is { } number && batch.Number != number + 1)
            {
                throw new StateDiffException($"batch {batch.Number} follows batch {number}; {number + 1} is missing");
            }

            state = batch.Apply(state);
            last = batch.Number;
        }

        return state;
    }
}
