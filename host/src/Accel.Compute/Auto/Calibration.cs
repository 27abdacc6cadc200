using System.Text.Json;
using System.Text.Json.Serialization;

namespace Accel.Compute.Auto;

/// <summary>What was measured on one device.</summary>
/// <param name="Name">The name by which it was opened.</param>
/// <param name="Device">What it said it was; a device that says something else now must be measured again.</param>
/// <param name="MeasuredAt">When.</param>
/// <param name="Times">Medians.</param>
public sealed record DeviceCalibration(string Name, string Device, DateTimeOffset MeasuredAt, IReadOnlyList<OperationTime> Times);

/// <summary>The measurements of a machine's devices, in one file.</summary>
/// <param name="Version">Of the file's form: <see cref="CurrentVersion"/>.</param>
/// <param name="Devices">Each under another name.</param>
public sealed record Calibration(int Version, IReadOnlyList<DeviceCalibration> Devices)
{
    /// <summary>The form that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Nothing was measured.</summary>
    public static Calibration Empty { get; } = new(CurrentVersion, []);

    /// <summary>Reads a file; one that is not there is empty.</summary>
    /// <exception cref="CalibrationException">It is not a calibration; the message names file and place.</exception>
    public static Calibration Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            Calibration read = JsonSerializer.Deserialize(stream, CalibrationJson.Default.Calibration) ?? throw new JsonException("expected an object, found null");
            return read.Version == CurrentVersion
                ? read.Checked()
                : throw new CalibrationException(path, $"its version is {read.Version}, this program reads {CurrentVersion}");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Empty;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new CalibrationException(path, exception.Message, exception);
        }
    }

    /// <summary>The measurements of a device; null when there are none for what it is now.</summary>
    public DeviceCalibration? Find(string name, string device) => Devices.FirstOrDefault(known => known.Name == name && known.Device == device);

    /// <summary>The same with one device's measurements replaced.</summary>
    public Calibration With(DeviceCalibration measured) => this with { Devices = [.. Devices.Where(known => known.Name != measured.Name), measured] };

    /// <summary>Writes the file in one step, so that no reader sees half of it.</summary>
    public void Write(string path) => WholeFile.Write(path, stream => JsonSerializer.Serialize(stream, this, CalibrationJson.Default.Calibration));

    private Calibration Checked()
    {
        foreach (DeviceCalibration device in Devices)
        {
            _ = new CostModel(device.Times);
        }

        return this;
    }
}

/// <summary>A calibration that can't be used.</summary>
public sealed class CalibrationException : Exception
{
    /// <summary>A refused file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reason">What is wrong in it.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public CalibrationException(string path, string reason, Exception? inner = null)
        : base($"{path}: not a calibration: {reason}; delete it and run `accel calibrate`", inner)
    {
    }
}

/// <summary>The file's form, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Calibration))]
[JsonSerializable(typeof(Quarantine))]
internal sealed partial class CalibrationJson : JsonSerializerContext;
