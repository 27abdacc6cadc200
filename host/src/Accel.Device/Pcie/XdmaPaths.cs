using System.Globalization;

namespace Accel.Device.Pcie;

/// <summary>The files of one card behind XDMA.</summary>
/// <param name="User">The user BAR, which holds the registers.</param>
/// <param name="ToCard">Channels for writing device memory, at least one.</param>
/// <param name="FromCard">Channels for reading it, at least one.</param>
/// <param name="IsStandIn">Whether they belong to <c>accel-sim serve --xdma</c>.</param>
internal sealed record XdmaPaths(string User, IReadOnlyList<string> ToCard, IReadOnlyList<string> FromCard, bool IsStandIn)
{
    /// <summary>How a card is named.</summary>
    public const string Syntax = "pcie:N[,user=PATH,h2c=PATH,c2h=PATH]";

    private const int ChannelsMax = 4;

    /// <summary>Reads what follows <c>pcie:</c>.</summary>
    /// <param name="options">A card's number and paths that replace the default ones, or a stand-in's folder.</param>
    /// <param name="devices">Where the driver's files lie: <c>/dev</c>.</param>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    public static XdmaPaths Parse(string options, string devices)
    {
        string[] parts = options.Split(',', StringSplitOptions.TrimEntries);
        string first = parts[0].Length == 0 ? "0" : parts[0];
        if (first.Contains('/', StringComparison.Ordinal))
        {
            return parts.Length == 1
                ? new XdmaPaths(Path.Combine(first, "user"), Channels(Path.Combine(first, "h2c_")), Channels(Path.Combine(first, "c2h_")), IsStandIn: true)
                : throw new ArgumentException($"'{options}': nothing may follow the folder of a stand-in; a card is {Syntax}", nameof(options));
        }

        if (!uint.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
        {
            throw new ArgumentException($"'{first}' is no number of a card; a card is {Syntax}, a simulated one pcie:FOLDER of accel-sim serve --xdma", nameof(options));
        }

        Dictionary<string, List<string>> given = new() { ["user"] = [], ["h2c"] = [], ["c2h"] = [] };
        foreach (string part in parts.Skip(1))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || equals == part.Length - 1 || !given.TryGetValue(part[..equals], out List<string>? paths))
            {
                throw new ArgumentException($"'{part}': there are user=PATH, h2c=PATH and c2h=PATH, the last two once for each channel", nameof(options));
            }

            paths.Add(part[(equals + 1)..]);
        }

        string prefix = Path.Combine(devices, $"xdma{number}_");
        return given["user"].Count <= 1
            ? new XdmaPaths(
                given["user"].FirstOrDefault(prefix + "user"), Or(given["h2c"], Channels(prefix + "h2c_")), Or(given["c2h"], Channels(prefix + "c2h_")), IsStandIn: false)
            : throw new ArgumentException($"'{options}': there is one user=PATH", nameof(options));
    }

    /// <summary>The numbers of the cards whose files are there.</summary>
    public static IReadOnlyList<uint> Find(string devices)
    {
        const string Prefix = "xdma";
        const string Suffix = "_user";
        try
        {
            return
            [
                .. Directory.EnumerateFileSystemEntries(devices, Prefix + "*" + Suffix)
                    .Select(path => Path.GetFileName(path)[Prefix.Length..^Suffix.Length])
                    .Select(text => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : (uint?)null)
                    .OfType<uint>().Order(),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IReadOnlyList<string> Or(List<string> given, IReadOnlyList<string> found) => given.Count > 0 ? given : found;

    /// <summary>The channels whose files are there; the first one at least, so that its absence is what an error names.</summary>
    private static IReadOnlyList<string> Channels(string prefix) =>
        [prefix + "0", .. Enumerable.Range(1, ChannelsMax - 1).Select(i => prefix + i.ToString(CultureInfo.InvariantCulture)).TakeWhile(File.Exists)];
}
