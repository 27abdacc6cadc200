namespace Accel.Device;

/// <summary>A register's place in the control space.</summary>
/// <param name="Bytes">Offset in bytes, a multiple of 4.</param>
public readonly record struct RegisterOffset(uint Bytes)
{
    /// <inheritdoc />
    public override string ToString() => $"0x{Bytes:x3}";
}
