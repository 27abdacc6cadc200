using Accel.Compute.OpenCl;
using Accel.Testing;
using Xunit;

namespace Accel.Compute.Tests;

public class OpenClCacheTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kernels_are_compiled_once()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(2, (await OpenAsync(folder["cache"])).Count(message => message.Contains("is not there yet", StringComparison.Ordinal)));
        Dictionary<string, byte[]> files = Files(folder["cache"]);
        Assert.Equal(2, files.Count);
        Assert.Empty(await OpenAsync(folder["cache"]));
        Assert.Equal(files.Keys.Order(), Files(folder["cache"]).Keys.Order());
    }

    [Theory]
    [InlineData("flip", "is damaged")]
    [InlineData("cut", "is damaged")]
    [InlineData("empty", "is damaged")]
    [InlineData("longer", "is damaged")]
    public async Task A_damaged_file_is_said_for_those_who_look_and_replaced(string damage, string said)
    {
        using TemporaryFolder folder = new();
        await OpenAsync(folder["cache"]);
        Dictionary<string, byte[]> files = Files(folder["cache"]);
        (string path, byte[] whole) = files.First();
        byte[] damaged = damage switch
        {
            "flip" => [.. whole[..^9], (byte)(whole[^9] ^ 4), .. whole[^8..]],
            "cut" => whole[..(whole.Length / 2)],
            "empty" => [],
            _ => [.. whole, 0],
        };
        await File.WriteAllBytesAsync(path, damaged, Cancel);
        string message = Assert.Single(await OpenAsync(folder["cache"]));
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.NotEqual(damaged, await File.ReadAllBytesAsync(path, Cancel));
        Assert.Empty(await OpenAsync(folder["cache"]));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_costs_only_time()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["cache"], "a file where the folder should be", Cancel);
        List<string> messages = await OpenAsync(folder["cache"]);
        Assert.Equal(2, messages.Count(message => message.Contains("can't be written", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Sizes_that_no_measurement_gave_are_measured_again()
    {
        using TemporaryFolder folder = new();
        await OpenAsync(folder["cache"], measure: true);
        string sizes = Assert.Single(Directory.GetFiles(folder["cache"], "*.sizes"));
        byte[] measured = await File.ReadAllBytesAsync(sizes, Cancel);
        Assert.Contains("msm=", System.Text.Encoding.ASCII.GetString(measured), StringComparison.Ordinal);
        new OpenClCache(folder["cache"], _ => { }).Replace(Path.GetFileName(sizes), "msm=0 ntt=9"u8);
        string message = Assert.Single(await OpenAsync(folder["cache"], measure: true));
        Assert.Contains("'msm=0 ntt=9'", message, StringComparison.Ordinal);
        Assert.Empty(await OpenAsync(folder["cache"], measure: true));
    }

    [Fact]
    public async Task A_whole_file_that_is_no_program_is_compiled_anew()
    {
        using TemporaryFolder folder = new();
        await OpenAsync(folder["cache"]);
        string path = Files(folder["cache"]).Keys.First();
        new OpenClCache(folder["cache"], _ => { }).Replace(Path.GetFileName(path), "no program of any device"u8);
        Assert.Contains("is not used", Assert.Single(await OpenAsync(folder["cache"])), StringComparison.Ordinal);
        Assert.Empty(await OpenAsync(folder["cache"]));
    }

    /// <summary>Opens a backend, has it compute something, and gives what it said about its cache.</summary>
    private static async Task<List<string>> OpenAsync(string cache, bool measure = false)
    {
        List<string> messages = [];
        OpenClOptions options = new() { Threads = 1, CacheFolder = cache, Measure = measure, Debug = messages.Add };
        await using OpenClBackend backend = await OpenClBackend.OpenAsync(TestDevice.Find(), options, Cancel);
        Fr[] values = [1, 2];
        await backend.NttAsync(new NttPlan(1, NttDirection.Forward), values, Cancel);
        Assert.Equal([3, -Fr.One], values);
        return messages;
    }

    private static Dictionary<string, byte[]> Files(string folder) => Directory.GetFiles(folder).ToDictionary(path => path, File.ReadAllBytes);
}
