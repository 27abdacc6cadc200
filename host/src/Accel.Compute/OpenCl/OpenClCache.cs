using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Accel.Device.OpenCl;

namespace Accel.Compute.OpenCl;

/// <summary>
/// Compiled kernels, and what was measured of a device, in the user's cache folder. A file that is missing, damaged or of another device or driver is made
/// anew; a folder that cannot be written costs time and nothing else. Files are replaced whole, so that processes may share the folder.
/// </summary>
internal sealed class OpenClCache
{
    private const int HashBytes = 32;
    private static readonly byte[] Magic = "accel opencl 1\n\0"u8.ToArray();

    private readonly string? _folder;
    private readonly Action<string> _debug;

    /// <summary>A cache.</summary>
    /// <param name="folder">Where; null for nowhere.</param>
    /// <param name="debug">Takes what only someone who looks for a fault wants to know.</param>
    public OpenClCache(string? folder, Action<string> debug)
    {
        _folder = folder;
        _debug = debug;
    }

    /// <summary>The folder that the user's settings name: <c>accel/opencl</c> in <c>XDG_CACHE_HOME</c>, or in <c>.cache</c> of the home folder.</summary>
    public static string DefaultFolder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "accel",
        "opencl");

    /// <summary>The program of a source, compiled unless the cache has it.</summary>
    public OpenClProgram Program(OpenClContext context, string source, string options)
    {
        string name = Key(context.Device, source, options) + ".bin";
        if (Read(name) is { } binary)
        {
            try
            {
                return context.Load(binary, options);
            }
            catch (OpenClException refused)
            {
                _debug($"{Path.Combine(_folder!, name)} is not used: {refused.Message}");
            }
        }

        OpenClProgram program = context.Compile(source, options);
        Replace(name, program.ToBinary());
        return program;
    }

    /// <summary>The text that <paramref name="make"/> gave for this device and source when it was last needed.</summary>
    public string Text(OpenClDevice device, string source, string extension, Func<string, bool> isValid, Func<string> make)
    {
        string name = $"{Key(device, source, extension)}.{extension}";
        if (Read(name) is { } bytes)
        {
            string known = Encoding.UTF8.GetString(bytes);
            if (isValid(known))
            {
                return known;
            }

            _debug($"{Path.Combine(_folder!, name)} is not used: it says '{known}'");
        }

        string made = make();
        Replace(name, Encoding.UTF8.GetBytes(made));
        return made;
    }

    /// <summary>What a file's name is made of: the device, its driver, the source and the options.</summary>
    private static string Key(OpenClDevice device, string source, string options)
    {
        string[] parts = [device.PlatformName, device.PlatformVersion, device.Vendor, device.Name, device.DriverVersion, options, source];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))));
    }

    /// <summary>A file's content, or null when there is no such file or its checksum is wrong.</summary>
    private byte[]? Read(string name)
    {
        if (_folder is null)
        {
            return null;
        }

        string path = Path.Combine(_folder, name);
        try
        {
            byte[] file = File.ReadAllBytes(path);
            int header = Magic.Length + sizeof(long) + HashBytes;
            if (file.Length >= header
                && file.AsSpan(0, Magic.Length).SequenceEqual(Magic)
                && BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(Magic.Length)) == file.Length - header
                && SHA256.HashData(file.AsSpan(header)).AsSpan().SequenceEqual(file.AsSpan(header - HashBytes, HashBytes)))
            {
                return file[header..];
            }

            _debug($"{path} is damaged: {file.Length:N0} bytes that are not what was written");
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            _debug($"{path} is not there yet");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            _debug($"{path} can't be read: {refused.Message}");
        }

        return null;
    }

    /// <summary>Writes a file with its checksum, in place of what there is.</summary>
    internal void Replace(string name, ReadOnlySpan<byte> content)
    {
        if (_folder is null)
        {
            return;
        }

        string path = Path.Combine(_folder, name);
        try
        {
            Directory.CreateDirectory(_folder);
            byte[] length = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(length, content.Length);
            string written = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}";
            File.WriteAllBytes(written, [.. Magic, .. length, .. SHA256.HashData(content), .. content]);
            File.Move(written, path, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            _debug($"{path} can't be written: {refused.Message}");
        }
    }
}
