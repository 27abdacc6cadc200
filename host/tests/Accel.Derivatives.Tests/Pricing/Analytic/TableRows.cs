using Accel.Derivatives.Pricing.Analytic;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

/// <summary>The columns that the QuantLib tables share.</summary>
internal static class TableRows
{
    public static bool IsCall(this OutsideTable.Row row) => row.Text("type") is "call" or "C";

    public static double Tolerance(this OutsideTable.Row row) => row.Number("tol");

    public static LognormalMarket Market(this OutsideTable.Row row) => new(row.Number("s"), row.Number("r"), row.Number("q"), row.Number("v"));

    public static EuropeanOption European(this OutsideTable.Row row) => new(row.IsCall(), row.Number("strike"), row.Number("t"));

    public static (BarrierSide Side, BarrierEffect Effect) Barrier(this OutsideTable.Row row, string column) => row.Text(column) switch
    {
        "DownIn" => (BarrierSide.Down, BarrierEffect.In),
        "DownOut" => (BarrierSide.Down, BarrierEffect.Out),
        "UpIn" => (BarrierSide.Up, BarrierEffect.In),
        "UpOut" => (BarrierSide.Up, BarrierEffect.Out),
        string other => throw new InvalidDataException($"barrier type '{other}'"),
    };
}
