using System.Text.Json;

namespace Accel.Compute.Auto;

/// <summary>A device that failed and has not passed a self-test since.</summary>
/// <param name="Device">The name by which it is opened.</param>
/// <param name="Reason">What happened, in words.</param>
/// <param name="Since">When it failed first.</param>
/// <param name="Failures">How often it has failed since then, at least 1.</param>
/// <param name="NextTest">When it may be tested again.</param>
public sealed record Quarantine(string Device, string Reason, DateTimeOffset Since, int Failures, DateTimeOffset NextTest);

/// <summary>
/// Quarantined devices, a file each, so that a device which one command found wanting is not trusted by the next. Several programs may use the
/// folder at once: each file is written whole, and the last word counts.
/// </summary>
/// <param name="folder">Asked for with each access, because a configuration may be read after this is made; made when it is needed.</param>
public sealed class QuarantineFolder(Func<string> folder)
{
    /// <summary>Records in a folder that does not change.</summary>
    public QuarantineFolder(string folder)
        : this(() => folder)
    {
    }

    /// <summary>The record of a device; null when there is none. One that can't be read quarantines the device all the same.</summary>
    public Quarantine? Find(string device)
    {
        string path = PathOf(device);
        try
        {
            using FileStream stream = File.OpenRead(path);
            Quarantine read = JsonSerializer.Deserialize(stream, CalibrationJson.Default.Quarantine) ?? throw new JsonException("expected an object, found null");
            return read.Device == device && read.Failures > 0 ? read : throw new JsonException($"it is of '{read.Device}', with {read.Failures} failures");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is JsonException or UnauthorizedAccessException or IOException)
        {
            return new Quarantine(device, $"{path} can't be read: {exception.Message}", DateTimeOffset.UnixEpoch, 1, DateTimeOffset.UnixEpoch);
        }
    }

    /// <summary>Keeps a record in place of the device's last one.</summary>
    public void Put(Quarantine quarantine) =>
        WholeFile.Write(PathOf(quarantine.Device), stream => JsonSerializer.Serialize(stream, quarantine, CalibrationJson.Default.Quarantine));

    /// <summary>Ends a device's quarantine.</summary>
    public void Remove(string device)
    {
        if (Directory.Exists(folder()))
        {
            File.Delete(PathOf(device));
        }
    }

    // A device's name has colons and slashes.
    private string PathOf(string device) => Path.Combine(folder(), $"{Uri.EscapeDataString(device)}.json");
}
