using Accel.Derivatives.Margin.Analytic;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Xunit;

namespace Accel.Derivatives.Tests.Settlement;

public sealed class AccountMarginTests
{
    private static readonly PortfolioMarginRule Rule = new(PortfolioMarginParameters.Published);

    /// <summary>The whole rule with what the statement leaves out taken away.</summary>
    private static readonly PortfolioMarginRule RegularOnly = new(PortfolioMarginParameters.Published with
    {
        Scenarios = [.. PortfolioMarginParameters.Published.Scenarios.Where(s => s.Dampening == 1 && !s.IsSkew)],
        ForwardBasis = PortfolioMarginParameters.Published.ForwardBasis with { Add = 0, TermScale = 0 },
        Contingency = PortfolioMarginParameters.Published.Contingency with { MaintenanceOption = 0, InitialOption = 0 },
    });

    [Fact]
    public void The_statement_is_the_rule_over_the_regular_scenarios()
    {
        MarketSnapshot market = Samples.Market;
        Book book = Samples.Book;
        var calculator = new MarginCalculator(market, book.Instruments, RegularOnly);
        foreach (BookAccount account in book.Accounts)
        {
            AccountMargin margin = calculator.Compute(account);
            // What PortfolioMarginTests allows per contract: 2·10⁻⁶ of forward and strike.
            double tolerance =
                1e-6 + (2e-6 * account.Positions.Sum(p => Math.Abs(p.Quantity.Value) * 1e-4 * (2 * (double)p.Instrument.Strike.ToUsd() + 105_000)));
            Assert.Equal(margin.Rule.Value, (double)margin.Statement!.Value * 1e-8, tolerance);
            Assert.Equal(margin.Rule.MaintenanceMargin, (double)margin.Statement.Maintenance * 1e-8, tolerance);
            Assert.Equal(margin.Rule.InitialMargin, (double)margin.Statement.Initial * 1e-8, tolerance);
        }
    }

    [Fact]
    public void The_whole_rule_asks_for_no_less_than_the_statement()
    {
        var calculator = new MarginCalculator(Samples.Market, Samples.Book.Instruments, Rule);
        Assert.All(Samples.Book.Accounts.Select(calculator.Compute), margin =>
        {
            Assert.True(margin.Rule.InitialMargin <= ((double)margin.Statement!.Initial * 1e-8) + 1);
            Assert.Equal(margin.Rule.InitialMargin, margin.Rule.Contributions.Sum(c => c.Initial), 1e-6);
            Assert.Equal(margin.Account.Positions.Count(p => p.Instrument.Expiry > Samples.Market.Time) + 1, margin.Rule.Contributions.Length);
        });
    }

    [Fact]
    public void A_trade_at_the_mark_keeps_the_value_and_its_reverse_restores_the_account()
    {
        var calculator = new MarginCalculator(Samples.Market, Samples.Book.Instruments, Rule);
        BookAccount account = Samples.Book.Accounts[1];
        Instrument instrument = Samples.Book.Instruments[^1];
        var trade = new MarginTrade(instrument, new PositionQuantity(-25_000), null);
        BookAccount after = calculator.After(account, trade);
        Assert.Equal(calculator.Compute(account).Rule.Value, calculator.Compute(after).Rule.Value, 1e-3);
        Assert.NotEqual(calculator.Compute(account).Rule.InitialMargin, calculator.Compute(after).Rule.InitialMargin, 1.0);
        BookAccount back = calculator.After(after, trade with { Quantity = new PositionQuantity(25_000) });
        Assert.Equal(account.Cash, back.Cash);
        Assert.Equal(account.Positions.ToHashSet(), back.Positions.ToHashSet());
    }

    [Fact]
    public void A_trade_at_a_price_moves_cash_exactly()
    {
        var calculator = new MarginCalculator(Samples.Market, Samples.Book.Instruments, Rule);
        BookAccount account = Samples.Book.Accounts[1];
        BookAccount after = calculator.After(account, MarginTrade.Parse($"{Samples.Book.Instruments[^1]}:-2.5@100.5"));
        Assert.Equal(account.Cash.Value + 25_125_000_000, after.Cash.Value);
    }

    [Fact]
    public void A_perpetual_offsets_the_underlying_held_as_collateral_and_the_statement_says_why_it_is_silent()
    {
        var calculator = new MarginCalculator(Samples.Market, Samples.Book.Instruments, Rule);
        BookAccount empty = Samples.Book.Accounts[0] with { Cash = new CashAmount(0) };
        decimal spot = Samples.Market.Spot.ToUsd();
        BookAccount coins = empty with { Collateral = [new BookCollateral("BTC", 2, null, true, 0, 0)] };
        BookAccount hedged = coins with { Perpetual = new BookPerpetual(-2, spot + 1_000, null) };
        PortfolioMarginResult alone = calculator.Compute(coins).Rule;
        AccountMargin both = calculator.Compute(hedged);

        Assert.Equal((double)(2 * spot), alone.Value, 1e-6);
        Assert.Equal(alone.Value + 2_000, both.Rule.Value, 1e-6);
        Assert.True(alone.Worst < -0.1 * alone.Value);
        Assert.Equal(0, both.Rule.Worst, 1e-6);
        Assert.Equal(-2 * (double)spot * Rule.Parameters.Contingency.MaintenancePerpetual, both.Rule.MaintenanceMargin - both.Rule.Value, 1e-6);
        Assert.Null(both.Statement);
        Assert.Contains("perpetual or collateral", both.StatementRefusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("BTC-26JUN26-100000-C")]
    [InlineData("BTC-26JUN26-100000-C:0")]
    [InlineData("BTC-26JUN26-100000-C:1e3")]
    [InlineData("BTC-26JUN26-100000-C:1@2@3")]
    [InlineData("BTC-26JUN26-100000-C:1@-3")]
    [InlineData("BTC-26JUN26-100000-C:1@99999999")]
    [InlineData("BTC-26JUN26-100000:1")]
    [InlineData("BTC-26JUN26-100000-C:99999999999999999999999999999999999999")]
    public void A_malformed_trade_is_quoted_with_the_form_expected(string text)
    {
        string message = Assert.Throws<FormatException>(() => MarginTrade.Parse(text)).Message;
        Assert.StartsWith($"trade '{text}': ", message, StringComparison.Ordinal);
        Assert.Contains("INSTRUMENT:QUANTITY", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trade_beyond_the_domain_is_refused()
    {
        var calculator = new MarginCalculator(Samples.Market, Samples.Book.Instruments, Rule);
        BookAccount account = Samples.Book.Accounts[1] with { Positions = [] };
        var most = new MarginTrade(Samples.Book.Instruments[^1], new PositionQuantity((1L << PositionQuantity.MagnitudeBits) - 1), null);
        BookAccount full = calculator.After(account, most);
        Assert.Contains(
            "outside their domains", Assert.Throws<SettlementException>(() => calculator.After(full, most)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_that_the_statement_refuses_says_why_and_still_has_the_rules_figures()
    {
        Book book = Samples.Book;
        var calculator = new MarginCalculator(Samples.Market, book.Instruments, Rule);
        Instrument expired =
            book.Instruments.First(i => i.Kind == OptionKind.Call && i.Expiry <= Samples.Market.Time && i.Payoff(Samples.Market.Spot) > 0);
        BookAccount account = book.Accounts[1] with
        {
            Cash = new CashAmount((Int128.One << CashAmount.MagnitudeBits) - 1),
            Positions = [new BookPosition(expired, new PositionQuantity(10_000))],
        };
        AccountMargin margin = calculator.Compute(account);
        Assert.Null(margin.Statement);
        Assert.Contains("would leave ±2^80 units", margin.StatementRefusal, StringComparison.Ordinal);
        Assert.True(double.IsFinite(margin.Rule.InitialMargin));
    }
}
