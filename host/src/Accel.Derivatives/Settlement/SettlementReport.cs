using System.Globalization;
using System.Numerics;
using Accel.Derivatives.Market;

namespace Accel.Derivatives.Settlement;

/// <summary>A settled batch in readable form: what <c>report.json</c> holds. Amounts are exact decimal strings.</summary>
public sealed record SettlementReport
{
    /// <summary>Shape of the batch.</summary>
    public required string Shape { get; init; }

    /// <summary>Number of the batch.</summary>
    public required ulong BatchNumber { get; init; }

    /// <summary>Ticker of the underlying.</summary>
    public required string Underlying { get; init; }

    /// <summary>Time of the snapshot, ISO 8601 UTC.</summary>
    public required string OracleTime { get; init; }

    /// <summary>Spot in USD.</summary>
    public required string SpotUsd { get; init; }

    /// <summary>Account root before, decimal.</summary>
    public required string OldRoot { get; init; }

    /// <summary>Account root after, decimal.</summary>
    public required string NewRoot { get; init; }

    /// <summary>The nine public fields, decimal, in the circuit's order.</summary>
    public required IReadOnlyList<string> PublicInputs { get; init; }

    /// <summary>Expiries that settled.</summary>
    public required IReadOnlyList<SettledExpiryReport> SettledExpiries { get; init; }

    /// <summary>Accounts of the range.</summary>
    public required IReadOnlyList<AccountReport> Accounts { get; init; }

    /// <summary>The clearing account's cash after the batch, in USD.</summary>
    public required string ClearingCashUsd { get; init; }

    /// <summary>Reports a batch.</summary>
    /// <param name="result">The settled batch.</param>
    /// <param name="names">Display names by leaf; a leaf without one is shown by its index.</param>
    public static SettlementReport Of(SettlementResult result, IReadOnlyDictionary<int, string> names) => new()
    {
        Shape = result.Batch.Shape.Name,
        BatchNumber = result.Batch.BatchNumber,
        Underlying = result.Batch.Snapshot.Snapshot.Underlying,
        OracleTime = Iso(result.Batch.Snapshot.Snapshot.Time),
        SpotUsd = result.Batch.Snapshot.Snapshot.Spot.ToString(),
        OldRoot = result.PublicInputs.OldRoot.ToString(),
        NewRoot = result.PublicInputs.NewRoot.ToString(),
        PublicInputs = [.. result.PublicInputs.ToFields().Select(f => f.ToString())],
        SettledExpiries =
        [
            .. result.Batch.Snapshot.Snapshot.Expiries.Where(e => result.Batch.Snapshot.Snapshot.HasExpired(e.Expiry))
                .Select(e => new SettledExpiryReport(Iso(e.Expiry), e.Settlement.ToString())),
        ],
        Accounts = [.. result.Accounts.Where(a => a.After is not null).Select(a => AccountReport.Of(a, names))],
        ClearingCashUsd = result.ClearingAfter.Cash.ToString(),
    };

    private static string Iso(long time) => DateTimeOffset.FromUnixTimeSeconds(time).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>An expiry that settled in the batch.</summary>
/// <param name="Expiry">ISO 8601 UTC.</param>
/// <param name="SettlementUsd">Settlement price.</param>
public sealed record SettledExpiryReport(string Expiry, string SettlementUsd);

/// <summary>One account of a report. Money in USD; delta in units of the underlying, gamma in delta per one per cent of the forward, vega per volatility point, theta per day.</summary>
public sealed record AccountReport
{
    // A position unit is 10⁻⁴ contract and the pricer's delta 10⁻⁹.
    private const int DeltaDecimals = PositionQuantity.Decimals + 9;

    /// <summary>Leaf index.</summary>
    public required int Leaf { get; init; }

    /// <summary>Display name.</summary>
    public required string Name { get; init; }

    /// <summary>Cash before.</summary>
    public required string CashBeforeUsd { get; init; }

    /// <summary>Cash received from expired positions.</summary>
    public required string ExpiryCashUsd { get; init; }

    /// <summary>Cash after, before any clearing.</summary>
    public required string CashUsd { get; init; }

    /// <summary>Cash and options at the mark.</summary>
    public required string ValueUsd { get; init; }

    /// <summary>Value above maintenance margin; negative below it.</summary>
    public required string MaintenanceUsd { get; init; }

    /// <summary>Value above initial margin.</summary>
    public required string InitialUsd { get; init; }

    /// <summary>The worst scenario's gain.</summary>
    public required string WorstUsd { get; init; }

    /// <summary>Index of the worst scenario.</summary>
    public required int WorstScenario { get; init; }

    /// <summary>Delta.</summary>
    public required string Delta { get; init; }

    /// <summary>Gamma.</summary>
    public required string Gamma { get; init; }

    /// <summary>Vega in USD.</summary>
    public required string VegaUsd { get; init; }

    /// <summary>Theta in USD.</summary>
    public required string ThetaUsd { get; init; }

    /// <summary>Positions left.</summary>
    public required int Positions { get; init; }

    /// <summary>Whether the account is below maintenance.</summary>
    public required bool IsFlagged { get; init; }

    internal static AccountReport Of(AccountSettlement account, IReadOnlyDictionary<int, string> names) => new()
    {
        Leaf = account.Leaf,
        Name = names.TryGetValue(account.Leaf, out string? name) ? name : $"leaf {account.Leaf}",
        CashBeforeUsd = account.Before!.Cash.ToString(),
        ExpiryCashUsd = Usd(account.CashReceived),
        CashUsd = account.After!.Cash.ToString(),
        ValueUsd = Usd(account.Margin.Value),
        MaintenanceUsd = Usd(account.Margin.Maintenance),
        InitialUsd = Usd(account.Margin.Initial),
        WorstUsd = Usd(account.Margin.Worst),
        WorstScenario = account.Margin.WorstScenario,
        Delta = ExactDecimal.Format((Int128)account.Greeks[0], DeltaDecimals),
        Gamma = ExactDecimal.Format((Int128)account.Greeks[1], DeltaDecimals),
        VegaUsd = Usd(account.Greeks[2]),
        ThetaUsd = Usd(account.Greeks[3]),
        Positions = account.After.Positions.Count,
        IsFlagged = account.IsFlagged,
    };

    private static string Usd(BigInteger value) => ExactDecimal.Format((Int128)value, CashAmount.Decimals);

    private static string Usd(Int128 value) => ExactDecimal.Format(value, CashAmount.Decimals);
}
