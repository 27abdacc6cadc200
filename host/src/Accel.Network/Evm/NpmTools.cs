using System.Runtime.InteropServices;

namespace Accel.Network.Evm;

/// <summary>Finds the tools that <c>npm ci --prefix scripts</c> installs at the versions pinned in <c>scripts/package-lock.json</c>.</summary>
/// <param name="scriptsFolder">The repository's <c>scripts</c> folder.</param>
public sealed class NpmTools(string scriptsFolder)
{
    /// <summary>The repository's <c>scripts</c> folder.</summary>
    public string ScriptsFolder { get; } = scriptsFolder;

    /// <summary>Anvil's platform binary: the wrapper of the same name would leave it running when killed.</summary>
    /// <exception cref="FileNotFoundException">Anvil is not installed for this platform.</exception>
    public string Anvil => Require($"node_modules/@foundry-rs/anvil-{Platform}/bin/anvil{(OperatingSystem.IsWindows() ? ".exe" : string.Empty)}");

    /// <summary>The script that compiles contracts with the pinned solc.</summary>
    /// <exception cref="FileNotFoundException">The script or solc is absent.</exception>
    public string ContractCompiler
    {
        get
        {
            Require("node_modules/solc/package.json");
            return Require("compile-contracts.mjs");
        }
    }

    private static string Platform
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
            return $"{system}-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64")}";
        }
    }

    private string Require(string relativePath)
    {
        string path = Path.Combine(ScriptsFolder, relativePath);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is absent: run 'npm ci --prefix scripts' first", path);
    }
}
