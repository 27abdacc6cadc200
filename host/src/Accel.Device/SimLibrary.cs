using System.Runtime.InteropServices;
using System.Text;

namespace Accel.Device;

/// <summary>The functions of <c>sim/cosim/accel_sim.h</c> in one build of the library. Builds of different shapes may be loaded side by side.</summary>
internal sealed unsafe class SimLibrary
{
    private const uint Abi = 2;
    private const int ErrorBytes = 256;
    private static readonly Lock LoadLock = new();
    private static readonly Dictionary<string, SimLibrary> Loaded = [];

    private readonly delegate* unmanaged<byte*, byte*, nuint, nint> _create;
    private readonly delegate* unmanaged<nint, void> _destroy;
    private readonly delegate* unmanaged<nint, void> _reset;
    private readonly delegate* unmanaged<nint, uint, uint*, int> _readRegister;
    private readonly delegate* unmanaged<nint, uint, uint, int> _writeRegister;
    private readonly delegate* unmanaged<nint, ulong, byte*, nuint, int> _writeMemory;
    private readonly delegate* unmanaged<nint, ulong, byte*, nuint, int> _readMemory;
    private readonly delegate* unmanaged<nint, uint, uint, ulong, ulong*, int> _run;
    private readonly delegate* unmanaged<nint, byte*, ulong, ulong, ulong, int> _inject;
    private readonly delegate* unmanaged<nint, int, short, void> _setTemperature;
    private readonly delegate* unmanaged<nint, SimStatistics*, void> _getStatistics;

    private SimLibrary(string path)
    {
        Path = path;
        nint handle;
        try
        {
            handle = NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new DeviceException($"{path} can't be loaded: {exception.Message}", exception);
        }

        uint abi = ((delegate* unmanaged<uint>)NativeLibrary.GetExport(handle, "accel_sim_abi"))();
        if (abi != Abi)
        {
            throw new DeviceException($"{path} has interface version {abi}, but this program knows {Abi}: run `make sim`");
        }

        _create = (delegate* unmanaged<byte*, byte*, nuint, nint>)NativeLibrary.GetExport(handle, "accel_sim_create");
        _destroy = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(handle, "accel_sim_destroy");
        _reset = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(handle, "accel_sim_reset");
        _readRegister = (delegate* unmanaged<nint, uint, uint*, int>)NativeLibrary.GetExport(handle, "accel_sim_read_register");
        _writeRegister = (delegate* unmanaged<nint, uint, uint, int>)NativeLibrary.GetExport(handle, "accel_sim_write_register");
        _writeMemory = (delegate* unmanaged<nint, ulong, byte*, nuint, int>)NativeLibrary.GetExport(handle, "accel_sim_write_memory");
        _readMemory = (delegate* unmanaged<nint, ulong, byte*, nuint, int>)NativeLibrary.GetExport(handle, "accel_sim_read_memory");
        _run = (delegate* unmanaged<nint, uint, uint, ulong, ulong*, int>)NativeLibrary.GetExport(handle, "accel_sim_run");
        _inject = (delegate* unmanaged<nint, byte*, ulong, ulong, ulong, int>)NativeLibrary.GetExport(handle, "accel_sim_inject");
        _setTemperature = (delegate* unmanaged<nint, int, short, void>)NativeLibrary.GetExport(handle, "accel_sim_set_temperature");
        _getStatistics = (delegate* unmanaged<nint, SimStatistics*, void>)NativeLibrary.GetExport(handle, "accel_sim_get_statistics");
    }

    public string Path { get; }

    /// <summary>A new card.</summary>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    public nint Create(string options)
    {
        byte[] text = Terminated(options);
        byte[] error = new byte[ErrorBytes];
        fixed (byte* textPointer = text, errorPointer = error)
        {
            nint handle = _create(textPointer, errorPointer, ErrorBytes);
            return handle != 0 ? handle : throw new ArgumentException($"simulated card: {Marshal.PtrToStringUTF8((nint)errorPointer)}", nameof(options));
        }
    }

    public void Destroy(nint handle) => _destroy(handle);

    public void Reset(nint handle) => _reset(handle);

    public int ReadRegister(nint handle, uint offset, out uint value)
    {
        fixed (uint* pointer = &value)
        {
            return _readRegister(handle, offset, pointer);
        }
    }

    public int WriteRegister(nint handle, uint offset, uint value) => _writeRegister(handle, offset, value);

    public int WriteMemory(nint handle, ulong address, ReadOnlySpan<byte> source)
    {
        fixed (byte* pointer = source)
        {
            return _writeMemory(handle, address, pointer, (nuint)source.Length);
        }
    }

    public int ReadMemory(nint handle, ulong address, Span<byte> destination)
    {
        fixed (byte* pointer = destination)
        {
            return _readMemory(handle, address, pointer, (nuint)destination.Length);
        }
    }

    public int Run(nint handle, uint offset, uint seen, ulong cyclesMax, out ulong cycles)
    {
        fixed (ulong* pointer = &cycles)
        {
            return _run(handle, offset, seen, cyclesMax, pointer);
        }
    }

    public int Inject(nint handle, string kind, ulong after, ulong first, ulong last)
    {
        fixed (byte* pointer = Terminated(kind))
        {
            return _inject(handle, pointer, after, first, last);
        }
    }

    public void SetTemperature(nint handle, short? sixteenths) => _setTemperature(handle, sixteenths is null ? 0 : 1, sixteenths ?? 0);

    public SimStatistics GetStatistics(nint handle)
    {
        SimStatistics statistics;
        _getStatistics(handle, &statistics);
        return statistics;
    }

    /// <summary>Loads a build once per process.</summary>
    /// <param name="variant">Empty or <c>full</c> for the full core, else the name after <c>libaccel_sim_</c>.</param>
    /// <exception cref="DeviceException">There is no such build; the message says where it was looked for and what makes it.</exception>
    public static SimLibrary Load(string variant)
    {
        string path = Find(variant) ?? throw new DeviceException(
            $"the simulated card is not built: there is no {FileName(variant)} in {string.Join(" or ", Folders())}; `make sim` builds it, ACCEL_SIM_LIBRARY names another place");
        lock (LoadLock)
        {
            if (!Loaded.TryGetValue(path, out SimLibrary? library))
            {
                library = new SimLibrary(path);
                Loaded.Add(path, library);
            }

            return library;
        }
    }

    /// <summary>Where the build lies, or null.</summary>
    public static string? Find(string variant) =>
        Folders().Select(folder => System.IO.Path.Combine(folder, FileName(variant))).FirstOrDefault(File.Exists);

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private static string FileName(string variant) => variant.Length == 0 || variant == "full" ? "libaccel_sim.so" : $"libaccel_sim_{variant}.so";

    /// <summary>The folder of ACCEL_SIM_LIBRARY if that is set; else beside the program and build/sim of the tree around the program or the working directory.</summary>
    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("ACCEL_SIM_LIBRARY") is { Length: > 0 } chosen)
        {
            return [Directory.Exists(chosen) ? chosen : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(chosen))!];
        }

        List<string> folders = [AppContext.BaseDirectory];
        foreach (string start in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() })
        {
            for (DirectoryInfo? directory = new(start); directory is not null; directory = directory.Parent)
            {
                if (File.Exists(System.IO.Path.Combine(directory.FullName, "Accel.sln")))
                {
                    folders.Add(System.IO.Path.Combine(directory.FullName, "build", "sim"));
                    break;
                }
            }
        }

        return folders.Distinct();
    }
}
