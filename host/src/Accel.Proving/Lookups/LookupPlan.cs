namespace Accel.Proving.Lookups;

/// <summary>
/// How ranges are cut into limbs: full limbs of one width, and a rest that has a table of its own where that pays, else is looked up twice, plain and
/// scaled to the full width. A rest of one bit is its own constraint.
/// </summary>
/// <param name="Width">Bits of a full limb; its table has 2^Width rows.</param>
/// <param name="OwnTables">Whether the rests of a width have a table, by width.</param>
/// <param name="LookupConstraints">Constraints of all look-ups, without the tables' rows.</param>
/// <param name="TableConstraints">Constraints of the range tables.</param>
internal sealed record LookupPlan(int Width, bool[] OwnTables, int LookupConstraints, int TableConstraints)
{
    /// <summary>The cheapest plan for what a circuit looks up.</summary>
    public static LookupPlan Cheapest(LookupRequests requests) => Enumerable.Range(1, LookupTables.RowBitsMax)
        .Select(width => OfWidth(width, requests))
        .MinBy(plan => plan.LookupConstraints + plan.TableConstraints)!;

    /// <summary>The cheapest plan with full limbs of a width.</summary>
    public static LookupPlan OfWidth(int width, LookupRequests requests)
    {
        int[] rests = new int[width];
        int full = 0;
        foreach (RangeRequest range in requests.Ranges)
        {
            full += range.Bits / width;
            rests[range.Bits % width]++;
        }

        bool[] own = new bool[width];
        int lookups = full + requests.Rows.Sum(row => row.Table.ColumnCount + 1);
        int tables = RangeTable.ConstraintCount(width);
        for (int rest = 1; rest < width; rest++)
        {
            int doubled = rest == 1 ? rests[rest] : 2 * rests[rest];
            own[rest] = rest > 1 && rests[rest] + RangeTable.ConstraintCount(rest) < doubled;
            lookups += own[rest] ? rests[rest] : doubled;
            tables += own[rest] ? RangeTable.ConstraintCount(rest) : 0;
        }

        return new LookupPlan(width, own, lookups, tables);
    }
}
