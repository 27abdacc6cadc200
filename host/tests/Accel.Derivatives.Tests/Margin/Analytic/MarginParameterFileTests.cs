using System.Text.Json.Nodes;
using Accel.Derivatives.Margin.Analytic;
using Accel.Derivatives.Market;
using Xunit;

namespace Accel.Derivatives.Tests.Margin.Analytic;

public sealed class MarginParameterFileTests
{
    [Fact]
    public void The_built_in_parameters_are_those_of_the_published_vectors()
    {
        PublishedPortfolio plain = PublishedPortfolio.All().Single(p => p.Name.StartsWith("test_19_", StringComparison.Ordinal));
        PortfolioMarginParameters published = PortfolioMarginParameters.Published, read = plain.RuleParameters;
        Assert.Equal(read.Scenarios.Length, published.Scenarios.Length);
        Assert.All(read.Scenarios.Zip(published.Scenarios), pair =>
        {
            Assert.Equal(pair.First.Volatility, pair.Second.Volatility);
            Assert.Equal(pair.First.SpotFactor, pair.Second.SpotFactor, 1e-15);
            Assert.Equal(pair.First.Dampening, pair.Second.Dampening, 1e-15);
        });
        Assert.Equal((read.VolatilityTerm, read.Skew, read.Discount, read.ForwardBasis),
            (published.VolatilityTerm, published.Skew, published.Discount, published.ForwardBasis));
        Assert.Equal(read.Contingency, published.Contingency);
        Assert.Equal((0.8, 1.0, false), (published.MaintenanceFactor, published.InitialFactor, published.FactorsCoverContingencies));
    }

    [Theory]
    [InlineData("{", "line 1, byte")]
    [InlineData("[]", "$: found [] where an object was expected")]
    [InlineData("{\"Scenarios\":[],\"Scenarios\":[]}", "not JSON")]
    [InlineData("{\"Scenarios\":[]}", "$.Scenarios: found [] where at least one scenario was expected")]
    [InlineData("{\"Scenarios\":[{\"SpotShock\":0,\"VolShockDirection\":\"Up\",\"DampeningFactor\":1}]}",
        "$.Scenarios[0].SpotShock: found 0 where a number in")]
    [InlineData("{\"Scenarios\":[{\"SpotShock\":1,\"VolShockDirection\":\"Sideways\",\"DampeningFactor\":1}]}",
        "$.Scenarios[0].VolShockDirection: 'Sideways' is not Up, Down")]
    [InlineData("{\"Scenarios\":[{\"SpotShock\":1,\"VolShockDirection\":\"Up\",\"Dampening\":1}]}", "member 'Dampening' is unknown")]
    [InlineData("{\"Scenarios\":[{\"SpotShock\":1,\"VolShockDirection\":\"LINEAR\",\"DampeningFactor\":1}]}", "member 'Margin' is missing")]
    public void A_hostile_file_is_refused_with_its_place(string json, string expected)
    {
        MarketFormatException error = Assert.Throws<MarketFormatException>(() => MarginParameterFile.Read(json, "rule.json"));
        Assert.StartsWith("rule.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_member_is_needed_and_none_may_be_negative_that_must_not()
    {
        JsonObject whole = JsonNode.Parse(Embedded("pmrm2.json"))!.AsObject();
        foreach (string group in whole.Select(p => p.Key).Where(k => k != "Scenarios").ToArray())
        {
            foreach (string member in whole[group]!.AsObject().Select(p => p.Key).ToArray())
            {
                JsonObject copy = whole.DeepClone().AsObject();
                copy[group]!.AsObject().Remove(member);
                Assert.Contains($"$.{group}: member '{member}' is missing", Refuse(copy), StringComparison.Ordinal);
                copy[group]![member] = -1e9;
                Assert.Contains($"$.{group}.{member}: found", Refuse(copy), StringComparison.Ordinal);
            }
        }

        static string Refuse(JsonObject json) =>
            Assert.Throws<MarketFormatException>(() => MarginParameterFile.Read(json.ToJsonString(), "rule.json")).Message;
    }

    private static string Embedded(string name)
    {
        using Stream stream = typeof(MarginParameterFile).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
