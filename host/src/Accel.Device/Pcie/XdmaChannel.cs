using Microsoft.Win32.SafeHandles;

namespace Accel.Device.Pcie;

/// <summary>A character device of the XDMA driver: an offset in the file is an address of the card.</summary>
internal sealed class XdmaChannel : IDmaChannel
{
    private readonly string _path;
    private readonly SafeFileHandle _file;

    /// <exception cref="DeviceException">The file can't be opened, or another program has it.</exception>
    public XdmaChannel(string path)
    {
        _path = path;
        _file = DeviceFile.Open(path);
        try
        {
            DeviceFile.Lock(_file, path);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Write(ulong address, ReadOnlySpan<byte> bytes) => DeviceFile.WriteAt(_file, _path, address, bytes);

    /// <inheritdoc />
    public void Read(ulong address, Span<byte> bytes) => DeviceFile.ReadAt(_file, _path, address, bytes);

    /// <inheritdoc />
    /// <remarks>The driver ends every transfer by itself, after ten seconds at the latest.</remarks>
    public void Interrupt()
    {
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
