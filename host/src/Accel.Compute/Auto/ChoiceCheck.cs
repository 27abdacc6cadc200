namespace Accel.Compute.Auto;

/// <summary>What choices by a calibration cost on a table of fresh measurements.</summary>
/// <param name="Cells">Every operation and size.</param>
public sealed record ChoiceCheck(IReadOnlyList<ChoiceCheck.Cell> Cells)
{
    /// <summary>One operation at one size.</summary>
    /// <param name="Operation">The operation.</param>
    /// <param name="Count">Its size.</param>
    /// <param name="Chosen">The device that the calibration leads to, of those that were measured at this size.</param>
    /// <param name="ChosenMs">What it took.</param>
    /// <param name="Best">The fastest device.</param>
    /// <param name="BestMs">What that took.</param>
    public sealed record Cell(ComputeOperation Operation, long Count, string Chosen, double ChosenMs, string Best, double BestMs);

    /// <summary>Milliseconds of all choices together.</summary>
    public double ChosenMs => Cells.Sum(cell => cell.ChosenMs);

    /// <summary>Milliseconds of the best of each.</summary>
    public double BestMs => Cells.Sum(cell => cell.BestMs);

    /// <summary>How many times the best the choices cost; 1 for an empty table.</summary>
    public double Ratio => Cells.Count == 0 ? 1 : ChosenMs / BestMs;

    /// <summary>Chooses for every cell of a table. Bases count as resident.</summary>
    /// <param name="calibration">What the choices go by.</param>
    /// <param name="fresh">The table, measured apart from it.</param>
    public static ChoiceCheck Compare(Calibration calibration, IReadOnlyList<DeviceCalibration> fresh)
    {
        Dictionary<string, CostModel> models = calibration.Devices.ToDictionary(device => device.Name, device => new CostModel(device.Times));
        List<Cell> cells = [];
        var table = fresh.SelectMany(device => device.Times.Select(time => (device.Name, Time: time))).Where(entry => entry.Time.Operation != ComputeOperation.LoadG1);
        foreach (var cell in table.GroupBy(entry => (entry.Time.Operation, entry.Time.Count)).OrderBy(group => group.Key))
        {
            // One resource, so that nothing is split: the table has whole operations.
            DeviceState[] devices = [.. cell.Select(entry => new DeviceState(entry.Name, models[entry.Name], BackendInfo.HostProcessor))];
            Choice choice = BackendChooser.Choose(cell.Key.Operation, (int)cell.Key.Count, devices);
            (string chosen, OperationTime chosenTime) = cell.First(entry => entry.Name == choice.Shares[0].Device);
            (string best, OperationTime bestTime) = cell.MinBy(entry => entry.Time.MedianMs);
            cells.Add(new Cell(cell.Key.Operation, cell.Key.Count, chosen, chosenTime.MedianMs, best, bestTime.MedianMs));
        }

        return new ChoiceCheck(cells);
    }
}
