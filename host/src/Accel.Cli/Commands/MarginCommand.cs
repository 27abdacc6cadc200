using System.CommandLine;
using Accel.Cli.Margin;
using Accel.Derivatives.Margin.Analytic;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel margin</c>: what an account's margin is, what binds, and what a trade would do to it.</summary>
internal static class MarginCommand
{
    private const string NewRule = "pmrm2", OlderRule = "pmrm1";

    public static Command Create()
    {
        Option<string> market = new("--market") { Description = "Market snapshot, CSV in Deribit's columns, plain or .gz.", Required = true };
        Option<string> book = new("--book") { Description = "Accounts, cash and positions, JSON.", Required = true };
        Option<string[]> add = new("--add")
        {
            Description = "Trade to ask about, INSTRUMENT:QUANTITY or INSTRUMENT:QUANTITY@PRICE with the price in USD (the mark by default): margin is shown before and after it. May be repeated; trades accumulate.",
            DefaultValueFactory = _ => [],
        };
        Option<int?> account = new("--account") { Description = "Leaf of one account; by default every account, or the only one with positions." };
        Option<string> parameters = new("--parameters")
        {
            Description = $"The rule's numbers: {NewRule}, {OlderRule} (the older ±15 % grid), or a JSON file in the form of the published vectors' Parameters.",
            DefaultValueFactory = _ => NewRule,
        };
        Option<string?> html = new("--html") { Description = "Write one self-contained page: profit and loss over spot and volatility, the scenarios, and the volatility smiles with the fitted surface." };
        Option<bool> json = CommonOptions.Json();
        Command command = new(
            "margin",
            "Margin of a book's accounts: value, initial and maintenance margin, the scenario that binds, and each holding's part. The figures are the whole "
            + "portfolio-margin rule's, in double precision; beside them stand those of the settlement statement that is proved, integers over the 23 regular scenarios.")
        {
            market, book, add, account, parameters, html, json,
        };
        command.SetAction(parsed => Run(
            new Request(
                parsed.GetRequiredValue(market),
                parsed.GetRequiredValue(book),
                [.. parsed.GetRequiredValue(add).Select(MarginTrade.Parse)],
                parsed.GetValue(account),
                parsed.GetRequiredValue(parameters),
                parsed.GetValue(html)),
            new Reporter(parsed.GetValue(json))));
        return command;
    }

    private static int Run(Request request, Reporter reporter)
    {
        PortfolioMarginRule rule = new(ReadParameters(request.Parameters));
        Book book = BookFile.ReadFile(request.Book);
        MarketSnapshot market = DeribitSnapshotReader.ReadFile(request.Market, book.Underlying);
        BookAccount[] accounts = Choose(book, request);
        CheckUnderlying(book, request.Trades);
        MarginCalculator calculator = new(market, [.. book.Instruments, .. request.Trades.Select(t => t.Instrument)], rule);
        MarginReport report = new(
            market,
            request.Parameters,
            [.. accounts.Select(calculator.Compute)],
            accounts is [BookAccount one] ? Steps(calculator, one, request.Trades) : []);
        if (request.Html is { } path)
        {
            OutputFile.WriteText(path, MarginPage.Render(report, report.WhatIf is [.., var last] ? last.After : report.Accounts[0], rule));
        }

        reporter.Result(report.ToJson(), () =>
        {
            report.Show(Reporter.Console);
            if (request.Html is { } written)
            {
                Reporter.Console.WriteLine($"written to {written}");
            }
        });
        return ExitStatus.Done;
    }

    private static PortfolioMarginParameters ReadParameters(string parameters) => parameters switch
    {
        NewRule => PortfolioMarginParameters.Published,
        OlderRule => PortfolioMarginParameters.PublishedGrid,
        _ => MarginParameterFile.ReadFile(parameters),
    };

    /// <summary>The accounts to show: one where it is named or the only one with positions, else all.</summary>
    private static BookAccount[] Choose(Book book, Request request)
    {
        if (request.Leaf is { } leaf)
        {
            return book.Accounts.FirstOrDefault(a => a.Leaf == leaf) is { } named
                ? [named]
                : throw new ArgumentException(
                    $"--account: {request.Book} has no account at leaf {leaf}; it has {string.Join(", ", book.Accounts.Select(a => a.Leaf))}");
        }

        BookAccount[] trading = [.. book.Accounts.Where(a => a.HoldsPositions)];
        return trading.Length == 1
            ? trading
            : request.Trades.Count == 0 && request.Html is null
                ? [.. book.Accounts]
                : throw new ArgumentException(
                    $"--add and --html concern one account and {request.Book} has {trading.Length} with positions: name one by --account LEAF");
    }

    private static void CheckUnderlying(Book book, IReadOnlyList<MarginTrade> trades)
    {
        foreach (MarginTrade trade in trades.Where(t => t.Instrument.Underlying != book.Underlying))
        {
            throw new ArgumentException($"--add: {trade.Instrument} is not an option on {book.Underlying}");
        }
    }

    private static List<WhatIfStep> Steps(MarginCalculator calculator, BookAccount account, IReadOnlyList<MarginTrade> trades)
    {
        var steps = new List<WhatIfStep>();
        foreach (MarginTrade trade in trades)
        {
            account = calculator.After(account, trade);
            steps.Add(new WhatIfStep(trade, calculator.Compute(account)));
        }

        return steps;
    }

    private sealed record Request(string Market, string Book, IReadOnlyList<MarginTrade> Trades, int? Leaf, string Parameters, string? Html);
}
