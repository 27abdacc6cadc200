using System.Globalization;
using System.Text.Json;
using Accel.Derivatives.Settlement;
using Xunit;

namespace Accel.Derivatives.Tests.Settlement;

public sealed class SettlementReportTests
{
    private static readonly SettlementJob Job = SettlementJob.Prepare(Samples.Market, Samples.Book, Samples.Options);

    [Fact]
    public void The_head_names_the_batch()
    {
        SettlementReport report = Job.Report;
        Assert.Equal(("16x16x8x4", 3UL, "BTC", "2027-03-05T08:00:00Z", "104250.3700"), (report.Shape, report.BatchNumber, report.Underlying, report.OracleTime, report.SpotUsd));
        Assert.Equal((Job.PublicInputs.OldRoot.ToString(), Job.PublicInputs.NewRoot.ToString()), (report.OldRoot, report.NewRoot));
        Assert.Equal("2500000.00000000", report.ClearingCashUsd);
    }

    [Fact]
    public void Amounts_are_the_results_in_their_own_units()
    {
        foreach (AccountReport row in Job.Report.Accounts)
        {
            AccountSettlement account = Job.Result.Accounts[row.Leaf];
            Assert.Equal(Number(row.CashUsd), Number(row.CashBeforeUsd) + Number(row.ExpiryCashUsd));
            Assert.Equal((double)account.Margin.Value / 1e8, (double)Number(row.ValueUsd), 1e-6);
            Assert.Equal((double)account.Margin.Maintenance / 1e8, (double)Number(row.MaintenanceUsd), 1e-6);
            Assert.Equal((double)account.Margin.Initial / 1e8, (double)Number(row.InitialUsd), 1e-6);
            Assert.Equal((double)account.Margin.Worst / 1e8, (double)Number(row.WorstUsd), 1e-6);
            Assert.Equal((double)account.Greeks[0] / 1e13, (double)Number(row.Delta), 1e-9);
            Assert.Equal((double)account.Greeks[1] / 1e13, (double)Number(row.Gamma), 1e-9);
            Assert.Equal((double)account.Greeks[2] / 1e8, (double)Number(row.VegaUsd), 1e-6);
            Assert.Equal((double)account.Greeks[3] / 1e8, (double)Number(row.ThetaUsd), 1e-6);
            Assert.Equal((account.Margin.WorstScenario, account.IsFlagged), (row.WorstScenario, row.IsFlagged));
        }
    }

    [Fact]
    public void A_long_call_has_a_delta_between_zero_and_its_size_and_pays_theta()
    {
        // pine and rowan are flat; elm is short 2.75 calls of 12 March struck at 116,000, and nothing else is left to it.
        AccountReport elm = Job.Report.Accounts.Single(a => a.Name == "elm");
        Assert.InRange(Number(elm.Delta), -2.75m, 0);
        Assert.True(Number(elm.ThetaUsd) > 0 && Number(elm.VegaUsd) < 0 && Number(elm.Gamma) < 0);
        Assert.True(elm.IsFlagged && Number(elm.MaintenanceUsd) < 0);
    }

    [Fact]
    public void A_leaf_without_a_name_is_shown_by_its_index_and_the_report_is_json()
    {
        SettlementReport report = SettlementReport.Of(Job.Result, new Dictionary<int, string>());
        Assert.Equal("leaf 0", report.Accounts[0].Name);
        using JsonDocument json = JsonDocument.Parse(JsonSerializer.Serialize(report));
        Assert.Equal(Job.Report.Accounts.Count, json.RootElement.GetProperty("Accounts").GetArrayLength());
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
