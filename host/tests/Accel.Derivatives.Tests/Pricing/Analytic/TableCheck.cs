using Xunit;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

/// <summary>Compares values with an outside table row by row, and says how many rows there were and how far the worst lay.</summary>
internal static class TableCheck
{
    public static void Agree(
        string path, Func<OutsideTable.Row, double> value, Func<OutsideTable.Row, double> tolerance, Func<OutsideTable.Row, bool>? covers = null)
    {
        Agree(path, row => row.Number("result"), value, tolerance, covers);
    }

    public static void Agree(
        string path,
        Func<OutsideTable.Row, double> expected,
        Func<OutsideTable.Row, double> value,
        Func<OutsideTable.Row, double> tolerance,
        Func<OutsideTable.Row, bool>? covers = null)
    {
        List<OutsideTable.Row> rows = [.. OutsideTable.Read("pricing_kat/" + path).Rows.Where(covers ?? (_ => true))];
        Assert.NotEmpty(rows);
        double worst = 0;
        foreach (OutsideTable.Row row in rows)
        {
            double actual = value(row);
            double difference = Math.Abs(actual - expected(row));
            Assert.True(difference <= tolerance(row), $"{path}: {actual} differs by {difference:E2}, more than {tolerance(row):E1}: {row}");
            worst = Math.Max(worst, difference);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{path}: {rows.Count} rows, largest difference {worst:E2}");
    }
}
