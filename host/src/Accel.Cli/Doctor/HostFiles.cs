using System.Runtime.InteropServices;

namespace Accel.Cli.Doctor;

/// <summary>The few questions that the doctor asks of a machine's files. Paths are the machine's own; a test may put them under another folder.</summary>
/// <param name="root">The folder that stands for <c>/</c>.</param>
internal partial class HostFiles(string root = "/")
{
    private const int ReadAndWrite = 6;
    private const int CurrentFolder = -100;
    private const uint GroupWanted = 0x10;
    private const int StatusBytes = 256;
    private const int GroupOffset = 24;

    /// <summary>Where the system's loader looks for libraries.</summary>
    private static readonly string[] LibraryFolders =
        ["/usr/local/lib", "/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib", "/usr/lib/wsl/lib"];

    /// <summary>Whether there is a file or folder.</summary>
    public bool Exists(string path) => Path.Exists(At(path));

    /// <summary>What lies in a folder under names of a pattern, sorted; nothing when there is no such folder or it can't be read.</summary>
    public IReadOnlyList<string> List(string folder, string pattern)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(At(folder), pattern).Select(path => $"{folder}/{Path.GetFileName(path)}").Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>A small file's text, trimmed; null when it can't be read.</summary>
    public string? Read(string path)
    {
        try
        {
            return File.ReadAllText(At(path)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Where a library lies; null when it is not in the system's folders.</summary>
    public string? Library(string fileName) => LibraryFolders.Select(folder => $"{folder}/{fileName}").FirstOrDefault(Exists);

    /// <summary>Whether this process may read and write a file.</summary>
    public virtual bool MayUse(string path) => Access(At(path), ReadAndWrite) == 0;

    /// <summary>The group that a file belongs to; null when it can't be told.</summary>
    public virtual string? GroupOf(string path)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        if (StatX(CurrentFolder, At(path), 0, GroupWanted, status) != 0)
        {
            return null;
        }

        string id = $"{MemoryMarshal.Read<uint>(status[GroupOffset..])}";
        return Read("/etc/group")?.Split('\n').Select(line => line.Split(':')).FirstOrDefault(parts => parts.Length > 2 && parts[2] == id)?[0] ?? id;
    }

    private string At(string path) => Path.Join(root, path);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> status);
}
