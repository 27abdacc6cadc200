using System.Globalization;

namespace Accel.Compute.Ilgpu.Tests;

/// <summary>Runs the straight-line integer PTX that a field operation is written in, with one carry flag, as the PTX manual defines it.</summary>
internal sealed class PtxMachine
{
    private static readonly char[] Separators = [' ', ',', '{', '}'];

    private readonly Dictionary<string, ulong> _registers = [];
    private uint _carry;

    public ulong this[string register]
    {
        get => _registers[register];
        set => _registers[register] = value;
    }

    public void Run(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            string[] words = line.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
            Execute(words[0], words[1..], line);
        }
    }

    private void Execute(string instruction, string[] operands, string line)
    {
        string[] parts = instruction.Split('.');
        bool setsCarry = parts.Contains("cc");
        uint carryIn = parts[0][^1] == 'c' && parts[0] != "sub" ? _carry : 0;
        switch (parts[0])
        {
            case "mov" when operands.Length == 3 && line.Contains('{') && line.IndexOf('{') < line.IndexOf(','):
                ulong wide = this[operands[2]];
                (this[operands[0]], this[operands[1]]) = ((uint)wide, wide >> 32);
                break;
            case "mov" when operands.Length == 3:
                this[operands[0]] = Value(operands[1]) | ((ulong)Value(operands[2]) << 32);
                break;
            case "mul":
                this[operands[0]] = Half(parts[1], Value(operands[1]), Value(operands[2]));
                break;
            case "mad" or "madc":
                Add(operands[0], Half(parts[1], Value(operands[1]), Value(operands[2])), Value(operands[3]), carryIn, setsCarry);
                break;
            case "add" or "addc":
                Add(operands[0], Value(operands[1]), Value(operands[2]), carryIn, setsCarry);
                break;
            case "sub" or "subc":
                ulong difference = (ulong)Value(operands[1]) - Value(operands[2]) - carryIn;
                this[operands[0]] = (uint)difference;
                _carry = setsCarry ? (uint)(difference >> 63) : _carry;
                break;
            case "and":
                this[operands[0]] = Value(operands[1]) & Value(operands[2]);
                break;
            case "setp" when parts[1] == "ne":
                this[operands[0]] = Value(operands[1]) != Value(operands[2]) ? 1u : 0;
                break;
            case "selp":
                this[operands[0]] = this[operands[3]] != 0 ? Value(operands[1]) : Value(operands[2]);
                break;
            default:
                throw new NotSupportedException($"the instruction '{line}'");
        }
    }

    private static uint Half(string which, uint a, uint b) => which == "lo" ? a * b : (uint)(((ulong)a * b) >> 32);

    private void Add(string target, uint a, uint b, uint carryIn, bool setsCarry)
    {
        ulong sum = (ulong)a + b + carryIn;
        this[target] = (uint)sum;
        _carry = setsCarry ? (uint)(sum >> 32) : _carry;
    }

    private uint Value(string operand) => operand.StartsWith("0x", StringComparison.Ordinal)
        ? uint.Parse(operand[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        : operand == "0" ? 0 : (uint)this[operand];
}
