using System.Globalization;
using System.Text.Json.Nodes;
using Accel.Derivatives.Margin.Analytic;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Spectre.Console;

namespace Accel.Cli.Margin;

/// <summary>A trade and the account's margin after it and those before it.</summary>
internal sealed record WhatIfStep(MarginTrade Trade, AccountMargin After);

/// <summary>What <c>accel margin</c> found, as tables or JSON.</summary>
/// <param name="Market">The market.</param>
/// <param name="Rule">Name of the rule's parameters.</param>
/// <param name="Accounts">The accounts as they are.</param>
/// <param name="WhatIf">The only account after each trade asked about.</param>
internal sealed record MarginReport(MarketSnapshot Market, string Rule, IReadOnlyList<AccountMargin> Accounts, IReadOnlyList<WhatIfStep> WhatIf)
{
    /// <summary>What the figures are, for readers of every output.</summary>
    public string Basis =>
        $"the whole portfolio-margin rule ({Rule}), double precision; 'statement' is what a settlement proves: integers, the 23 regular scenarios of the published parameters";

    public const string ContributionBasis =
        "a holding's part is its quantity times the margin's derivative by it (Euler); parts add up to the margin";

    private const double StatementUnit = 1e-8;

    public void Show(IAnsiConsole console)
    {
        console.WriteLine($"{Market.Underlying} at {Time}, spot {Market.Spot} USD");
        console.WriteLine($"Figures: {Basis}.");
        console.Write(Summary());
        foreach (AccountMargin account in Accounts.Where(a => a.StatementRefusal is not null))
        {
            console.WriteLine($"{account.Account.Name}: outside the statement: {account.StatementRefusal}");
        }

        if (WhatIf.Count > 0)
        {
            console.Write(Trades());
        }

        foreach (AccountMargin account in Accounts.Where(a => a.Account.HoldsPositions))
        {
            AccountMargin shown = WhatIf is [.., var last] ? last.After : account;
            console.Write(Parts(shown, WhatIf.Count > 0 ? " after the trades" : string.Empty));
            if (Accounts.Count == 1)
            {
                console.Write(Scenarios(shown));
            }
        }

        console.WriteLine($"Parts: {ContributionBasis}.");
    }

    public JsonObject ToJson() => new()
    {
        ["basis"] = Basis,
        ["contributionBasis"] = ContributionBasis,
        ["rule"] = Rule,
        ["underlying"] = Market.Underlying,
        ["time"] = Time,
        ["spotUsd"] = Market.Spot.ToString(),
        ["accounts"] = new JsonArray([.. Accounts.Select(Json)]),
        ["whatIf"] = new JsonArray([.. WhatIf.Select(step => (JsonNode)new JsonObject
        {
            ["trade"] = step.Trade.ToString(),
            ["after"] = Json(step.After),
        })]),
    };

    private string Time => DateTimeOffset.FromUnixTimeSeconds(Market.Time).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private Table Summary()
    {
        Table table = NewTable(["account"], ["value USD", "IM USD", "MM USD", "statement IM", "statement MM"], ["binds"]);
        foreach (AccountMargin account in Accounts)
        {
            AddRow(table, $"{account.Account.Leaf} {account.Account.Name}", account);
        }

        return table;
    }

    private Table Trades()
    {
        Table table = NewTable(["what if"], ["value USD", "IM USD", "MM USD", "statement IM", "statement MM"], ["binds"]);
        AddRow(table, "before", Accounts[0]);
        foreach (WhatIfStep step in WhatIf)
        {
            AddRow(table, $"{(step == WhatIf[0] ? "after" : "then")} {step.Trade}", step.After);
        }

        return table;
    }

    private static void AddRow(Table table, string name, AccountMargin margin) => table.AddRow(
        Markup.Escape(name),
        Money(margin.Rule.Value),
        Money(margin.Rule.InitialMargin),
        Money(margin.Rule.MaintenanceMargin),
        margin.Statement is { } statement ? Money((double)statement.Initial * StatementUnit) : "refused",
        margin.Statement is { } same ? Money((double)same.Maintenance * StatementUnit) : "refused",
        Markup.Escape($"{margin.Rule.BindingName} ({Money(margin.Rule.Worst)})"));

    private static Table Parts(AccountMargin margin, string when)
    {
        Table table = NewTable([$"{margin.Account.Name}{when}"], ["quantity", "value USD", "part of worst", "part of IM", "part of MM"], []);
        foreach (MarginContribution part in margin.Rule.Contributions)
        {
            table.AddRow(
                Markup.Escape(part.Name), part.Quantity.ToString("N4", CultureInfo.InvariantCulture), Money(part.Value), Money(part.Worst),
                Money(part.Initial), Money(part.Maintenance));
        }

        return table.AddRow("sum", string.Empty, Money(margin.Rule.Value), Money(margin.Rule.Worst), Money(margin.Rule.InitialMargin),
            Money(margin.Rule.MaintenanceMargin));
    }

    private static Table Scenarios(AccountMargin margin)
    {
        Table table = NewTable(["scenario"], ["gain USD"], [string.Empty]);
        foreach (ScenarioGain gain in margin.Rule.Scenarios)
        {
            table.AddRow(Markup.Escape(gain.Scenario.ToString()), Money(gain.Gain), gain == margin.Rule.Binding ? "binds" : string.Empty);
        }

        return table.AddRow("forward contingency", Money(margin.Rule.ForwardContingency), margin.Rule.Binding is null ? "binds" : string.Empty);
    }

    private static Table NewTable(string[] left, string[] right, string[] after)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in left)
        {
            table.AddColumn(Markup.Escape(column));
        }

        foreach (string column in right)
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (string column in after)
        {
            table.AddColumn(column);
        }

        return table;
    }

    private static JsonNode Json(AccountMargin margin) => new JsonObject
    {
        ["leaf"] = margin.Account.Leaf,
        ["name"] = margin.Account.Name,
        ["valueUsd"] = margin.Rule.Value,
        ["initialUsd"] = margin.Rule.InitialMargin,
        ["maintenanceUsd"] = margin.Rule.MaintenanceMargin,
        ["worstUsd"] = margin.Rule.Worst,
        ["binding"] = margin.Rule.BindingName,
        ["forwardContingencyUsd"] = margin.Rule.ForwardContingency,
        ["optionContingencyUsd"] = new JsonObject { ["initial"] = margin.Rule.Initial.Option, ["maintenance"] = margin.Rule.Maintenance.Option },
        ["statement"] = margin.Statement is { } statement
            ? new JsonObject
            {
                ["valueUsd"] = (double)statement.Value * StatementUnit,
                ["initialUsd"] = (double)statement.Initial * StatementUnit,
                ["maintenanceUsd"] = (double)statement.Maintenance * StatementUnit,
                ["worstUsd"] = (double)statement.Worst * StatementUnit,
                ["worstScenario"] = statement.WorstScenario,
            }
            : new JsonObject { ["refusal"] = margin.StatementRefusal },
        ["scenarios"] = new JsonArray([.. margin.Rule.Scenarios.Select(s => (JsonNode)new JsonObject
        {
            ["spotFactor"] = s.Scenario.EffectiveSpotFactor,
            ["volatility"] = s.Scenario.Volatility.ToString(),
            ["dampening"] = s.Scenario.Dampening,
            ["gainUsd"] = s.Gain,
        })]),
        ["contributions"] = new JsonArray([.. margin.Rule.Contributions.Select(c => (JsonNode)new JsonObject
        {
            ["name"] = c.Name,
            ["quantity"] = c.Quantity,
            ["valueUsd"] = c.Value,
            ["worstUsd"] = c.Worst,
            ["initialUsd"] = c.Initial,
            ["maintenanceUsd"] = c.Maintenance,
        })]),
    };

    /// <summary>For the eye; JSON has every digit.</summary>
    internal static string Money(double usd) => usd.ToString("N2", CultureInfo.InvariantCulture);
}
