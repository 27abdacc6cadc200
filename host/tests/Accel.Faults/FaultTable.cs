using System.Text.Json;
using System.Text.Json.Serialization;

namespace Accel.Faults;

/// <summary>The matrix as text, a line a cell as soon as it is there.</summary>
internal sealed class FaultTable
{
    private readonly TextWriter _output;
    private readonly List<FaultCell> _cells = [];

    public FaultTable(TextWriter output)
    {
        _output = output;
        _output.WriteLine($"{"path",-6} {"fault",-12} {"over",-17} {"seeds",6} {"struck",6} {"recovered",9} {"refused",7} {"resent",8} {"lost",5} {"wrong",5} {"hung",5}");
    }

    public static JsonSerializerOptions JsonOptions { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public IReadOnlyList<FaultCell> Cells => _cells;

    public string Summary => $"{_cells.Count} cells, {_cells.Sum(cell => cell.Lost)} lost, {_cells.Sum(cell => cell.Wrong)} wrong, {_cells.Sum(cell => cell.Hung)} hung";

    public void Add(FaultCell cell)
    {
        _cells.Add(cell);
        _output.WriteLine(
            $"{cell.Path,-6} {cell.Fault,-12} {cell.Over,-17} {cell.Seeds,6} {cell.Struck,6} {cell.Recovered,9} {cell.Refused,7} {cell.Resent,8} {cell.Lost,5} {cell.Wrong,5} {cell.Hung,5}");
    }
}
