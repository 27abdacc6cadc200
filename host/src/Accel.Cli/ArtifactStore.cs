using Accel.Cli.Configuration;
using Accel.Proving.Formats;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;

namespace Accel.Cli;

/// <summary>
/// Compiled circuits and development keys, kept between runs under one folder: <c>circuits/</c> by name and program version,
/// <c>keys/</c> by circuit digest, so that a changed circuit can never meet an old key.
/// </summary>
internal sealed class ArtifactStore(string folder)
{
    /// <summary>The configured folder, else one in the user's cache folder.</summary>
    public static string DefaultFolder => Settings.Current.CacheFolder;

    /// <summary>The compiled circuit, from the store or by running its definition.</summary>
    public Task<CompiledCircuit> CircuitAsync(ICircuit circuit, HintSet hints, Reporter reporter)
    {
        string path = Path.Combine(folder, "circuits", $"{FileNameOf(circuit.Name)}-{VersionOf(circuit)}.circuit");
        return reporter.StepAsync($"circuit {circuit.Name}", _ => Task.Run(() =>
        {
            if (TryLoad(path, hints) is { } stored)
            {
                return stored;
            }

            CompiledCircuit compiled = CompiledCircuit.Compile(circuit);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            compiled.Save(path);
            return compiled;
        }));
    }

    /// <summary>The development key of a circuit, from the store or by a one-party set-up.</summary>
    public async Task<ProvingKey> KeyAsync(CompiledCircuit circuit, int threads, Reporter reporter, CancellationToken cancel)
    {
        string path = Path.Combine(folder, "keys", $"{circuit.Digest}.zkey");
        if (!File.Exists(path))
        {
            await reporter.StepAsync("one-party set-up (once per circuit)", async progress =>
            {
                using ProvingKey made = await Groth16Setup.CreateDevelopmentKeyAsync(circuit, threads, Commands.SetupCommand.Describe(progress), cancel);
                OutputFile.Write(path, stream => ZkeyFile.Write(stream, made));
                return path;
            });
        }

        return await reporter.StepAsync("proving key", _ => Task.Run(() => ZkeyFile.Read(path), cancel));
    }

    private static CompiledCircuit? TryLoad(string path, HintSet hints)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return CompiledCircuit.Load(path, hints);
        }
        catch (InvalidDataException exception)
        {
            Reporter.Warn($"{exception.Message}; compiling it anew");
            return null;
        }
    }

    /// <summary>Identity of the code that the definition runs: the circuit's own assembly and the gadgets'.</summary>
    private static string VersionOf(ICircuit circuit) =>
        $"{circuit.GetType().Module.ModuleVersionId:N}"[..12] + $"{typeof(CompiledCircuit).Module.ModuleVersionId:N}"[..12];

    private static string FileNameOf(string name) => string.Concat(name.Select(c => char.IsLetterOrDigit(c) ? c : '-'));
}
