namespace Accel.Cli.Configuration;

/// <summary>One effective value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">A string, an int, a bool or a string[]; null when nobody says anything.</param>
/// <param name="Origin">The place of the file, the variable, or <c>default</c>.</param>
internal sealed record Setting(ConfigurationKey Key, object? Value, string Origin)
{
    /// <summary>The origin of what nobody chose.</summary>
    public const string Unset = "default";

    /// <summary>Whether somebody chose it.</summary>
    public bool IsChosen => Origin != Unset;

    /// <summary>The value for people.</summary>
    public string Text => Value switch
    {
        null => Key.DefaultText ?? string.Empty,
        true => "true",
        false => "false",
        string[] list => string.Join(", ", list),
        _ => $"{Value}",
    };
}

/// <summary>What is configured: the environment beats the file, and the file beats the defaults. A command's options beat all of them.</summary>
internal sealed class Settings
{
    /// <summary>The variable that names the file.</summary>
    public const string FileVariable = "ACCEL_CONFIG";

    private const string FileName = "accel.toml";
    private readonly Dictionary<ConfigurationKey, Setting> _all = [];

    private Settings(string? file, IReadOnlyDictionary<ConfigurationKey, ConfiguredValue> values, Func<string, string?> environment)
    {
        File = file;
        foreach (ConfigurationKey key in ConfigurationKeys.All)
        {
            _all[key] = environment(key.Variable) is { Length: > 0 } text ? new Setting(key, FromVariable(key, text), key.Variable)
                : values.TryGetValue(key, out ConfiguredValue? written) ? new Setting(key, written.Value, written.Origin)
                : new Setting(key, key.Default(this), Setting.Unset);
        }
    }

    /// <summary>What the running command goes by. Set once, before commands are made.</summary>
    public static Settings Current { get; set; } = Defaults();

    /// <summary>The file; null when there is none.</summary>
    public string? File { get; }

    /// <summary>Every key.</summary>
    public IEnumerable<Setting> All => ConfigurationKeys.All.Select(key => _all[key]);

    public string Backend => (string)_all[ConfigurationKeys.Backend].Value!;

    public int? Threads => (int?)_all[ConfigurationKeys.Threads].Value;

    public bool Json => (bool)_all[ConfigurationKeys.Json].Value!;

    public string CacheFolder => (string)_all[ConfigurationKeys.CacheFolder].Value!;

    public int CardCelsiusMax => (int)_all[ConfigurationKeys.CardCelsiusMax].Value!;

    public string CalibrationFolder => (string)_all[ConfigurationKeys.CalibrationFolder].Value!;

    /// <summary>Where this user's programs keep what they can make again.</summary>
    public static string UserCacheFolder => Path.Combine(UserFolder("XDG_CACHE_HOME", ".cache", Environment.GetEnvironmentVariable), "accel");

    /// <summary>A key's effective value.</summary>
    public Setting this[ConfigurationKey key] => _all[key];

    /// <summary>Where a key's value comes from, for errors about it; empty when nobody chose it.</summary>
    public string OriginOf(ConfigurationKey key) => _all[key] is { IsChosen: true } setting ? $" (from {setting.Origin})" : string.Empty;

    /// <summary>Without file and environment.</summary>
    public static Settings Defaults() => new(null, new Dictionary<ConfigurationKey, ConfiguredValue>(), _ => null);

    /// <summary>What the file and the environment say.</summary>
    /// <param name="named">The file that <c>--config</c> names; null to look for one.</param>
    /// <param name="environment">Reads a variable.</param>
    /// <exception cref="InvalidDataException">The file or a variable is wrong.</exception>
    /// <exception cref="FileNotFoundException">There is no file where one was named.</exception>
    public static Settings Load(string? named, Func<string, string?> environment)
    {
        string? file = FindFile(named, environment);
        return new Settings(
            file, file is null ? new Dictionary<ConfigurationKey, ConfiguredValue>() : ConfigurationFile.Read(file).Require(), environment);
    }

    /// <summary>The file that counts: <c>--config</c>, <c>ACCEL_CONFIG</c>, the working directory, the user's configuration folder, in that order.</summary>
    /// <exception cref="FileNotFoundException">There is no file where one was named.</exception>
    public static string? FindFile(string? named, Func<string, string?> environment)
    {
        if (named is not null)
        {
            return Exists(named) ? named : throw new FileNotFoundException($"--config: there is no file '{named}'");
        }

        if (environment(FileVariable) is { Length: > 0 } variable)
        {
            return Exists(variable) ? variable : throw new FileNotFoundException($"{FileVariable}: there is no file '{variable}'");
        }

        string user = Path.Combine(UserFolder("XDG_CONFIG_HOME", ".config", environment), "accel", FileName);
        return Exists(FileName) ? Path.GetFullPath(FileName) : Exists(user) ? user : null;

        static bool Exists(string path) => System.IO.File.Exists(path);
    }

    /// <summary>What stands behind <c>pcie:</c>, with the configured files of card 0 where the name gives none.</summary>
    public string PcieOptions(string options)
    {
        string first = options.Split(',')[0].Trim();
        if (first is not ("" or "0"))
        {
            return options;
        }

        List<string> parts = [options.Length == 0 ? "0" : options];
        foreach ((string name, ConfigurationKey key) in new[] { ("user", ConfigurationKeys.PcieUser), ("h2c", ConfigurationKeys.PcieToCard), ("c2h", ConfigurationKeys.PcieFromCard) })
        {
            if (!options.Contains($",{name}=", StringComparison.Ordinal))
            {
                parts.AddRange(_all[key].Value switch { null => [], string[] list => list.Select(path => $"{name}={path}"), object path => [$"{name}={path}"] });
            }
        }

        return string.Join(',', parts);
    }

    /// <summary>What stands behind <c>serial:</c>, with the configured baud rate where the name gives none.</summary>
    public string SerialOptions(string options) =>
        _all[ConfigurationKeys.SerialBaud].Value is { } baud && options.Length > 0 && !options.Contains('@', StringComparison.Ordinal) ? $"{options}@{baud}" : options;

    private static object FromVariable(ConfigurationKey key, string text)
    {
        try
        {
            return key.Parse(text);
        }
        catch (FormatException wrong)
        {
            throw new InvalidDataException($"{key.Variable} (which sets {key.Name}): {wrong.Message}", wrong);
        }
    }

    private static string UserFolder(string variable, string inHome, Func<string, string?> environment) => environment(variable) is { Length: > 0 } chosen
        ? chosen
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), inHome);
}
