namespace Accel.Testing;

/// <summary>A folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("accel-test-");

    /// <summary>Path of a file in the folder.</summary>
    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <inheritdoc />
    public void Dispose() => _folder.Delete(recursive: true);
}
