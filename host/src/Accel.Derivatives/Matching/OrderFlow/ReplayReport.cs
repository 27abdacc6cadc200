namespace Accel.Derivatives.Matching.OrderFlow;

/// <summary>What a replay of recorded order flow found. Counts are of the file's own records.</summary>
public sealed class ReplayReport
{
    internal ReplayReport(string format, MatchingOptions options, long unitsPerContract)
    {
        Format = format;
        Options = options;
        UnitsPerContract = unitsPerContract;
    }

    /// <summary>The file's format.</summary>
    public string Format { get; }

    /// <summary>Bounds of the engine that the flow ran through.</summary>
    public MatchingOptions Options { get; }

    /// <summary>How many of the file's units of quantity stand for one contract: 100 shares, or one coin, 10⁸ units.</summary>
    public long UnitsPerContract { get; }

    /// <summary>Every command that the engine executed, for measurements on a fresh engine.</summary>
    public IReadOnlyList<MatchingCommand> Commands => CommandList;

    /// <summary>Messages read.</summary>
    public long Messages { get; internal set; }

    /// <summary>Commands that told the engine what the file does not contain: orders from before it or from outside its view.</summary>
    public long Corrections { get; internal set; }

    /// <summary>Commands after which the best bid was not below the best ask.</summary>
    public long CrossedStates { get; internal set; }

    /// <summary>Fills that the engine made.</summary>
    public long Fills { get; internal set; }

    /// <summary>Executions that took the order which price-time priority names.</summary>
    public long QueueAgreements { get; internal set; }

    /// <summary>Executions that took another order than the engine did, by cause.</summary>
    public SortedDictionary<string, long> QueueDifferences { get; } = new(StringComparer.Ordinal);

    /// <summary>Trades that the file reports as such, apart from orders.</summary>
    public long Trades { get; internal set; }

    /// <summary>Those of which the engine made a fill of the same price and quantity.</summary>
    public long TradeAgreements { get; internal set; }

    /// <summary>The others, by cause.</summary>
    public SortedDictionary<string, long> TradeDifferences { get; } = new(StringComparer.Ordinal);

    /// <summary>Commands that the engine refused, by reason.</summary>
    public SortedDictionary<string, long> Rejections { get; } = new(StringComparer.Ordinal);

    /// <summary>Top-of-book snapshots that the file has as known answers.</summary>
    public long Snapshots { get; internal set; }

    /// <summary>Snapshots that the engine's book agreed with in prices and quantities on both sides, by how.</summary>
    public SortedDictionary<string, long> Agreements { get; } = new(StringComparer.Ordinal);

    /// <summary>Snapshots that differed, by cause.</summary>
    public SortedDictionary<string, long> Differences { get; } = new(StringComparer.Ordinal);

    internal List<MatchingCommand> CommandList { get; } = [];

    internal static void Count(SortedDictionary<string, long> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
}

/// <summary>Best price and quantity of both sides; zeros where a side is empty.</summary>
internal readonly record struct TopOfBook(long BidPrice, long BidQuantity, long AskPrice, long AskQuantity)
{
    public long Price(BookSide side) => side == BookSide.Bid ? BidPrice : AskPrice;

    public long Quantity(BookSide side) => side == BookSide.Bid ? BidQuantity : AskQuantity;

    public bool AgreesOn(BookSide side, TopOfBook other) => Price(side) == other.Price(side) && Quantity(side) == other.Quantity(side);

    /// <summary>Whether this side's price is worse than another price.</summary>
    public bool IsWorse(BookSide side, long than) => Price(side) != than && OrderBook.Reaches(side, than, Price(side));
}
