namespace Accel.Cli;

/// <summary>Names for the nine public inputs of a settlement proof.</summary>
internal readonly struct SettlementInputs(Fr[] values)
{
    public const int Count = 9;

    public Fr OldRoot => values[3];

    public Fr NewRoot => values[4];

    public Fr OracleKeyHash => values[6];

    public Fr ParameterHash => values[7];

    public Fr DiffHash => values[8];
}
