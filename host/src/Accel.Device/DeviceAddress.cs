namespace Accel.Device;

/// <summary>A byte address in device memory.</summary>
/// <param name="Bytes">The address.</param>
public readonly record struct DeviceAddress(ulong Bytes)
{
    /// <summary>Descriptors, rings and operands lie on multiples of this.</summary>
    public const int AlignmentBytes = 64;

    /// <summary>The address so many bytes further on.</summary>
    public static DeviceAddress operator +(DeviceAddress address, long bytes) => new(address.Bytes + (ulong)bytes);

    /// <inheritdoc />
    public override string ToString() => $"0x{Bytes:x}";
}
