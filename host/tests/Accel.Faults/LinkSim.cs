using System.Runtime.InteropServices;
using System.Text;
using Accel.Device;

namespace Accel.Faults;

/// <summary>The card at the end of its link, by <c>sim/cosim/accel_link_sim.h</c>: link_top and a core as RTL, in this thread and in a time of their own.</summary>
internal sealed unsafe class LinkSim : IDisposable
{
    private const uint Abi = 2;
    private const int ErrorBytes = 256;
    private static readonly Lazy<Functions> Library = new(() => new Functions(File));

    private nint _handle;

    /// <summary>A card that has just been powered up.</summary>
    /// <param name="front">Its pins: <c>uart</c>, <c>ft245</c> or <c>ft601</c>.</param>
    /// <param name="core">The library that stands behind the link, such as <c>tiny79</c>.</param>
    /// <param name="seed">Of the noise in which its registers come up, and of the memory's.</param>
    public LinkSim(string front, string core, int seed)
    {
        byte* error = stackalloc byte[ErrorBytes];
        fixed (byte* frontText = Terminated(front), coreText = Terminated(core), options = Terminated($"latency=30,seed={seed}"))
        {
            _handle = Library.Value.Create(frontText, coreText, options, (ulong)seed, error, ErrorBytes);
        }

        if (_handle == 0)
        {
            throw new InvalidOperationException($"{File}: {Marshal.PtrToStringUTF8((nint)error)}");
        }
    }

    /// <summary>Where the library is, or would be.</summary>
    public static string File => Path.Combine(Path.GetDirectoryName(SimLibrary.Find("tiny79")) ?? "build/sim", "libaccel_link_sim.so");

    /// <summary>Whether `make sim-libraries` has been run.</summary>
    public static bool IsBuilt => SimTransport.IsBuilt("tiny79") && System.IO.File.Exists(File);

    public LinkSimStatistics Statistics
    {
        get
        {
            LinkSimStatistics statistics;
            Library.Value.GetStatistics(_handle, &statistics);
            return statistics;
        }
    }

    /// <summary>Puts bytes on the path to the card; returns how many there was room for.</summary>
    public int Push(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return (int)Library.Value.Push(_handle, start, (nuint)bytes.Length);
        }
    }

    /// <summary>Takes bytes that the card has sent; returns how many.</summary>
    public int Take(Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return (int)Library.Value.Take(_handle, start, (nuint)bytes.Length);
        }
    }

    /// <summary>Runs for so many cycles of the link, or until nothing would change; returns how many went by.</summary>
    public long Step(long cycles) => (long)Library.Value.Step(_handle, (ulong)cycles);

    public void Reset(long cycles) => Library.Value.Reset(_handle, (ulong)cycles);

    public void Unplug(bool isUnplugged) => Library.Value.Unplug(_handle, isUnplugged ? 1 : 0);

    /// <summary>Flips one bit of the next read from a range of the card's memory.</summary>
    public void FlipNextRead(DeviceAddress first, DeviceAddress last)
    {
        fixed (byte* kind = "flip\0"u8)
        {
            if (Library.Value.Inject(_handle, kind, 1, first.Bytes, last.Bytes) != 0)
            {
                throw new InvalidOperationException($"{File} refuses a fault");
            }
        }
    }

    public void Dispose()
    {
        if (_handle != 0)
        {
            Library.Value.Destroy(_handle);
            _handle = 0;
        }
    }

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private sealed class Functions
    {
        public readonly delegate* unmanaged<byte*, byte*, byte*, ulong, byte*, nuint, nint> Create;
        public readonly delegate* unmanaged<nint, void> Destroy;
        public readonly delegate* unmanaged<nint, byte*, nuint, nuint> Push;
        public readonly delegate* unmanaged<nint, byte*, nuint, nuint> Take;
        public readonly delegate* unmanaged<nint, ulong, ulong> Step;
        public readonly delegate* unmanaged<nint, ulong, void> Reset;
        public readonly delegate* unmanaged<nint, int, void> Unplug;
        public readonly delegate* unmanaged<nint, byte*, ulong, ulong, ulong, int> Inject;
        public readonly delegate* unmanaged<nint, LinkSimStatistics*, void> GetStatistics;

        public Functions(string file)
        {
            nint library = NativeLibrary.Load(file);
            nint Export(string name) => NativeLibrary.GetExport(library, "accel_link_sim_" + name);
            uint abi = ((delegate* unmanaged<uint>)Export("abi"))();
            if (abi != Abi)
            {
                throw new InvalidOperationException($"{file} has interface version {abi}, but this program knows {Abi}: run `make sim-libraries`");
            }

            Create = (delegate* unmanaged<byte*, byte*, byte*, ulong, byte*, nuint, nint>)Export("create");
            Destroy = (delegate* unmanaged<nint, void>)Export("destroy");
            Push = (delegate* unmanaged<nint, byte*, nuint, nuint>)Export("push");
            Take = (delegate* unmanaged<nint, byte*, nuint, nuint>)Export("take");
            Step = (delegate* unmanaged<nint, ulong, ulong>)Export("step");
            Reset = (delegate* unmanaged<nint, ulong, void>)Export("reset");
            Unplug = (delegate* unmanaged<nint, int, void>)Export("unplug");
            Inject = (delegate* unmanaged<nint, byte*, ulong, ulong, ulong, int>)Export("inject");
            GetStatistics = (delegate* unmanaged<nint, LinkSimStatistics*, void>)Export("get_statistics");
        }
    }
}

/// <summary>accel_link_sim_statistics.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct LinkSimStatistics(
    ulong LinkCycles, ulong CoreCycles, ulong CoreCyclesStepped, ulong BytesToCard, ulong BytesFromCard, ulong FaultsStruck);
