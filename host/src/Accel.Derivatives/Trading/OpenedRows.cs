using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>Which rows of a risk matrix a batch opens.</summary>
internal static class OpenedRows
{
    /// <summary>The rows of some instruments, ascending by id.</summary>
    /// <exception cref="SettlementException">There are more than the shape opens, or one is not priced or lies in an expiry slot beyond the shape's.</exception>
    public static int[] Of(RiskMatrix risk, int instruments, int expiries, IEnumerable<Fr> ids)
    {
        Fr[] distinct = [.. ids.Distinct().Order(Comparer<Fr>.Create(PositionBlocks.Compare))];
        if (distinct.Length > instruments)
        {
            throw new SettlementException($"the batch needs {distinct.Length} instruments; its shape opens {instruments}");
        }

        int[] rows = [.. distinct.Select(risk.IndexOf)];
        int missing = Array.IndexOf(rows, -1);
        if (missing >= 0)
        {
            throw new SettlementException($"the risk matrix does not price instrument {distinct[missing]}");
        }

        return Array.TrueForAll(rows, row => risk.Instruments[row].HasExpired || risk.Instruments[row].ExpirySlot < expiries)
            ? rows
            : throw new SettlementException($"an instrument lies in an expiry slot beyond the {expiries} of the shape");
    }

    /// <summary>The ids of the rows, zeros where the shape opens more.</summary>
    public static Fr[] Ids(RiskMatrix risk, int[] rows, int instruments) => [.. rows.Select(row => risk.Instruments[row].Id), .. new Fr[instruments - rows.Length]];
}
