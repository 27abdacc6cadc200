using System.Globalization;
using System.Text.Json.Nodes;
using Accel.Compute;

namespace Accel.Cli.Configuration;

/// <summary>What a value of <c>accel.toml</c> may be.</summary>
internal enum ConfigurationType
{
    Text,
    Integer,
    Flag,
    Path,
    Paths,
}

/// <summary>One key of <c>accel.toml</c>: the only place that knows its name, its type, its variable and its default.</summary>
/// <param name="Name">Dotted, as it is written at the top of the file.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Variable">The environment variable that beats the file.</param>
/// <param name="Text">What it decides.</param>
internal sealed record ConfigurationKey(string Name, ConfigurationType Type, string Variable, string Text)
{
    /// <summary>Integers: the smallest legal one.</summary>
    public int Minimum { get; init; }

    /// <summary>Integers: the largest legal one.</summary>
    public int Maximum { get; init; }

    /// <summary>What holds when nobody says otherwise, which may depend on other keys; null for nothing.</summary>
    public Func<Settings, object?> Default { get; init; } = _ => null;

    /// <summary>What holds when nobody says otherwise, in words, where that depends on the machine.</summary>
    public string? DefaultText { get; init; }

    /// <summary>The type in words, for errors.</summary>
    public string TypeText => Type switch
    {
        ConfigurationType.Integer => $"an integer from {Minimum} to {Maximum}",
        ConfigurationType.Flag => "true or false",
        ConfigurationType.Path => "a path in quotes",
        ConfigurationType.Paths => "a list of paths, [\"…\", \"…\"]",
        _ => "a text in quotes",
    };

    /// <summary>A value from a variable's text.</summary>
    /// <exception cref="FormatException">It is of another type; the message says what is expected.</exception>
    public object Parse(string text) => Type switch
    {
        ConfigurationType.Integer => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? Checked(number)
            : throw new FormatException($"'{text}' is not {TypeText}"),
        ConfigurationType.Flag => text switch
        {
            "1" or "true" => true,
            "0" or "false" => false,
            _ => throw new FormatException($"'{text}' is not true, 1, false or 0"),
        },
        ConfigurationType.Paths => text.Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        _ => text,
    };

    /// <summary>An integer within the limits.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public object Checked(long number) =>
        number >= Minimum && number <= Maximum ? (object)(int)number : throw new FormatException($"{number} is not {TypeText}");

    /// <summary>The key's part of the JSON Schema.</summary>
    public JsonObject Schema()
    {
        JsonObject schema = new() { ["description"] = Text };
        switch (Type)
        {
            case ConfigurationType.Integer:
                (schema["type"], schema["minimum"], schema["maximum"]) = ("integer", Minimum, Maximum);
                break;
            case ConfigurationType.Flag:
                schema["type"] = "boolean";
                break;
            case ConfigurationType.Paths:
                (schema["type"], schema["items"], schema["minItems"]) = ("array", new JsonObject { ["type"] = "string", ["minLength"] = 1 }, 1);
                break;
            default:
                (schema["type"], schema["minLength"]) = ("string", 1);
                break;
        }

        return schema;
    }
}

/// <summary>Every key there is.</summary>
internal static class ConfigurationKeys
{
    public static ConfigurationKey Backend { get; } = new(
        "backend", ConfigurationType.Text, "ACCEL_BACKEND", "What computes transforms and multi-scalar products, as --backend takes it.")
    { Default = _ => "cpu" };

    public static ConfigurationKey Threads { get; } = new("threads", ConfigurationType.Integer, "ACCEL_THREADS", "Host threads, as --threads takes them.")
    {
        Minimum = 1,
        Maximum = 4096,
        DefaultText = "one per processor",
    };

    public static ConfigurationKey Json { get; } = new(
        "json", ConfigurationType.Flag, "ACCEL_JSON", "Whether commands print JSON without --json; --json false turns it off for one.")
    { Default = _ => false };

    public static ConfigurationKey CacheFolder { get; } = new(
        "folders.cache", ConfigurationType.Path, "ACCEL_CACHE", "Folder of compiled circuits, development keys and compiled kernels.")
    {
        Default = _ => Settings.UserCacheFolder,
        DefaultText = "accel in the user's cache folder",
    };

    public static ConfigurationKey CalibrationFolder { get; } = new(
        "folders.calibration", ConfigurationType.Path, "ACCEL_CALIBRATION", "Folder of what was measured of each device.")
    {
        Default = settings => System.IO.Path.Combine(settings.CacheFolder, "calibration"),
        DefaultText = "calibration in folders.cache",
    };

    public static ConfigurationKey CardCelsiusMax { get; } = new(
        "card.celsius_max", ConfigurationType.Integer, "ACCEL_CARD_CELSIUS_MAX", "A card whose sensor shows more degrees Celsius is given no work.")
    {
        Minimum = 0,
        Maximum = 150,
        Default = _ => (int)FpgaBackendOptions.CelsiusMaxUsual,
    };

    public static ConfigurationKey SerialBaud { get; } = new(
        "serial.baud", ConfigurationType.Integer, "ACCEL_SERIAL_BAUD", "Baud rate of a serial device whose name has no @.")
    {
        Minimum = 300,
        Maximum = 12_000_000,
        DefaultText = "the transport's own",
    };

    public static ConfigurationKey PcieUser { get; } = new("pcie.user", ConfigurationType.Path, "ACCEL_PCIE_USER", "Register file of card pcie:0 on XDMA.")
    {
        DefaultText = "/dev/xdma0_user",
    };

    public static ConfigurationKey PcieToCard { get; } = new(
        "pcie.h2c", ConfigurationType.Paths, "ACCEL_PCIE_H2C", "Files of card pcie:0 on XDMA for writing its memory, one a channel.")
    { DefaultText = "/dev/xdma0_h2c_*" };

    public static ConfigurationKey PcieFromCard { get; } = new(
        "pcie.c2h", ConfigurationType.Paths, "ACCEL_PCIE_C2H", "Files of card pcie:0 on XDMA for reading its memory, one a channel.")
    { DefaultText = "/dev/xdma0_c2h_*" };

    /// <summary>In the order in which they are listed.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [Backend, Threads, Json, CacheFolder, CalibrationFolder, CardCelsiusMax, SerialBaud, PcieUser, PcieToCard, PcieFromCard, .. NodeKeys.All];

    /// <summary>The JSON Schema of <c>accel.toml</c>, which editors with a TOML language server take.</summary>
    public static JsonObject Schema()
    {
        JsonObject root = Table("Configuration of accel.");
        root.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        foreach (ConfigurationKey key in All)
        {
            JsonObject table = root;
            string[] parts = key.Name.Split('.');
            foreach (string part in parts[..^1])
            {
                JsonObject properties = table["properties"]!.AsObject();
                if (!properties.ContainsKey(part))
                {
                    properties[part] = Table($"Keys {part}.*");
                }

                table = properties[part]!.AsObject();
            }

            table["properties"]![parts[^1]] = key.Schema();
        }

        return root;
    }

    private static JsonObject Table(string text) => new()
    {
        ["description"] = text,
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(),
    };
}
