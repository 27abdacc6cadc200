using Xunit;

namespace Accel.Testing;

/// <summary>Finds the outside test data that lives beside the repository, and skips the test that needs it where it is absent.</summary>
public static class OutsideData
{
    /// <summary>The repository's root: the nearest ancestor of the test binary that holds Accel.sln.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Path of a file or folder under <c>../shared/data</c>; skips the calling test when it does not exist.</summary>
    /// <param name="relativePath">Path relative to the data folder, such as <c>crypto_kat/geth_bn256Add.json</c>.</param>
    public static string Path(string relativePath)
    {
        string path = System.IO.Path.GetFullPath(System.IO.Path.Combine(RepositoryRoot, "..", "shared", "data", relativePath));
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"outside data {relativePath} is not beside this checkout");
        return path;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "Accel.sln")))
            {
                return directory.FullName;
            }
        }

        // Test binaries may be built outside the tree (ArtifactsPath), then the working directory is inside it.
        for (DirectoryInfo? directory = new(Directory.GetCurrentDirectory()); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "Accel.sln")))
            {
                return directory.FullName;
            }
        }

        throw new DirectoryNotFoundException("Accel.sln was not found above the test binary or the working directory");
    }
}
