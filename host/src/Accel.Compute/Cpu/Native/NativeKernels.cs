using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Accel.Compute.Cpu.Native;

/// <summary>A build of <c>Native/ifma.c</c>, whose header <c>Native/ifma.h</c> says what each function does.</summary>
internal sealed unsafe class NativeKernels
{
    /// <summary>The library that a command loads.</summary>
    public const string FileName = "libaccel_ifma.so";

    /// <summary>The environment variable that names a library in another place.</summary>
    public const string Variable = "ACCEL_NATIVE";

    /// <summary>The instructions that the library is made of.</summary>
    public const string Instructions = "AVX-512 IFMA";

    private const ulong Version = 1;
    private const int InstructionsLeaf = 7;
    private const int InstructionsBit = 21;

    private readonly Table* _table;

    private NativeKernels(Table* table) => _table = table;

    /// <summary>The library's functions.</summary>
    public ref readonly Table Functions => ref *_table;

    /// <summary>Whether it uses the instructions; the portable build, which exists to be tested, does not.</summary>
    public bool IsVector => _table->IsVector != 0;

    /// <summary>Loads the library for this processor.</summary>
    /// <param name="missing">What is not there, in words, when the result is null.</param>
    public static NativeKernels? ForProcessor(out string missing)
    {
        // The first check also asks whether the operating system, and the run-time's settings, allow the registers.
        if (!Avx512F.IsSupported || ((X86Base.CpuId(InstructionsLeaf, 0).Ebx >> InstructionsBit) & 1) == 0)
        {
            missing = Instructions;
            return null;
        }

        return Find(AppContext.BaseDirectory, Environment.GetEnvironmentVariable(Variable), out string path, out missing)
            && TryOpen(path, out NativeKernels? kernels, out missing)
            && IsForCommands(kernels, path, out missing)
            ? kernels
            : null;
    }

    /// <summary>Loads a build for tests: any, the portable one too.</summary>
    /// <param name="path">The library's file.</param>
    /// <param name="kernels">The library, unless the result is false.</param>
    /// <param name="missing">What is not there, in words, if so.</param>
    public static bool TryOpen(string path, [NotNullWhen(true)] out NativeKernels? kernels, out string missing)
    {
        kernels = null;
        if (!NativeLibrary.TryLoad(path, out nint library) || !NativeLibrary.TryGetExport(library, "accel_ifma", out nint entry))
        {
            missing = $"a library in {path}";
            return false;
        }

        Table* table = ((delegate* unmanaged<Table*>)entry)();
        if (table->Version != Version)
        {
            missing = $"version {Version} of {FileName} ({path} is version {table->Version}; run `make native`)";
            return false;
        }

        missing = string.Empty;
        kernels = new NativeKernels(table);
        return true;
    }

    /// <summary>Refuses the portable build, which would be slower than what it replaces.</summary>
    public static bool IsForCommands(NativeKernels kernels, string path, out string missing)
    {
        missing = kernels.IsVector ? string.Empty : $"{Instructions} in {path}, the portable build";
        return kernels.IsVector;
    }

    /// <summary>Where the library lies: as <see cref="Variable"/> says, else beside the program, else in build/native of a folder above.</summary>
    /// <param name="program">The program's folder.</param>
    /// <param name="chosen">The variable's value.</param>
    /// <param name="path">The file.</param>
    /// <param name="missing">What is not there, in words, when the result is false.</param>
    public static bool Find(string program, string? chosen, out string path, out string missing)
    {
        if (!string.IsNullOrEmpty(chosen))
        {
            path = Path.GetFullPath(chosen);
            missing = File.Exists(path) ? string.Empty : $"{path}, which {Variable} names";
            return missing.Length == 0;
        }

        List<string> candidates = [Path.Combine(program, FileName)];
        for (DirectoryInfo? folder = new(program); folder is not null; folder = folder.Parent)
        {
            candidates.Add(Path.Combine(folder.FullName, "build", "native", FileName));
        }

        path = candidates.Find(File.Exists) ?? string.Empty;
        missing = path.Length > 0 ? string.Empty : $"{FileName} (run `make native`)";
        return path.Length > 0;
    }

    /// <summary>The library's <c>struct accel_ifma</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct Table
    {
        public readonly ulong Version;
        public readonly ulong IsVector;
        public readonly delegate* unmanaged<uint, ulong> AdderBytes;
        public readonly delegate* unmanaged<PointPair*, uint, void*, void*, uint*, uint> G1Forward;
        public readonly delegate* unmanaged<PointPair*, uint, void*, void*, uint*, uint> G2Forward;
        public readonly delegate* unmanaged<PointPair*, uint, void*, void*, void*, void> G1Backward;
        public readonly delegate* unmanaged<PointPair*, uint, void*, void*, void*, void> G2Backward;
        public readonly delegate* unmanaged<NativeColumnJob*, void> FrColumns;
        public readonly delegate* unmanaged<Fr*, ulong, ulong*, void> FrTwiddles;
        public readonly delegate* unmanaged<uint, void*, void*, ulong, void> FqChain;
        public readonly delegate* unmanaged<uint, void*, void*, ulong, void> FrChain;
    }
}
