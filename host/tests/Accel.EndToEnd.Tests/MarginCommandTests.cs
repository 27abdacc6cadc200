using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>The managed build answers `accel margin`.</summary>
public sealed class ManagedMarginCommandTests() : MarginCommandTests(() => AccelProgram.Managed);

/// <summary>The native build answers the same.</summary>
[Trait("speed", "slow")]
public sealed class NativeMarginCommandTests() : MarginCommandTests(() => AccelProgram.Native);

/// <summary>What `accel margin` says, and how it refuses what it cannot read.</summary>
public abstract class MarginCommandTests(Func<AccelProgram> build)
{
    private const string Trade = "BTC-25JUN27-140000-C:-5";

    private static readonly string Market = Sample("market-btc.csv"), Book = Sample("book-btc.json");

    private AccelProgram Accel => build();

    [Fact]
    public async Task Every_accounts_parts_add_up_to_its_margin_and_the_figures_say_what_they_are()
    {
        AccelOutput run = await Accel.RunAsync(0, "margin", "--market", Market, "--book", Book, "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Contains("whole portfolio-margin rule", json.RootElement.GetProperty("basis").GetString(), StringComparison.Ordinal);
        Assert.Contains("Euler", json.RootElement.GetProperty("contributionBasis").GetString(), StringComparison.Ordinal);
        JsonElement[] accounts = [.. json.RootElement.GetProperty("accounts").EnumerateArray()];
        Assert.Equal(12, accounts.Length);
        foreach (JsonElement account in accounts)
        {
            foreach (string figure in new[] { "valueUsd", "initialUsd", "maintenanceUsd", "worstUsd" })
            {
                double sum = account.GetProperty("contributions").EnumerateArray().Sum(c => c.GetProperty(figure).GetDouble());
                Assert.Equal(account.GetProperty(figure).GetDouble(), sum, 1e-6);
            }

            Assert.Equal(31, account.GetProperty("scenarios").GetArrayLength());
            double statement = account.GetProperty("statement").GetProperty("valueUsd").GetDouble();
            Assert.Equal(account.GetProperty("valueUsd").GetDouble(), statement, 1);
        }
    }

    [Fact]
    public async Task A_perpetual_and_collateral_are_counted_by_the_rule_and_refused_by_the_statement()
    {
        string book = Sample("book-collateral.json");
        AccelOutput run = await Accel.RunAsync(0, "margin", "--market", Market, "--book", book, "--account", "1", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement account = json.RootElement.GetProperty("accounts")[0];
        Assert.Equal(["cash", "perpetual", "BTC", "USDT"], account.GetProperty("contributions").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        Assert.Contains("perpetual or collateral", account.GetProperty("statement").GetProperty("refusal").GetString(), StringComparison.Ordinal);
        using TemporaryFolder folder = new();
        AccelOutput settled = await Accel.RunAsync(2, "settle", "--market", Market, "--book", book, "--out", folder["batch"]);
        Assert.Contains("account ash holds a perpetual or collateral", settled.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trade_asked_about_is_shown_before_and_after()
    {
        AccelOutput run = await Accel.RunAsync(
            0, "margin", "--market", Market, "--book", Book, "--account", "3", "--add", Trade, "--add", "BTC-25JUN27-140000-C:5", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement before = Assert.Single(json.RootElement.GetProperty("accounts").EnumerateArray());
        JsonElement[] steps = [.. json.RootElement.GetProperty("whatIf").EnumerateArray().Select(s => s.GetProperty("after"))];
        Assert.Equal(2, steps.Length);
        double initial = before.GetProperty("initialUsd").GetDouble();
        Assert.True(steps[0].GetProperty("initialUsd").GetDouble() < initial - 10_000);
        Assert.Equal(initial, steps[1].GetProperty("initialUsd").GetDouble(), 1e-6);

        AccelOutput tables = await Accel.RunAsync(0, "margin", "--market", Market, "--book", Book, "--account", "3", "--add", Trade);
        Assert.Contains("before", tables.Output, StringComparison.Ordinal);
        Assert.Contains("binds", tables.Output, StringComparison.Ordinal);
        Assert.Contains("statement IM", tables.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_older_rule_and_a_file_of_parameters_are_taken()
    {
        double newer = await InitialAsync("pmrm2"), older = await InitialAsync("pmrm1");
        Assert.NotEqual(newer, older, 1.0);
        using TemporaryFolder folder = new();
        string published = await File.ReadAllTextAsync(
            Path.Combine(OutsideData.RepositoryRoot, "host/src/Accel.Derivatives/Margin/Analytic/Parameters/pmrm2.json"),
                TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["rule.json"], published, TestContext.Current.CancellationToken);
        Assert.Equal(newer, await InitialAsync(folder["rule.json"]), 1e-9);
        await File.WriteAllTextAsync(
            folder["rule.json"], published.Replace("\"DTE_FLOOR\"", "\"DTE_FLOR\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        AccelOutput refused =
            await Accel.RunAsync(2, "margin", "--market", Market, "--book", Book, "--account", "5", "--parameters", folder["rule.json"]);
        Assert.Contains("rule.json: $.VolShock: member 'DTE_FLOR' is unknown", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_is_whole_refers_to_nothing_outside_and_escapes_what_files_say()
    {
        using TemporaryFolder folder = new();
        string book = await File.ReadAllTextAsync(Book, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            folder["book.json"], book.Replace("\"cedar\"", "\"<script>alert('cedar')</script>\"", StringComparison.Ordinal),
                TestContext.Current.CancellationToken);
        await Accel.RunAsync(
            0, "margin", "--market", Market, "--book", folder["book.json"], "--account", "3", "--add", Trade, "--html", folder["page.html"]);
        string page = await File.ReadAllTextAsync(folder["page.html"], TestContext.Current.CancellationToken);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(new Regex("""(src|href)\s*=|url\(|@import|https?://""", RegexOptions.IgnoreCase), page);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);

        // Apart from its doctype and void elements the page is XML, so that a missing end tag shows.
        XElement root = XElement.Parse(Regex.Replace(page.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal), "<meta[^>]*>", ""));
        XElement[] charts = [.. root.Descendants("svg")];
        int cells = charts.Single(c => (string?)c.Attribute("aria-label") == "Profit and loss over spot and volatility").Elements("rect").Count();
        Assert.Equal(21 * 9, cells);
        XElement[] smiles = [.. charts.Where(c => ((string?)c.Attribute("aria-label"))?.StartsWith("Smile of", StringComparison.Ordinal) == true)];
        Assert.Equal(3, smiles.Length);
        Assert.All(smiles, smile => Assert.True(smile.Elements("circle").Count() >= 2 && smile.Elements("polyline").Count() == 1));
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_surface_is_zero_where_nothing_moves()
    {
        using TemporaryFolder folder = new();
        await Accel.RunAsync(0, "margin", "--market", Market, "--book", Book, "--account", "5", "--html", folder["page.html"]);
        string page = await File.ReadAllTextAsync(folder["page.html"], TestContext.Current.CancellationToken);
        Match now = Regex.Match(page, "<title>spot 0 %, volatility ×1: (-?[0-9,.]+) USD</title>");
        Assert.True(now.Success);
        Assert.Equal(0, double.Parse(now.Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture), 1e-9);
    }

    [Theory]
    [InlineData("--add and --html concern one account", "--add", Trade)]
    [InlineData("trade 'BTC-25JUN27-140000-C': expected INSTRUMENT:QUANTITY", "--account", "3", "--add", "BTC-25JUN27-140000-C")]
    [InlineData("is not an option on BTC", "--account", "3", "--add", "ETH-25JUN27-140000-C:1")]
    [InlineData("market-btc.csv does not quote BTC-25JUN27-141000-C", "--account", "3", "--add", "BTC-25JUN27-141000-C:1")]
    [InlineData("has no account at leaf 99", "--account", "99")]
    [InlineData("no-such.json", "--account", "3", "--parameters", "no-such.json")]
    public async Task What_cannot_be_answered_is_refused_with_status_2(string expected, params string[] options)
    {
        AccelOutput refused = await Accel.RunAsync(2, ["margin", "--market", Market, "--book", Book, .. options]);
        Assert.Contains(expected, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_files_are_refused_with_file_and_place()
    {
        using TemporaryFolder folder = new();
        string book = await File.ReadAllTextAsync(Book, TestContext.Current.CancellationToken);
        string market = await File.ReadAllTextAsync(Market, TestContext.Current.CancellationToken);
        int line = market.Split('\n').ToList().FindIndex(l => l.Contains("BTC-25JUN27-140000-C", StringComparison.Ordinal)) + 1;
        (string Name, string Text, string Expected)[] files =
        [
            ("book.json", "{", "book.json: line 1"),
            ("book.json", "[]", "book.json: $: found"),
            ("book.json", new string('[', 100_000), "book.json: line 1"),
            ("book.json", book.Replace("\"quantity\": \"", "\"quantity\": \"x", StringComparison.Ordinal), "quantity: 'x"),
            ("book.json", book.Replace("BTC-25JUN27-140000-C", "BTC-25JUN27-140001-C", StringComparison.Ordinal),
                "does not quote BTC-25JUN27-140001-C"),
            ("market.csv", "", "market.csv"),
            ("market.csv", market.Replace("BTC-25JUN27-140000-C,", "BTC-25JUN27-140000-X,", StringComparison.Ordinal), $"market.csv: line {line}"),
            ("market.csv", market[..(market.Length / 2)], "market.csv: line"),
        ];
        foreach ((string name, string text, string expected) in files)
        {
            await File.WriteAllTextAsync(folder[name], text, TestContext.Current.CancellationToken);
            AccelOutput refused = await Accel.RunAsync(
                2, "margin", "--market", name == "market.csv" ? folder[name] : Market, "--book", name == "book.json" ? folder[name] : Book);
            Assert.Contains(expected, refused.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
        }
    }

    private async Task<double> InitialAsync(string parameters)
    {
        AccelOutput run =
            await Accel.RunAsync(0, "margin", "--market", Market, "--book", Book, "--account", "5", "--parameters", parameters, "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        return json.RootElement.GetProperty("accounts")[0].GetProperty("initialUsd").GetDouble();
    }

    private static string Sample(string name) => Path.Combine(OutsideData.RepositoryRoot, "host", "samples", name);
}
