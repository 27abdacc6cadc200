using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Accel.Network.Jobs;

namespace Accel.Node;

/// <summary>A client that holds a key.</summary>
/// <param name="Name">Its name, 1 to 64 letters, digits, dots, dashes and underscores.</param>
/// <param name="Quota">How much it may ask for.</param>
public sealed record ApiClient(string Name, ClientQuota Quota);

/// <summary>
/// The keys that a node accepts. A key is 256 random bits, so that SHA-256 of it can lie in a file: there is nothing to guess. A line of the file is
/// <c>NAME SHA256 UNFINISHED PER-DAY</c>; empty lines and those that begin with # say nothing.
/// </summary>
public sealed class ApiKeyRing
{
    private const string Prefix = "accel_";
    private const int SecretBytes = 32;
    private const int NameLengthMax = 64;

    private readonly IReadOnlyList<(ApiClient Client, byte[] Hash)> _keys;

    private ApiKeyRing(IReadOnlyList<(ApiClient Client, byte[] Hash)> keys) => _keys = keys;

    /// <summary>Reads a file of keys.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is malformed, a name occurs twice, or there is no key; the message names the line.</exception>
    public static ApiKeyRing Read(string path)
    {
        List<(ApiClient Client, byte[] Hash)> keys = [];
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() is { Length: > 0 } line && line[0] != '#')
            {
                keys.Add(Parse(line) is { } key && keys.TrueForAll(other => other.Client.Name != key.Client.Name)
                    ? key
                    : throw new InvalidDataException($"{path}:{i + 1}: expected a name of its own, 64 hexadecimal digits and two counts from 1, as `accel node key` writes them"));
            }
        }

        return keys.Count > 0 ? new ApiKeyRing(keys) : throw new InvalidDataException($"{path}: there is no key in it; `accel node key NAME` adds one");
    }

    /// <summary>Makes a key.</summary>
    /// <param name="client">Who gets it.</param>
    /// <returns>The key, which is nowhere else, and the line for the file.</returns>
    /// <exception cref="ArgumentException">The name or a count is not legal.</exception>
    public static (string Key, string Line) Create(ApiClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        string key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        string line = string.Create(
            CultureInfo.InvariantCulture, $"{client.Name} {Convert.ToHexStringLower(Hash(key))} {client.Quota.UnfinishedMax} {client.Quota.PerDayMax}");
        return Parse(line) is not null ? (key, line) : throw new ArgumentException(
            $"'{client.Name}' with {client.Quota.UnfinishedMax} and {client.Quota.PerDayMax} jobs: a name is 1 to {NameLengthMax} letters, digits, dots, dashes and underscores, a count at least 1");
    }

    /// <summary>Who holds a key; null for nobody. Takes the same time whichever key it is compared with.</summary>
    public ApiClient? Find(string key)
    {
        byte[] hash = Hash(key);
        ApiClient? found = null;
        foreach ((ApiClient client, byte[] stored) in _keys)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, stored) ? client : found;
        }

        return found;
    }

    /// <summary>A client by its name.</summary>
    internal ApiClient this[string name] => _keys.First(key => key.Client.Name == name).Client;

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static (ApiClient Client, byte[] Hash)? Parse(string line)
    {
        string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts is [{ Length: <= NameLengthMax } name, { Length: 2 * SHA256.HashSizeInBytes } hash, var unfinished, var perDay]
            && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_')
            && hash.All(char.IsAsciiHexDigit)
            && IsCount(unfinished, out int unfinishedMax) && IsCount(perDay, out int perDayMax)
            ? (new ApiClient(name, new ClientQuota(unfinishedMax, perDayMax)), Convert.FromHexString(hash))
            : null;
    }

    private static bool IsCount(string text, out int count) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;
}
