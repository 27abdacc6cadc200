using System.Text.Json.Nodes;
using Accel.Cli.Configuration;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>What a configuration file may be, and what is said of one that is wrong.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder["accel.toml"];

    [Fact]
    public void Every_key_is_read_in_each_way_that_TOML_writes_it()
    {
        Settings settings = Load(
            """
            backend = "sim:stalls=3"   # a comment
            threads = 0x10
            json = true
            folders.cache = 'cache'
            folders.calibration = "/var/accel"
            card.celsius_max = 80
            pcie = { user = "/dev/other", "h2c" = ["/dev/a",
              'b', ] }
            [serial]
            baud = 921_600
            """);
        Assert.Equal(("sim:stalls=3", 16, true), (settings.Backend, settings.Threads!.Value, settings.Json));
        Assert.Equal((_folder["cache"], "/var/accel"), (settings.CacheFolder, settings.CalibrationFolder));
        Assert.Equal(80, settings.CardCelsiusMax);
        Assert.Equal($"0,user=/dev/other,h2c=/dev/a,h2c={_folder["b"]}", settings.PcieOptions(string.Empty));
        Assert.Equal("0,user=/x,h2c=/dev/a,h2c=" + _folder["b"], settings.PcieOptions("0,user=/x"));
        Assert.Equal(("1", "/dev/shm/card"), (settings.PcieOptions("1"), settings.PcieOptions("/dev/shm/card")));
        Assert.Equal(("/dev/ttyUSB0@921600", "/dev/ttyUSB0@9600"), (settings.SerialOptions("/dev/ttyUSB0"), settings.SerialOptions("/dev/ttyUSB0@9600")));
        Assert.Equal($"{File}:2:1", settings[ConfigurationKeys.Threads].Origin);
    }

    [Theory]
    [InlineData("backnd = 'cpu'", 1, 1, "there is no key 'backnd'; did you mean 'backend'?")]
    [InlineData("\n  baud = 9600", 2, 3, "there is no key 'baud'; did you mean 'serial.baud'?")]
    [InlineData("[pcie]\nh2x = ['a']", 2, 1, "there is no key 'pcie.h2x'; did you mean 'pcie.h2c'?")]
    [InlineData("[pci]\nuser = 'a'", 1, 2, "there is no table 'pci'; did you mean 'pcie'?")]
    [InlineData("colour = 1", 1, 1, "there is no key 'colour'; there is: backend, threads")]
    [InlineData("\"\\u001b[2J\" = 1", 1, 1, "there is no key '\ufffd[2J'; there is: backend")]
    [InlineData("threads = 'four'", 1, 11, "threads: expected an integer from 1 to 4096, found a text")]
    [InlineData("threads = 0", 1, 11, "threads: 0 is not an integer from 1 to 4096")]
    [InlineData("threads = 1.5", 1, 11, "threads: expected an integer from 1 to 4096, found a number with a fraction")]
    [InlineData("threads = 99999999999999999999", 1, 11, "Unable to parse integer")]
    [InlineData("json = 'true'", 1, 8, "json: expected true or false, found a text")]
    [InlineData("backend = 1979-05-27", 1, 11, "backend: expected a text in quotes, found a date or time")]
    [InlineData("backend = ''", 1, 11, "backend: expected a text in quotes, found an empty text")]
    [InlineData("backend = { name = 'cpu' }", 1, 11, "backend: expected a text in quotes, found a table")]
    [InlineData("[pcie]\nh2c = '/dev/a'", 2, 7, "pcie.h2c: expected a list of paths, [\"…\", \"…\"], found a text")]
    [InlineData("[pcie]\nh2c = ['/dev/a', 3]", 2, 7, "pcie.h2c: expected a list of paths, [\"…\", \"…\"], found an integer")]
    [InlineData("[pcie]\nh2c = []", 2, 7, "pcie.h2c: expected a list of paths, [\"…\", \"…\"], found an empty list")]
    [InlineData("folders.cache = \"a\\u0000b\"", 1, 17, "folders.cache: a path has no character 0")]
    [InlineData("[[pcie]]\nuser = 'a'", 1, 3, "'pcie' is a list of tables")]
    [InlineData("threads = 1\nthreads = 2", 2, 1, "already defined")]
    [InlineData("threads = ", 1, 11, "expecting a value")]
    [InlineData("= 3", 1, 1, "Unexpected token")]
    public void A_fault_is_named_with_its_line_its_column_and_what_would_be_right(string text, int line, int column, string expected)
    {
        System.IO.File.WriteAllText(File, text + "\n");
        ConfigurationFault fault = ConfigurationFile.Read(File).Faults[0];
        Assert.Contains(expected, fault.Text, StringComparison.Ordinal);
        Assert.Equal((File, line, column), (fault.File, fault.Line, fault.Column));
        Assert.StartsWith($"{File}:{line}:{column}: ", Assert.Throws<InvalidDataException>(() => ConfigurationFile.Read(File).Require()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_of_a_file_is_listed()
    {
        System.IO.File.WriteAllText(File, "backnd = 1\nthreads = 0\njson = 3\n[folders]\ncach = 'a'\n");
        Assert.Equal([1, 2, 3, 5], ConfigurationFile.Read(File).Faults.Select(fault => fault.Line));
    }

    [Theory]
    [InlineData("[", 60_000, "depth")]
    [InlineData("{a=", 10_000, "depth")]
    [InlineData("#", 70_000, "larger than 65,536 bytes")]
    public void A_hostile_file_is_refused_whole(string piece, int count, string expected)
    {
        System.IO.File.WriteAllText(File, "backend = " + string.Concat(Enumerable.Repeat(piece, count)));
        Assert.Contains(expected, Assert.Single(ConfigurationFile.Read(File).Faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_text_is_refused_with_the_byte()
    {
        System.IO.File.WriteAllBytes(File, [.. "json = true #"u8, 0xff]);
        Assert.Contains("byte 13 is no UTF-8", Assert.Single(ConfigurationFile.Read(File).Faults).Text, StringComparison.Ordinal);
        Assert.Contains("folder", Assert.Single(ConfigurationFile.Read(_folder["."]).Faults).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_beats_the_file_and_says_so()
    {
        Settings settings = Load("threads = 3\nbackend = 'sim'", ("ACCEL_THREADS", "7"), ("ACCEL_PCIE_H2C", "/a:/b"));
        Assert.Equal((7, "ACCEL_THREADS"), (settings.Threads, settings[ConfigurationKeys.Threads].Origin));
        Assert.Equal(("sim", $" (from {File}:2:1)"), (settings.Backend, settings.OriginOf(ConfigurationKeys.Backend)));
        Assert.Equal(["/a", "/b"], (string[])settings[ConfigurationKeys.PcieToCard].Value!);
        Assert.Equal((Setting.Unset, string.Empty), (settings[ConfigurationKeys.Json].Origin, settings.OriginOf(ConfigurationKeys.Json)));
        InvalidDataException wrong = Assert.Throws<InvalidDataException>(() => Load("", ("ACCEL_THREADS", "many")));
        Assert.Equal("ACCEL_THREADS (which sets threads): 'many' is not an integer from 1 to 4096", wrong.Message);
    }

    [Fact]
    public void The_file_is_looked_for_where_the_help_says()
    {
        string user = Directory.CreateDirectory(_folder["user/accel"]).FullName;
        System.IO.File.WriteAllText(Path.Combine(user, "accel.toml"), "");
        System.IO.File.WriteAllText(_folder["named.toml"], "");
        System.IO.File.WriteAllText(_folder["variable.toml"], "");
        string? Environment(string variable) => variable switch { "ACCEL_CONFIG" => _folder["variable.toml"], "XDG_CONFIG_HOME" => _folder["user"], _ => null };
        Assert.Equal(_folder["named.toml"], Settings.FindFile(_folder["named.toml"], Environment));
        Assert.Equal(_folder["variable.toml"], Settings.FindFile(null, Environment));
        Assert.Equal(Path.Combine(user, "accel.toml"), Settings.FindFile(null, variable => variable == "ACCEL_CONFIG" ? null : Environment(variable)));
        Assert.Throws<FileNotFoundException>(() => Settings.FindFile(_folder["absent.toml"], Environment));
        Assert.Throws<FileNotFoundException>(() => Settings.FindFile(null, variable => variable == "ACCEL_CONFIG" ? _folder["absent.toml"] : null));
    }

    [Fact]
    public void The_schema_has_every_key_and_no_other()
    {
        JsonObject schema = ConfigurationKeys.Schema();
        foreach (ConfigurationKey key in ConfigurationKeys.All)
        {
            JsonNode at = schema;
            foreach (string part in key.Name.Split('.'))
            {
                Assert.False((bool)at["additionalProperties"]!);
                at = at["properties"]![part]!;
            }

            Assert.Equal(key.Text, (string?)at["description"]);
        }

        Assert.Equal(ConfigurationKeys.All.Select(key => key.Name.Split('.')[0]).Distinct(), schema["properties"]!.AsObject().Select(property => property.Key));
    }

    public void Dispose() => _folder.Dispose();

    private Settings Load(string text, params (string Name, string Value)[] environment)
    {
        System.IO.File.WriteAllText(File, text);
        return Settings.Load(File, variable => environment.FirstOrDefault(pair => pair.Name == variable).Value);
    }
}
