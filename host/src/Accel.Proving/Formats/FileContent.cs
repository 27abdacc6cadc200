using System.Buffers;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Accel.Proving.Formats;

/// <summary>
/// A file's bytes, mapped or already in memory. They stay where they are until the owner has disposed them and everyone who
/// <see cref="Hold"/>s them has let go, so that no disposal takes memory from under work that runs on it.
/// </summary>
/// <remarks>
/// The length comes from the handle that is mapped, and the handle stays open: other .NET programs cannot open the file for writing
/// meanwhile, and <see cref="RequireWhole"/> notices when another program shortened it. Shortened between that check and a read, the
/// operating system ends the process: replace a file that is in use by renaming another over it.
/// </remarks>
internal sealed unsafe class FileContent : IDisposable
{
    private readonly SafeFileHandle? _handle;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly MemoryHandle _pin;
    private readonly byte* _start;
    private readonly Lock _gate = new();
    private bool _disposed;
    private int _holders = 1;

    private FileContent(string name, SafeFileHandle handle, long length, MemoryMappedViewAccessor view)
    {
        Name = name;
        Length = length;
        _handle = handle;
        _view = view;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += view.PointerOffset;
    }

    private FileContent(string name, ReadOnlyMemory<byte> content)
    {
        Name = name;
        Length = content.Length;
        _pin = content.Pin();
        _start = (byte*)_pin.Pointer;
    }

    /// <summary>The file's name, without its folder; messages begin with it.</summary>
    public string Name { get; }

    /// <summary>The length in bytes.</summary>
    public long Length { get; }

    /// <summary>Whether the bytes are a file's, not the caller's memory.</summary>
    public bool IsMapped => _handle is not null;

    /// <summary>Whether the bytes are gone; views of them throw from then on.</summary>
    public bool IsReleased => Volatile.Read(ref _holders) == 0;

    /// <summary>Maps a file.</summary>
    /// <exception cref="InvalidFileException">It has fewer than <paramref name="bytesMin"/> bytes.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static FileContent Map(string path, int bytesMin)
    {
        // Asked by name first: opening a pipe would wait for its other end.
        string name = Path.GetFileName(path);
        RequireLength(name, new FileInfo(path).Length, bytesMin);
        SafeFileHandle handle = File.OpenHandle(path);
        try
        {
            long length = RandomAccess.GetLength(handle);
            RequireLength(name, length, bytesMin);
            using MemoryMappedFile map = MemoryMappedFile.CreateFromFile(
                handle, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new FileContent(name, handle, length, map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Content that is already in memory; it stays pinned.</summary>
    /// <exception cref="InvalidFileException">It has fewer than <paramref name="bytesMin"/> bytes.</exception>
    public static FileContent FromMemory(string name, ReadOnlyMemory<byte> content, int bytesMin)
    {
        RequireLength(name, content.Length, bytesMin);
        return new FileContent(name, content);
    }

    /// <summary>Bytes [offset, offset + length); the caller has checked the range.</summary>
    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(IsReleased, this);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    /// <summary>The bytes from <paramref name="offset"/>, as <paramref name="count"/> values in their in-memory image; the caller has checked the range.</summary>
    public ReadOnlyMemory<T> View<T>(long offset, int count)
        where T : unmanaged => count == 0 ? ReadOnlyMemory<T>.Empty : new MappedValues<T>(this, (T*)(_start + offset), count).Memory;

    /// <summary>Copies bytes from <paramref name="offset"/>; those of a file are read, not mapped, so that they do not stay in the process's memory.</summary>
    /// <exception cref="InvalidFileException">The file was shortened.</exception>
    public void CopyTo(long offset, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(IsReleased, this);
        if (_handle is null)
        {
            Slice(offset, destination.Length).CopyTo(destination);
            return;
        }

        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(_handle, destination, offset);
            if (read == 0)
            {
                throw Shortened(offset);
            }

            offset += read;
            destination = destination[read..];
        }
    }

    /// <summary>Demands that the file still has all its bytes.</summary>
    /// <exception cref="InvalidFileException">It was shortened.</exception>
    public void RequireWhole()
    {
        ObjectDisposedException.ThrowIf(IsReleased, this);
        if (_handle is not null && RandomAccess.GetLength(_handle) is long length && length < Length)
        {
            throw Shortened(length);
        }
    }

    /// <summary>Keeps the bytes in place until what is returned is disposed, whatever happens to the owner.</summary>
    /// <exception cref="ObjectDisposedException">The owner has disposed them.</exception>
    public IDisposable Hold()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _holders++;
            return new Holder(this);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                Release();
            }
        }
    }

    private void Release()
    {
        if (--_holders > 0)
        {
            return;
        }

        _pin.Dispose();
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _handle?.Dispose();
    }

    private InvalidFileException Shortened(long length) =>
        new(Name, string.Create(CultureInfo.InvariantCulture, $"the file was shortened from {Length:N0} to {length:N0} bytes while it was in use"));

    private static void RequireLength(string name, long length, int bytesMin)
    {
        if (length < bytesMin)
        {
            throw new InvalidFileException(name, string.Create(CultureInfo.InvariantCulture, $"the file has {length} bytes, but its header alone takes {bytesMin}"));
        }
    }

    private sealed class Holder(FileContent content) : IDisposable
    {
        private bool _disposed;

        public void Dispose()
        {
            lock (content._gate)
            {
                if (!_disposed)
                {
                    _disposed = true;
                    content.Release();
                }
            }
        }
    }
}
