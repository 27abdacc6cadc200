namespace Accel.Compute.Auto;

/// <summary>Files that are replaced in one step, so that no reader sees half of one.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file, and the folders above it where they are missing.</summary>
    /// <exception cref="ArgumentException">The path names no file.</exception>
    public static void Write(string path, Action<Stream> content)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? throw new ArgumentException($"'{path}' names no file", nameof(path));
        Directory.CreateDirectory(folder);
        string next = $"{path}.{Environment.ProcessId}.new";
        using (FileStream stream = File.Create(next))
        {
            content(stream);
        }

        File.Move(next, path, overwrite: true);
    }
}
