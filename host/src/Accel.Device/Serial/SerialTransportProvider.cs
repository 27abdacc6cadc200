using System.Globalization;
using Accel.Device.Link;

namespace Accel.Device.Serial;

/// <summary>Cards behind a serial port, by the protocol of <c>host/docs/link.md</c>.</summary>
public sealed class SerialTransportProvider : ITransportProvider
{
    /// <summary>Bits a second where none are given: the fastest that an FT232H, FT2232H or CP2102N and the card's UART at 12 MHz share.</summary>
    public const int BaudDefault = 3_000_000;

    /// <summary>What may be on its way on the line when nothing has been acknowledged yet.</summary>
    private const int WindowBytes = 8192;
    private const int BitsPerByte = 10;

    private readonly string _devices;

    /// <summary>The ports of this machine.</summary>
    public SerialTransportProvider()
        : this("/dev")
    {
    }

    internal SerialTransportProvider(string devices) => _devices = devices;

    /// <inheritdoc />
    public string Kind => "serial";

    /// <inheritdoc />
    public string Syntax => "serial:/dev/ttyX[@baud]";

    /// <inheritdoc />
    /// <remarks>Ports of USB, by the names that stay when other devices are plugged in; those of the mainboard are there without a device.</remarks>
    public IReadOnlyList<FoundTransport> Find()
    {
        List<FoundTransport> found = [];
        HashSet<string> named = [];
        foreach (string link in Entries(Path.Combine(_devices, "serial", "by-id"), "*"))
        {
            string target = File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName ?? link;
            named.Add(target);
            found.Add(new FoundTransport($"{Kind}:{link}", $"serial port {target}"));
        }

        found.AddRange(
            Entries(_devices, "ttyUSB*").Concat(Entries(_devices, "ttyACM*")).Where(path => !named.Contains(path))
                .Select(path => new FoundTransport($"{Kind}:{path}", "serial port")));
        return found;
    }

    /// <inheritdoc />
    public IDeviceTransport Open(string options)
    {
        (string path, int baud) = Parse(options);

        // The first opening is made here, so that what is wrong with the port is told at once and in full.
        IByteLink? first = SerialLink.Open(path, baud);
        return new LinkTransport(Kind, path, _ => new ValueTask<IByteLink>(Interlocked.Exchange(ref first, null) ?? SerialLink.Open(path, baud)), Times(baud));
    }

    /// <summary>The port and its rate.</summary>
    /// <exception cref="ArgumentException">There is no port, or the rate is no positive number.</exception>
    internal static (string Path, int Baud) Parse(string options)
    {
        int at = options.LastIndexOf('@');
        string path = at < 0 ? options : options[..at];
        if (path.Length == 0)
        {
            throw new ArgumentException("no serial port is named: serial:/dev/ttyX[@baud], such as serial:/dev/ttyUSB0@3000000", nameof(options));
        }

        if (at < 0)
        {
            return (path, BaudDefault);
        }

        return int.TryParse(options[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int baud) && baud is >= 300 and <= 50_000_000
            ? (path, baud)
            : throw new ArgumentException($"'{options[(at + 1)..]}' is no rate of a serial port: 300 to 50000000 bits a second", nameof(options));
    }

    /// <summary>The link's times on such a line: nothing counts as lost that may still be on its way.</summary>
    internal static LinkOptions Times(int baud)
    {
        LinkOptions usual = new();
        TimeSpan window = TimeSpan.FromSeconds((double)WindowBytes * BitsPerByte / baud);
        return window <= usual.RetryAfter
            ? usual
            : usual with
            {
                HelloEvery = window,
                RetryAfter = window,
                RetryAfterMax = 4 * window,
                SilenceMax = usual.SilenceMax + (8 * window),
                ConnectMax = usual.ConnectMax + (8 * window),
                ProgressMax = usual.ProgressMax + (8 * window),
            };
    }

    private static IEnumerable<string> Entries(string folder, string pattern)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder, pattern).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
