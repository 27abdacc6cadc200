namespace Accel.Device;

/// <summary>The registers of a card at about one moment. Reading them changes nothing.</summary>
/// <param name="Identity">What the device says it is.</param>
/// <param name="Registers">Every register, when this program knows what they mean; else none.</param>
public sealed record RegisterDump(CardIdentity Identity, IReadOnlyList<RegisterValue> Registers)
{
    /// <summary>Reads the registers; of a device that is not known, its identity alone.</summary>
    /// <exception cref="DeviceException">Not even the identity could be read.</exception>
    public static async Task<RegisterDump> ReadAsync(IDeviceTransport transport, CancellationToken cancel)
    {
        CardIdentity identity = await CardIdentity.ReadAsync(transport, cancel);
        List<RegisterValue> values = [];
        foreach (RegisterDescription register in identity.Refusal is null ? RegisterMap.Registers : [])
        {
            try
            {
                values.Add(new RegisterValue(register, await register.ReadAsync(transport, cancel), Failure: null));
            }
            catch (DeviceException refused)
            {
                // A core of an older minor version lacks registers that this program knows.
                values.Add(new RegisterValue(register, Value: null, refused.Message));
            }
        }

        return new RegisterDump(identity, values);
    }
}

/// <summary>What one register held.</summary>
/// <param name="Register">The register.</param>
/// <param name="Value">Its value; null when it could not be read.</param>
/// <param name="Failure">Why not.</param>
public sealed record RegisterValue(RegisterDescription Register, ulong? Value, string? Failure)
{
    /// <summary>The value in hexadecimal, as wide as the register.</summary>
    public string Hexadecimal => Value is { } value ? $"0x{value.ToString(Register.Bits == 64 ? "x16" : "x8", System.Globalization.CultureInfo.InvariantCulture)}" : string.Empty;
}
