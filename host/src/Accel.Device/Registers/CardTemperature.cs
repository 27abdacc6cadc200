namespace Accel.Device;

/// <summary>What a card's temperature sensor shows.</summary>
public static class CardTemperature
{
    /// <summary>Steps of the register in a degree Celsius.</summary>
    public const int Steps = 16;

    /// <summary>The first minor version of the registers that has it.</summary>
    public const int MinorVersion = 1;

    /// <summary>Degrees Celsius of a value of the register TEMPERATURE; null when the board has no sensor.</summary>
    public static double? Decode(uint register) =>
        (register & AccelRegisters.TemperatureValid) == 0 ? null : (short)(register & AccelRegisters.TemperatureSixteenthsMask) / (double)Steps;

    /// <summary>Reads it in degrees Celsius; null when the card has no such register, or the board no sensor.</summary>
    /// <param name="transport">The path to the card.</param>
    /// <param name="minorVersion">Of its registers.</param>
    /// <param name="cancel">Cancels the access.</param>
    /// <exception cref="DeviceException">The access was refused or got lost.</exception>
    public static async ValueTask<double?> ReadAsync(IDeviceTransport transport, int minorVersion, CancellationToken cancel) =>
        minorVersion < MinorVersion ? null : Decode(await transport.ReadRegisterAsync(AccelRegisters.Temperature, cancel));
}
