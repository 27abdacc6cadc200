using Microsoft.Win32.SafeHandles;

namespace Accel.Device.Pcie;

/// <summary>Registers as memory: each access is one load or store of 32 bits, in program order.</summary>
internal sealed unsafe class RegisterWindow : IDisposable
{
    /// <summary>Bytes of the register space.</summary>
    public const int Bytes = 4096;

    private readonly SafeFileHandle _file;
    private readonly int _mapped;
    private byte* _base;

    /// <param name="path">The file that maps them.</param>
    /// <param name="bytes">Bytes to map, at least <see cref="Bytes"/>.</param>
    /// <exception cref="DeviceException">It can't be opened or mapped.</exception>
    public RegisterWindow(string path, int bytes)
    {
        _mapped = bytes;
        _file = DeviceFile.Open(path);
        try
        {
            _base = DeviceFile.Map(_file, path, bytes);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>One load.</summary>
    public uint Read(RegisterOffset offset) => Volatile.Read(ref *(uint*)At(offset.Bytes, sizeof(uint)));

    /// <summary>One store.</summary>
    public void Write(RegisterOffset offset, uint value) => Volatile.Write(ref *(uint*)At(offset.Bytes, sizeof(uint)), value);

    /// <summary>Loads two halves that belong together, until they do.</summary>
    public ulong ReadWide(RegisterOffset low, RegisterOffset high)
    {
        uint before, upper = Read(high), lower;
        do
        {
            before = upper;
            lower = Read(low);
            upper = Read(high);
        }
        while (upper != before);
        return ((ulong)upper << 32) | lower;
    }

    /// <summary>Copies what lies behind the registers.</summary>
    public void Copy(int offset, Span<byte> destination) => new ReadOnlySpan<byte>(At((uint)offset, destination.Length), destination.Length).CopyTo(destination);

    /// <inheritdoc />
    public void Dispose()
    {
        if (_base != null)
        {
            DeviceFile.Unmap(_base, _mapped);
            _base = null;
            _file.Dispose();
        }
    }

    private byte* At(uint offset, int bytes)
    {
        ObjectDisposedException.ThrowIf(_base == null, typeof(XdmaTransport));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + (uint)bytes, (uint)_mapped, nameof(offset));
        ArgumentOutOfRangeException.ThrowIfNotEqual(offset % sizeof(uint), 0u, nameof(offset));
        return _base + offset;
    }
}
