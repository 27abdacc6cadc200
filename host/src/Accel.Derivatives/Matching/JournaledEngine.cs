namespace Accel.Derivatives.Matching;

/// <summary>An engine whose every command is in its journal before anyone hears of its consequences.</summary>
public sealed class JournaledEngine : IDisposable
{
    private readonly MatchingJournal _journal;

    private JournaledEngine(MatchingEngine engine, MatchingJournal journal)
    {
        Engine = engine;
        _journal = journal;
    }

    /// <summary>The engine, to be read; commands that go to it directly are missing from the journal.</summary>
    public MatchingEngine Engine { get; }

    /// <summary>An empty book with a new journal.</summary>
    /// <exception cref="IOException">The file exists already, or cannot be written.</exception>
    public static JournaledEngine Create(string path, MatchingOptions options, JournalDurability durability = JournalDurability.Device) =>
        new(new MatchingEngine(options), MatchingJournal.Create(path, options, durability));

    /// <summary>The book that a journal leads to, ready to go on; the events of its commands go to the sink once more.</summary>
    /// <exception cref="Proving.Formats.InvalidFileException">The journal is damaged.</exception>
    public static JournaledEngine Resume<TSink>(string path, ref TSink sink, out JournalReport report,
        JournalDurability durability = JournalDurability.Device)
        where TSink : IMatchingSink
    {
        MatchingJournal journal = MatchingJournal.Resume(path, ref sink, out MatchingEngine engine, out report, durability);
        return new JournaledEngine(engine, journal);
    }

    /// <summary>Journals a batch as one frame, then executes it: one wait for the device serves all its commands.</summary>
    /// <exception cref="ArgumentException">There are no commands, too many, or one that no engine executes; nothing was written.</exception>
    /// <exception cref="IOException">The frame could not be written; nothing was executed.</exception>
    public void Execute<TSink>(ReadOnlySpan<MatchingCommand> commands, ref TSink sink)
        where TSink : IMatchingSink
    {
        _journal.Append(commands);
        foreach (ref readonly MatchingCommand command in commands)
        {
            Engine.Execute(in command, ref sink);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _journal.Dispose();
}
