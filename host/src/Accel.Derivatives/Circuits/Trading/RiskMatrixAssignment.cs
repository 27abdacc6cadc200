using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>Inputs that statements over a risk matrix share.</summary>
internal static class RiskMatrixAssignment
{
    /// <summary>Sets header and opened rows.</summary>
    /// <param name="assignment">The assignment.</param>
    /// <param name="risk">The matrix.</param>
    /// <param name="rows">Indices of the opened rows, ascending by id.</param>
    /// <param name="count">Rows that the circuit opens; those left are unused.</param>
    public static void Set(Assignment assignment, RiskMatrix risk, IReadOnlyList<int> rows, int count)
    {
        assignment.Set(RiskMatrixWires.HeaderName, risk.Header());
        assignment.Set(RiskMatrixWires.TreeRootName, risk.TreeRoot);
        assignment.Set(RiskMatrixWires.RowsName, [.. rows.SelectMany(row => RiskMatrix.Row(risk.Instruments[row])), .. new Fr[(count - rows.Count) * RiskMatrix.RowElements]]);
        assignment.Set(RiskMatrixWires.RowIndicesName, [.. rows.Select(row => (Fr)row), .. new Fr[count - rows.Count]]);
        assignment.Set(
            RiskMatrixWires.RowPathsName,
            [
                .. rows.SelectMany(row => LeafRange.InPairOrder(risk.Path(row), row)),
                .. new Fr[(count - rows.Count) * RiskMatrix.Height * MerkleGadget.SiblingsPerLevel],
            ]);
    }

    /// <summary>A quantity per opened row.</summary>
    public static Fr[] Dense(RiskMatrix risk, IReadOnlyList<int> rows, int count, IReadOnlyList<Position> positions)
    {
        var dense = new Fr[count];
        for (int i = 0; i < rows.Count; i++)
        {
            Fr id = risk.Instruments[rows[i]].Id;
            dense[i] = positions.FirstOrDefault(position => position.InstrumentId == id).Quantity.Value;
        }

        return dense;
    }

    /// <summary>A one at an index, zeros elsewhere.</summary>
    public static Fr[] OneHot(int index, int count)
    {
        var oneHot = new Fr[count];
        oneHot[index] = Fr.One;
        return oneHot;
    }
}
