using System.Collections.Immutable;
using System.Text.Json;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;

namespace Accel.Derivatives.Margin.Analytic;

/// <summary>
/// Reads the portfolio-margin rule's numbers as JSON, in the form that the published vectors call <c>Parameters</c>. Two members are added,
/// <c>Margin.DISCOUNT_VALUE</c> (true where absent) and <c>Margin.FACTORS_COVER_CONTINGENCIES</c> (false where absent); <c>SkewShock</c>
/// may be absent where no scenario is a skew. Unknown, missing or repeated members are refused.
/// </summary>
public static class MarginParameterFile
{
    private const double FactorMax = 1e6;

    private static readonly JsonDocumentOptions ReadOptions = new() { AllowDuplicateProperties = false };

    private static readonly SkewShock NoSkew = new(0, 0, 0, 0, 1, 0, 0, 0);

    /// <summary>Reads a file.</summary>
    /// <exception cref="MarketFormatException">The file holds no parameters; the message names file, JSON path and what would be right.</exception>
    public static PortfolioMarginParameters ReadFile(string path) => Read(File.ReadAllText(path), Path.GetFileName(path));

    /// <summary>Reads JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Name of the source, for messages.</param>
    /// <exception cref="MarketFormatException">The text holds no parameters.</exception>
    public static PortfolioMarginParameters Read(string json, string source)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, ReadOptions);
            return ReadParameters(new JsonNodeAt(document.RootElement, source, "$"));
        }
        catch (JsonException error)
        {
            throw new MarketFormatException(
                $"{source}: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}: not JSON; expected margin parameters", error);
        }
    }

    internal static PortfolioMarginParameters ReadEmbedded(string name)
    {
        using Stream stream = typeof(MarginParameterFile).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return Read(reader.ReadToEnd(), name);
    }

    private static PortfolioMarginParameters ReadParameters(JsonNodeAt root)
    {
        root.AllowOnly("Scenarios", "SkewShock", "VolShock", "Margin", "BasisContingency", "OtherContingency");
        ImmutableArray<MarginScenario> scenarios = [.. root["Scenarios"].Items().Select(ReadScenario)];
        if (scenarios.IsEmpty)
        {
            throw root["Scenarios"].Fault("at least one scenario");
        }

        JsonNodeAt margin = root["Margin"];
        return new PortfolioMarginParameters(
            scenarios,
            ReadVolatility(root["VolShock"]),
            root.Has("SkewShock") || scenarios.Any(s => s.IsSkew) ? ReadSkew(root["SkewShock"]) : NoSkew,
            ReadDiscount(margin),
            ReadBasis(root["BasisContingency"]),
            ReadContingency(root["OtherContingency"]),
            Factor(margin, "MM_LOSS_FACTOR"),
            Factor(margin, "IM_LOSS_FACTOR"),
            margin.Has("FACTORS_COVER_CONTINGENCIES") && margin["FACTORS_COVER_CONTINGENCIES"].Flag());
    }

    private static MarginScenario ReadScenario(JsonNodeAt node)
    {
        node.AllowOnly("SpotShock", "VolShockDirection", "DampeningFactor");
        VolatilityMove move = node["VolShockDirection"].Parse(text => text switch
        {
            "Up" => VolatilityMove.Up,
            "Down" => VolatilityMove.Down,
            "None" => VolatilityMove.None,
            "LINEAR" => VolatilityMove.LinearSkew,
            "ABS" => VolatilityMove.AbsoluteSkew,
            _ => throw new FormatException($"'{text}' is not Up, Down, None, LINEAR or ABS"),
        });
        return new MarginScenario(node["SpotShock"].Number(1e-6, FactorMax), move, node["DampeningFactor"].Number(0, FactorMax));
    }

    private static VolatilityTermShock ReadVolatility(JsonNodeAt node)
    {
        node.AllowOnly("VOLRANGEUP", "MIN_VOL_EVAL_SHOCKED", "VOLRANGEDOWN", "SHORTTERMPOWER", "LONGTERMPOWER", "DTE_FLOOR");
        return new VolatilityTermShock(
            Factor(node, "VOLRANGEUP"),
            Factor(node, "VOLRANGEDOWN"),
            Factor(node, "MIN_VOL_EVAL_SHOCKED"),
            Factor(node, "SHORTTERMPOWER"),
            Factor(node, "LONGTERMPOWER"),
            node["DTE_FLOOR"].Number(1e-5, FactorMax) * 86_400);
    }

    private static SkewShock ReadSkew(JsonNodeAt node)
    {
        node.AllowOnly(
            "LINEAR_SCALE_CAP", "LINEAR_CBASE", "ABS_SCALE_CAP", "ABS_CBASE", "MIN_K_STAR", "MIN_WIDTH_SCALE", "VOL_PARAM_STATIC", "VOL_PARAM_SCALE");
        return new SkewShock(
            Signed(node, "LINEAR_SCALE_CAP"),
            Signed(node, "LINEAR_CBASE"),
            Signed(node, "ABS_SCALE_CAP"),
            Signed(node, "ABS_CBASE"),
            node["MIN_K_STAR"].Number(1e-9, FactorMax),
            Signed(node, "MIN_WIDTH_SCALE"),
            Signed(node, "VOL_PARAM_STATIC"),
            Signed(node, "VOL_PARAM_SCALE"));
    }

    private static SignDiscount ReadDiscount(JsonNodeAt node)
    {
        node.AllowOnly(
            "MM_LOSS_FACTOR", "IM_LOSS_FACTOR", "SHORT_RATE_MULTSCALE", "LONG_RATE_MULTSCALE", "SHORT_RATE_ADDSCALE", "LONG_RATE_ADDSCALE",
            "BASE_STATIC_DISCOUNT", "BASE_STATIC_DISCOUNT_NEG", "DISCOUNT_VALUE", "FACTORS_COVER_CONTINGENCIES");
        return new SignDiscount(
            Factor(node, "BASE_STATIC_DISCOUNT"),
            Factor(node, "LONG_RATE_MULTSCALE"),
            Factor(node, "LONG_RATE_ADDSCALE"),
            Factor(node, "BASE_STATIC_DISCOUNT_NEG"),
            Factor(node, "SHORT_RATE_MULTSCALE"),
            Factor(node, "SHORT_RATE_ADDSCALE"),
            !node.Has("DISCOUNT_VALUE") || node["DISCOUNT_VALUE"].Flag());
    }

    private static ForwardBasis ReadBasis(JsonNodeAt node)
    {
        node.AllowOnly("SCENARIO_SPOT_UP", "SCENARIO_SPOT_DOWN", "BASIS_CONT_ADD_FACTOR", "BASIS_CONT_MULT_FACTOR");
        return new ForwardBasis(
            node["SCENARIO_SPOT_UP"].Number(1e-6, FactorMax),
            node["SCENARIO_SPOT_DOWN"].Number(1e-6, FactorMax),
            Factor(node, "BASIS_CONT_ADD_FACTOR"),
            Factor(node, "BASIS_CONT_MULT_FACTOR"));
    }

    /// <summary>The initial shares are the <c>_NORMAL</c> members; the other <c>IM</c> members hold their excess over maintenance.</summary>
    private static MarginContingency ReadContingency(JsonNodeAt node)
    {
        node.AllowOnly(
            "PEG_LOSS_THRESHOLD", "PEG_LOSS_FACTOR", "CONF_THRESHOLD", "CONF_MARGIN", "MM_PERP_PERCENT", "IM_PERP_PERCENT", "IM_PERP_PERCENT_NORMAL",
            "MM_OPTION_PERCENT", "IM_OPTION_PERCENT", "IM_OPTION_PERCENT_NORMAL");
        return new MarginContingency(
            Factor(node, "PEG_LOSS_THRESHOLD"),
            Factor(node, "PEG_LOSS_FACTOR"),
            Factor(node, "CONF_THRESHOLD"),
            Factor(node, "CONF_MARGIN"),
            Factor(node, "MM_PERP_PERCENT"),
            Initial(node, "PERP"),
            Factor(node, "MM_OPTION_PERCENT"),
            Initial(node, "OPTION"));
    }

    private static double Initial(JsonNodeAt node, string holding)
    {
        double whole = Factor(node, $"IM_{holding}_PERCENT_NORMAL"),
            sum = Factor(node, $"MM_{holding}_PERCENT") + Factor(node, $"IM_{holding}_PERCENT");
        return Math.Abs(whole - sum) <= 1e-12
            ? whole
            : throw node[$"IM_{holding}_PERCENT_NORMAL"].Fault($"MM_{holding}_PERCENT + IM_{holding}_PERCENT = {sum}");
    }

    private static double Factor(JsonNodeAt node, string name) => node[name].Number(0, FactorMax);

    private static double Signed(JsonNodeAt node, string name) => node[name].Number(-FactorMax, FactorMax);
}
