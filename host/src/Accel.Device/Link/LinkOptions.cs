using System.Security.Cryptography;

namespace Accel.Device.Link;

/// <summary>Limits and times of the host's end of a link.</summary>
public sealed record LinkOptions
{
    /// <summary>Version of the frames that this program speaks.</summary>
    public const int MajorVersion = 1;

    /// <summary>Minor version: additions only.</summary>
    public const int MinorVersion = 0;

    /// <summary>The longest payload that a device may announce.</summary>
    public int PayloadBytesMax { get; init; } = 16_384;

    /// <summary>The most credits that a device may announce and the host will use.</summary>
    public int WindowMax { get; init; } = 256;

    /// <summary>Time between two offers of a session.</summary>
    public TimeSpan HelloEvery { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Time without movement after which the host polls; doubled each time.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Where the doubling ends.</summary>
    public TimeSpan RetryAfterMax { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Time without a frame of the session after which it counts as lost.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time without a session after which what is under way fails.</summary>
    public TimeSpan ConnectMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time in which the device answers but nothing moves, after which what is under way fails.</summary>
    public TimeSpan ProgressMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time in which a lost path has to close; after it another one is opened in any case.</summary>
    public TimeSpan CloseMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The largest single transfer.</summary>
    public int ChunkBytesMax { get; init; } = 1 << 20;

    /// <summary>Where a transport runs; a run that is to repeat exactly has a thread of its own.</summary>
    internal TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>Gives the number for each session.</summary>
    internal Func<uint> DrawHostNumber { get; init; } = DrawAtRandom;

    private static uint DrawAtRandom() => BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
}

/// <summary>Counters of the host's end of a link.</summary>
/// <param name="Sessions">Sessions opened.</param>
/// <param name="FramesTaken">Frames with good checks.</param>
/// <param name="FramesDamaged">Payloads with a failing check.</param>
/// <param name="HeadersRefused">Headers with a failing check.</param>
/// <param name="FramesResent">Data frames sent again.</param>
/// <param name="Timeouts">Times that nothing moved for too long.</param>
public readonly record struct LinkStatistics(
    long Sessions, long FramesTaken, long FramesDamaged, long HeadersRefused, long FramesResent, long Timeouts);
