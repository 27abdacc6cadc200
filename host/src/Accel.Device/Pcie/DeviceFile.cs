using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Accel.Device.Pcie;

/// <summary>Files of a driver, by the calls that its interface is made of.</summary>
internal static unsafe partial class DeviceFile
{
    private const int NoEntry = 2;
    private const int NoDeviceOrAddress = 6;
    private const int Again = 11;
    private const int Denied = 13;
    private const int NoDevice = 19;
    private const int Interrupted = 4;
    private const int NotPermitted = 1;

    private const int ReadWriteCloseOnExec = 0x2 | 0x80000;
    private const int ProtectionReadWrite = 0x1 | 0x2;
    private const int MapShared = 0x1;
    private const int LockExclusiveNow = 0x2 | 0x4;

    /// <summary>Opens a device file for reading and writing.</summary>
    /// <exception cref="DeviceException">It can't be opened; the message says what would help.</exception>
    public static SafeFileHandle Open(string path)
    {
        int descriptor = OpenFile(path, ReadWriteCloseOnExec);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        int error = Marshal.GetLastPInvokeError();
        string help = error switch
        {
            NoEntry => "load the XDMA driver (`modprobe xdma`), see with `lspci -d 10ee:` whether the card is there, or name other files: pcie:N,user=PATH,h2c=PATH,c2h=PATH",
            Denied or NotPermitted => "this user may not: install host/udev/60-accel.rules and join its group, as host/docs/transports.md says",
            NoDevice or NoDeviceOrAddress => "the driver has no card behind it: was it unplugged, or its bitstream reloaded? rescan the bus or reload the driver",
            _ => "is the driver healthy? `dmesg` tells",
        };
        throw Failure(path, "can't be opened", error, help);
    }

    /// <summary>Takes the file for this process alone, so that two programs never drive one card.</summary>
    /// <exception cref="DeviceException">Another process has it.</exception>
    public static void Lock(SafeFileHandle file, string path)
    {
        if (LockFile(file, LockExclusiveNow) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw Failure(path, "can't be locked", error, error == Again ? "another program has this card; end it first" : "is it a device file?");
        }
    }

    /// <summary>Maps the start of a file, shared.</summary>
    /// <exception cref="DeviceException">The driver refuses.</exception>
    public static byte* Map(SafeFileHandle file, string path, int bytes)
    {
        nint mapped = MapMemory(0, (nuint)bytes, ProtectionReadWrite, MapShared, file, 0);
        return mapped != -1
            ? (byte*)mapped
            : throw Failure(path, $"can't be mapped ({bytes} bytes)", Marshal.GetLastPInvokeError(), "the user BAR must be built into the bitstream with at least 4 KiB");
    }

    /// <summary>Ends a mapping.</summary>
    public static void Unmap(byte* address, int bytes) => _ = UnmapMemory((nint)address, (nuint)bytes);

    /// <summary>Writes at an offset, all of it.</summary>
    /// <exception cref="DeviceException">The driver reports an error.</exception>
    public static void WriteAt(SafeFileHandle file, string path, ulong offset, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                done += Moved(WriteFile(file, start + done, (nuint)(bytes.Length - done), (long)offset + done), path, "writing", offset, bytes.Length, done);
            }
        }
    }

    /// <summary>Reads at an offset, all of it.</summary>
    /// <exception cref="DeviceException">The driver reports an error.</exception>
    public static void ReadAt(SafeFileHandle file, string path, ulong offset, Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                done += Moved(ReadFile(file, start + done, (nuint)(bytes.Length - done), (long)offset + done), path, "reading", offset, bytes.Length, done);
            }
        }
    }

    /// <summary>A driver's error in words.</summary>
    public static DeviceException Failure(string path, string what, int error, string help) =>
        new($"{path} {what}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}); {help}");

    /// <summary>The bytes that one call has moved; an interrupted one is made again.</summary>
    private static int Moved(nint count, string path, string what, ulong offset, int bytes, int done)
    {
        if (count > 0)
        {
            return (int)count;
        }

        if (count == 0)
        {
            throw new DeviceException($"{path}: {what} {bytes} bytes at 0x{offset:x} ended after {done}");
        }

        int error = Marshal.GetLastPInvokeError();
        return error == Interrupted ? 0 : throw Failure(path, $"failed {what} {bytes} bytes at 0x{offset:x}", error, "`dmesg` tells what the DMA engine reported");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int LockFile(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint MapMemory(nint address, nuint bytes, int protection, int flags, SafeFileHandle file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int UnmapMemory(nint address, nuint bytes);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    private static partial nint WriteFile(SafeFileHandle file, byte* source, nuint bytes, long offset);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint ReadFile(SafeFileHandle file, byte* destination, nuint bytes, long offset);
}
