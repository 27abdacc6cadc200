namespace Accel.Device;

/// <summary>What a device says it is, before anybody relies on it.</summary>
/// <param name="Path">Where the device is.</param>
/// <param name="Id">The register ID.</param>
/// <param name="Version">The register VERSION.</param>
public sealed record CardIdentity(string Path, uint Id, uint Version)
{
    /// <summary>Major version of its registers.</summary>
    public int MajorVersion => (int)(Version >> AccelRegisters.VersionMajorShift);

    /// <summary>Minor version of its registers.</summary>
    public int MinorVersion => (int)(Version & AccelRegisters.VersionMinorMask);

    /// <summary>Why this program does not work with the device; null when it does.</summary>
    public string? Refusal =>
        Id != AccelRegisters.IdValue
            ? $"{Path}: the identity register holds 0x{Id:x8}, not 0x{AccelRegisters.IdValue:x8}: this is no Accel card"
            : MajorVersion != DeviceCapabilities.MajorVersion
                ? $"{Path}: the registers have version {MajorVersion}.{MinorVersion}, but this program knows {DeviceCapabilities.MajorVersion}.x: use the host program that was built with the card"
                : null;

    /// <summary>Reads it.</summary>
    /// <exception cref="DeviceException">The access was refused or got lost.</exception>
    public static async Task<CardIdentity> ReadAsync(IDeviceTransport transport, CancellationToken cancel) => new(
        transport.Info.Path,
        await transport.ReadRegisterAsync(AccelRegisters.Id, cancel),
        await transport.ReadRegisterAsync(AccelRegisters.Version, cancel));
}
