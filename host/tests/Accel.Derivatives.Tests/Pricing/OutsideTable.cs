using System.Globalization;
using Accel.Testing;

namespace Accel.Derivatives.Tests.Pricing;

/// <summary>A small CSV table of outside vectors: a header line, fields by name, quoted text only where no number is read.</summary>
internal sealed class OutsideTable
{
    private readonly string[] _header;

    private OutsideTable(string[] header, List<Row> rows) => (_header, Rows) = (header, rows);

    public List<Row> Rows { get; }

    public static OutsideTable Read(string relativePath)
    {
        string[] lines = File.ReadAllLines(OutsideData.Path(relativePath));
        OutsideTable table = new(lines[0].Split(','), []);
        table.Rows.AddRange(lines.Skip(1).Select(line => new Row(table, line)));
        return table;
    }

    public sealed class Row(OutsideTable table, string line)
    {
        private readonly string[] _fields = line.Split(',');

        public string Text(string column) => _fields[Array.IndexOf(table._header, column)];

        public double Number(string column) => double.Parse(Text(column), NumberStyles.Float, CultureInfo.InvariantCulture);

        public override string ToString() => line;
    }
}
