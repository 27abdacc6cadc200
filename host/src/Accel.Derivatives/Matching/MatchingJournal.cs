using System.Buffers.Binary;
using Accel.Proving.Formats;
using Microsoft.Win32.SafeHandles;

namespace Accel.Derivatives.Matching;

/// <summary>When an append returns.</summary>
public enum JournalDurability
{
    /// <summary>When the storage device has the frame: it survives a loss of power.</summary>
    Device,

    /// <summary>When the operating system has it: it survives the end of the process only.</summary>
    OperatingSystem,
}

/// <summary>What reading a journal found.</summary>
/// <param name="CommandCount">Commands in whole frames.</param>
/// <param name="WholeBytes">Bytes of the header and the whole frames.</param>
/// <param name="TornBytes">Bytes after them, of a frame that a crash cut short; its commands were never acknowledged.</param>
public readonly record struct JournalReport(ulong CommandCount, long WholeBytes, long TornBytes)
{
    /// <summary>A sentence for an operator.</summary>
    public override string ToString() => TornBytes == 0
        ? $"{CommandCount} commands in {WholeBytes} bytes"
        : $"{CommandCount} commands in {WholeBytes} bytes; dropped {TornBytes} bytes at byte {WholeBytes}: "
            + "a frame that a crash cut short, never acknowledged";
}

/// <summary>
/// Append-only file of the commands that an engine executed. An append returns once its frame is written, and only then may the commands run:
/// what was acknowledged is in the file. After a failed write the journal takes nothing more.
/// </summary>
public sealed class MatchingJournal : IDisposable
{
    /// <summary>Commands of one append at most.</summary>
    public const int BatchMax = JournalFormat.BatchMax;

    private readonly SafeFileHandle _file;
    private readonly JournalDurability _durability;
    private readonly byte[] _frame = new byte[JournalFormat.FrameBytes(BatchMax)];
    private ulong _commandCount;
    private long _length;
    private bool _failed;

    private MatchingJournal(SafeFileHandle file, JournalDurability durability, ulong commandCount, long length)
    {
        _file = file;
        _durability = durability;
        _commandCount = commandCount;
        _length = length;
    }

    /// <summary>A new, empty journal.</summary>
    /// <exception cref="IOException">The file exists already, or cannot be written.</exception>
    public static MatchingJournal Create(string path, MatchingOptions options, JournalDurability durability = JournalDurability.Device)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Span<byte> header = stackalloc byte[JournalFormat.HeaderBytes];
        JournalFormat.WriteHeader(header, options);
        SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        try
        {
            RandomAccess.Write(file, header, 0);
            RandomAccess.FlushToDisk(file);
            return new MatchingJournal(file, durability, 0, header.Length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens a journal to go on with it: executes its commands on a new engine, then cuts off what a crash left of an unfinished frame.
    /// </summary>
    /// <exception cref="InvalidFileException">The file is damaged before its last frame, or its last frame was written whole and damaged
    /// later.</exception>
    public static MatchingJournal Resume<TSink>(string path, ref TSink sink, out MatchingEngine engine, out JournalReport report,
        JournalDurability durability = JournalDurability.Device)
        where TSink : IMatchingSink
    {
        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        try
        {
            (engine, report) = Replay(file, Path.GetFileName(path), ref sink);
            RandomAccess.SetLength(file, report.WholeBytes);
            RandomAccess.FlushToDisk(file);
            return new MatchingJournal(file, durability, report.CommandCount, report.WholeBytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Executes the commands of a journal on a new engine and leaves the file as it is.</summary>
    /// <exception cref="InvalidFileException">The file is damaged before its last frame, or its last frame was written whole and damaged
    /// later.</exception>
    public static MatchingEngine Replay<TSink>(string path, ref TSink sink, out JournalReport report)
        where TSink : IMatchingSink
    {
        using SafeFileHandle file = File.OpenHandle(path);
        (MatchingEngine engine, report) = Replay(file, Path.GetFileName(path), ref sink);
        return engine;
    }

    /// <summary>
    /// Writes one frame and returns when it is as durable as was asked for. Commands outside their enumerations are refused before anything is
    /// written.
    /// </summary>
    /// <exception cref="ArgumentException">There are no commands, more than <see cref="BatchMax"/>, or one that no engine executes.</exception>
    /// <exception cref="IOException">The frame could not be written, now or before.</exception>
    public void Append(ReadOnlySpan<MatchingCommand> commands)
    {
        if (commands.Length is < 1 or > BatchMax)
        {
            throw new ArgumentException($"a frame of {commands.Length} commands; 1…{BatchMax} are possible");
        }

        foreach (ref readonly MatchingCommand command in commands)
        {
            MatchingEngine.ThrowUnlessDefined(in command);
        }

        if (_failed)
        {
            throw new IOException("an earlier write to the journal failed; open it again to go on from what it holds");
        }

        Span<byte> frame = _frame.AsSpan(0, JournalFormat.FrameBytes(commands.Length));
        JournalFormat.WriteFrame(frame, commands, _commandCount);
        _failed = true;
        RandomAccess.Write(_file, frame, _length);
        if (_durability == JournalDurability.Device)
        {
            RandomAccess.FlushToDisk(_file);
        }

        _failed = false;
        _length += frame.Length;
        _commandCount += (ulong)commands.Length;
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    private static (MatchingEngine Engine, JournalReport Report) Replay<TSink>(SafeFileHandle file, string name, ref TSink sink)
        where TSink : IMatchingSink
    {
        var reader = new JournalReader(file, name);
        var engine = new MatchingEngine(reader.ReadOptions());
        while (reader.TryReadFrame(engine.CommandCount, out ReadOnlySpan<byte> body))
        {
            for (; !body.IsEmpty; body = body[JournalFormat.CommandBytes..])
            {
                MatchingCommand command = JournalFormat.ReadCommand(body);
                engine.Execute(in command, ref sink);
            }
        }

        return (engine, new JournalReport(engine.CommandCount, reader.Offset, reader.Length - reader.Offset));
    }
}

/// <summary>Reads frames, and tells an unfinished last frame from damage.</summary>
internal sealed class JournalReader(SafeFileHandle file, string name)
{
    private readonly byte[] _frame = new byte[JournalFormat.FrameBytes(JournalFormat.BatchMax)];

    public long Length { get; } = RandomAccess.GetLength(file);

    /// <summary>End of the last whole frame.</summary>
    public long Offset { get; private set; }

    public MatchingOptions ReadOptions()
    {
        Span<byte> header = stackalloc byte[JournalFormat.HeaderBytes];
        if (Length < header.Length)
        {
            throw new InvalidFileException(name,
                $"it ends at byte {Length}, inside its header of {header.Length} bytes; nothing was acknowledged from it", offset: Length);
        }

        ReadExactly(header, 0);
        MatchingOptions options = JournalFormat.ReadHeader(header, out string error) ?? throw new InvalidFileException(name, error, offset: 0);
        Offset = header.Length;
        return options;
    }

    /// <summary>The commands of the next frame; false at the end, or where an unfinished frame begins.</summary>
    public bool TryReadFrame(ulong expectedFirst, out ReadOnlySpan<byte> body)
    {
        body = default;
        long left = Length - Offset;
        if (left < JournalFormat.FrameHeaderBytes)
        {
            return false;
        }

        Span<byte> header = _frame.AsSpan(0, JournalFormat.FrameHeaderBytes);
        ReadExactly(header, Offset);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) != JournalFormat.Crc32C(header[..12]))
        {
            return IsZeroToEnd(Offset + JournalFormat.FrameHeaderBytes) ? false : throw Damaged("the checksum of a frame's header is wrong");
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(header);
        ulong first = BinaryPrimitives.ReadUInt64LittleEndian(header[4..]);
        if (count is < 1 or > JournalFormat.BatchMax || first != expectedFirst)
        {
            throw Damaged($"a frame of {count} commands from number {first}; expected 1…{JournalFormat.BatchMax} from number {expectedFirst}");
        }

        int frameBytes = JournalFormat.FrameBytes(count);
        return left >= frameBytes && TryReadBody(frameBytes, left == frameBytes, out body);
    }

    private bool TryReadBody(int frameBytes, bool isLast, out ReadOnlySpan<byte> body)
    {
        Span<byte> frame = _frame.AsSpan(0, frameBytes);
        ReadExactly(frame, Offset);
        body = frame[JournalFormat.FrameHeaderBytes..^JournalFormat.FrameTrailerBytes];
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(frame[^8..]);
        uint endMark = BinaryPrimitives.ReadUInt32LittleEndian(frame[^4..]);
        if (checksum == JournalFormat.Crc32C(body) && endMark == JournalFormat.EndMark)
        {
            Offset += frameBytes;
            return true;
        }

        return isLast && endMark == 0 ? false : throw Damaged("the checksum of a frame's commands or its end mark is wrong");
    }

    private bool IsZeroToEnd(long from)
    {
        Span<byte> block = stackalloc byte[4096];
        for (long at = from; at < Length;)
        {
            Span<byte> part = block[..(int)Math.Min(block.Length, Length - at)];
            ReadExactly(part, at);
            if (part.ContainsAnyExcept((byte)0))
            {
                return false;
            }

            at += part.Length;
        }

        return true;
    }

    private void ReadExactly(Span<byte> target, long offset)
    {
        for (int done = 0; done < target.Length;)
        {
            int read = RandomAccess.Read(file, target[done..], offset + done);
            done += read > 0 ? read : throw new InvalidFileException(name, "it became shorter while it was read", offset: offset + done);
        }
    }

    private InvalidFileException Damaged(string what) => new(name, what, offset: Offset);
}
