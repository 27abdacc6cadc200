using Accel.Device;

namespace Accel.Compute.Auto;

/// <summary>Whether a device can be worked with.</summary>
public enum DeviceAvailability
{
    /// <summary>It is there, this program knows it, and nothing speaks against it.</summary>
    Ready,

    /// <summary>It failed and has passed no self-test since; <see cref="AutoBackend"/> does not use it.</summary>
    Quarantined,

    /// <summary>It is there and can't be opened.</summary>
    Unavailable,
}

/// <summary>A device that is present.</summary>
/// <param name="Name">Kind and options as <c>--backend</c> takes them.</param>
/// <param name="Description">What it is, in words, as found without opening it.</param>
/// <param name="Availability">Whether it can be worked with.</param>
/// <param name="Reason">Why it is not ready; null when it is.</param>
/// <param name="Info">Its identity and limits; null when it can't be opened.</param>
/// <param name="Measured">What `accel calibrate` measured of it; null when nothing was, or of another device under this name.</param>
public sealed record RegisteredDevice(
    string Name, string Description, DeviceAvailability Availability, string? Reason, BackendInfo? Info, DeviceCalibration? Measured);

/// <summary>Everything that is present, with what is known of it.</summary>
/// <param name="catalog">The kinds of device.</param>
/// <param name="calibration">What was measured.</param>
/// <param name="quarantines">What failed.</param>
public sealed class DeviceRegistry(BackendCatalog catalog, Calibration calibration, QuarantineFolder quarantines)
{
    /// <summary>Looks for all devices and asks each what it is. Cards are only read, so that one at work goes on.</summary>
    public async Task<IReadOnlyList<RegisteredDevice>> SurveyAsync(CancellationToken cancel)
    {
        List<RegisteredDevice> devices = [];
        foreach (FoundDevice found in await catalog.FindAsync(cancel))
        {
            devices.Add(await DescribeAsync(found, cancel));
        }

        return devices;
    }

    private async ValueTask<RegisteredDevice> DescribeAsync(FoundDevice found, CancellationToken cancel)
    {
        Quarantine? quarantine = quarantines.Find(found.Name);
        try
        {
            BackendInfo info = await catalog.DescribeAsync(found.Name, cancel);
            return new RegisteredDevice(
                found.Name,
                found.Description,
                quarantine is null ? DeviceAvailability.Ready : DeviceAvailability.Quarantined,
                quarantine is null ? null : $"since {quarantine.Since:u}: {quarantine.Reason}",
                info,
                calibration.Find(found.Name, info.Device));
        }
        catch (Exception exception) when (exception is DeviceException or NotSupportedException)
        {
            return new RegisteredDevice(found.Name, found.Description, DeviceAvailability.Unavailable, exception.Message, Info: null, Measured: null);
        }
    }
}
