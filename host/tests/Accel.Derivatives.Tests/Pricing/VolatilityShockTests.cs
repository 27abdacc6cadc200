using System.Text.Json;
using Accel.Derivatives.Pricing;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing;

public sealed class VolatilityShockTests
{
    private const double MultiplierUnit = 1.0 / (1 << VolatilityShock.MultiplierBits);

    [Fact]
    public void Multipliers_agree_with_the_published_margin_vectors()
    {
        int compared = 0;
        foreach (string path in Directory.GetFiles(OutsideData.Path("margin/derive_pmrm2"), "*.json"))
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            VolatilityShock rule = Rule(document.RootElement.GetProperty("Parameters").GetProperty("VolShock"));
            JsonElement result = document.RootElement.GetProperty("Result");
            JsonElement options = document.RootElement.GetProperty("Scenario").GetProperty("Options");
            for (int i = 0; i < options.GetArrayLength(); i++)
            {
                (long up, long down) = rule.Multipliers(options[i].GetProperty("Expiry").GetUInt64());
                double expectedUp = Math.Min(result.GetProperty("VolShockUpMultiplier")[i].GetDouble(), VolatilityShock.MultiplierMax * MultiplierUnit);
                Assert.Equal(expectedUp, up * MultiplierUnit, 3e-6);
                Assert.Equal(result.GetProperty("VolShockDownMultiplier")[i].GetDouble(), down * MultiplierUnit, 3e-6);
                compared++;
            }
        }

        Assert.True(compared > 100, $"only {compared} options were compared");
    }

    [Fact]
    public void Scale_is_one_at_thirty_days_and_uses_the_floor_below_it()
    {
        VolatilityShock rule = VolatilityShock.Published;
        Assert.Equal(1L << Exponential.FractionBits, rule.Scale(VolatilityShock.ReferenceSeconds), 8.0);
        Assert.Equal(rule.Scale(rule.FloorSeconds), rule.Scale(0));
        Assert.Equal(rule.Scale(ExpiryRisk.SecondsMax), rule.Scale(ulong.MaxValue));
        Assert.Equal(Math.Pow(30, 0.3), rule.Scale(86_400) / (double)(1L << Exponential.FractionBits), 1e-7);
    }

    private static VolatilityShock Rule(JsonElement parameters)
    {
        uint Ppm(string name) => (uint)Math.Round(parameters.GetProperty(name).GetDouble() * 1e6);
        uint floorSeconds = (uint)(parameters.GetProperty("DTE_FLOOR").GetDouble() * 86_400);
        return new(Ppm("VOLRANGEUP"), Ppm("VOLRANGEDOWN"), Ppm("SHORTTERMPOWER"), Ppm("LONGTERMPOWER"), floorSeconds, Ppm("MIN_VOL_EVAL_SHOCKED"));
    }
}
