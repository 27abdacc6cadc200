namespace Accel.Cli;

/// <summary>Writes a file so that its name only ever refers to a whole one: a temporary beside it, flushed, then renamed.</summary>
internal static class OutputFile
{
    public static void Write(string path, Action<Stream> content) => WriteAsync(path, stream =>
    {
        content(stream);
        return Task.FromResult(0);
    }).GetAwaiter().GetResult();

    /// <summary>The same for content that takes its time and yields something.</summary>
    public static async Task<T> WriteAsync<T>(string path, Func<Stream, Task<T>> content)
    {
        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
        }

        string temporary = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            T result;
            await using (FileStream stream = File.Create(temporary))
            {
                result = await content(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            return result;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    public static void WriteText(string path, string text) => Write(path, stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true);
        writer.Write(text);
    });
}
