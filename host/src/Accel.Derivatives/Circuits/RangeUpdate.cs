using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits;

/// <summary>
/// What statements over a range of leaves share once the leaves are known: the range moves from the old root to one between, the clearing
/// account pays and moves it to the new one, and the words are hashed. Public fields: first leaf, old root, new root, diff hash.
/// </summary>
internal static class RangeUpdate
{
    /// <summary>Defines the leaves and everything after them.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="parts">Counts the parts.</param>
    /// <param name="fields">The public fields.</param>
    /// <param name="height">The range spans 4^height leaves.</param>
    /// <param name="define">Defines the leaves of the range.</param>
    /// <param name="lastWords">Words of the difference after the clearing account's.</param>
    public static void Define(
        CircuitBuilder builder, CircuitParts parts, PublicFields fields, int height, Func<ChangedLeaf[]> define, Linear[] lastWords)
    {
        Bit[] index = LeafRange.Index(builder, fields["first leaf"], height);
        ChangedLeaf[] leaves = parts.Define(builder, "accounts", define);
        Linear between = parts.Define(builder, "range of the tree", () => LeafRange.Update(
            builder, index, [.. leaves.Select(l => l.OldLeaf)], [.. leaves.Select(l => l.NewLeaf)], fields["old root"]));
        Linear clearingWord = parts.Define(builder, "clearing account", () => ClearingWires.Pay(
            builder, Linear.Sum([.. leaves.Select(l => l.CashReceived)]), between, fields["new root"]));
        parts.Define(builder, "difference", () => builder.AssertEqual(
            Sponge.Hash(builder, [.. leaves.Select(l => l.Word), clearingWord, .. lastWords]), fields["diff hash"], "diff hash"));
    }

    public static void Assign(Assignment assignment, ClearedRange range)
    {
        LeafRange.Assign(assignment, range.RangePath);
        ClearingWires.Assign(assignment, range.ClearingBefore, range.ClearingPath);
    }
}
