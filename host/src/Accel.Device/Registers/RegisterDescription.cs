using System.Globalization;

namespace Accel.Device;

/// <summary>What a host may do with a register.</summary>
public enum RegisterAccess
{
    /// <summary>It may be read.</summary>
    ReadOnly,

    /// <summary>It may be read and written.</summary>
    ReadWrite,
}

/// <summary>One register of the map.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Its place; of 64 bits, that of the lower half.</param>
/// <param name="Bits">32, or 64 for a pair.</param>
/// <param name="Access">What a host may do with it.</param>
/// <param name="Reset">What it holds after a reset; null where that depends on the build.</param>
/// <param name="IsCounter">Whether it only grows, until a reset or round its maximum.</param>
/// <param name="Text">What it means.</param>
public sealed record RegisterDescription(string Name, RegisterOffset Offset, int Bits, RegisterAccess Access, uint? Reset, bool IsCounter, string Text)
{
    private const int WordBytes = 4;
    private const int WordBits = 32;
    private const int AttemptsMax = 4;

    /// <summary>Its fields, by first bit; empty where the whole register is one number.</summary>
    public IReadOnlyList<RegisterFieldDescription> Fields { get; init; } = [];

    /// <summary>Reads its value. Of 64 bits the upper half is read on either side of the lower one, again when it has moved.</summary>
    /// <exception cref="DeviceException">The access was refused or got lost, or the halves never fitted.</exception>
    public async ValueTask<ulong> ReadAsync(IDeviceTransport transport, CancellationToken cancel)
    {
        if (Bits == WordBits)
        {
            return await transport.ReadRegisterAsync(Offset, cancel);
        }

        RegisterOffset upperOffset = new(Offset.Bytes + WordBytes);
        uint upper = await transport.ReadRegisterAsync(upperOffset, cancel);
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            uint lower = await transport.ReadRegisterAsync(Offset, cancel);
            uint again = await transport.ReadRegisterAsync(upperOffset, cancel);
            if (again == upper)
            {
                return ((ulong)upper << WordBits) | lower;
            }

            upper = again;
        }

        throw new DeviceException($"{transport.Info.Path}: the upper half of {Name} at {upperOffset} moved {AttemptsMax} times while it was read");
    }
}

/// <summary>Some bits of a register.</summary>
/// <param name="Name">Its name.</param>
/// <param name="FirstBit">The lowest bit.</param>
/// <param name="Bits">How many.</param>
/// <param name="Text">What it means.</param>
/// <param name="Names">What its values are called; null where they are numbers or flags.</param>
public sealed record RegisterFieldDescription(string Name, int FirstBit, int Bits, string Text, IReadOnlyDictionary<uint, string>? Names = null)
{
    /// <summary>The field's value in a register's.</summary>
    public uint ValueIn(ulong register) => (uint)((register >> FirstBit) & ((1ul << Bits) - 1));

    /// <summary>The value in words: its name, or the number.</summary>
    public string Describe(uint value) =>
        Names is null ? value.ToString(CultureInfo.InvariantCulture) : Names.TryGetValue(value, out string? name) ? name : $"{value} (unknown)";
}
