using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Accel.Testing;

/// <summary>A pseudo terminal whose far end nobody reads. Disposing hangs it up.</summary>
public sealed partial class PseudoTerminal : IDisposable
{
    private const int ReadWriteNoControl = 0x2 | 0x100;
    private const int NameBytes = 128;

    private readonly SafeFileHandle _far;

    /// <summary>Opens one.</summary>
    public PseudoTerminal()
    {
        _far = new SafeFileHandle(OpenFar(ReadWriteNoControl), ownsHandle: true);
        byte[] name = new byte[NameBytes];
        Assert.True(!_far.IsInvalid && Grant(_far) == 0 && Unlock(_far) == 0 && NearName(_far, name, name.Length) == 0, $"no pseudo terminal: errno {Marshal.GetLastPInvokeError()}");
        Path = System.Text.Encoding.ASCII.GetString(name.AsSpan(0, name.IndexOf((byte)0)));
    }

    /// <summary>The device file.</summary>
    public string Path { get; }

    /// <inheritdoc />
    public void Dispose() => _far.Dispose();

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenFar(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(SafeFileHandle far);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(SafeFileHandle far);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static partial int NearName(SafeFileHandle far, [Out] byte[] name, nint bytes);
}
