using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Proving.Tests.Solver;

/// <summary>A satisfiable circuit drawn from a seed: products, sums, long combinations, range checks, comparisons and template instances over one another.</summary>
internal sealed class RandomCircuit(int seed, int steps) : ICircuit
{
    public const int InputCount = 8;

    private readonly Random _random = new(seed);

    public string Name => $"RandomCircuit(seed {seed}, {steps} steps)";

    public static Fr[] Inputs(int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, InputCount).Select(_ => (Fr)random.Next())];
    }

    public void Define(CircuitBuilder builder)
    {
        List<Linear> values = [.. builder.SecretInputs("x", InputCount)];
        List<Integer> small = [.. values.Select(value => builder.ToUnsigned(value, 31))];
        for (int i = 0; i < steps; i++)
        {
            using ScopeHandle scope = builder.Scope($"step[{i % 16}]");
            switch (_random.Next(7))
            {
                case 0:
                    values.Add(builder.Multiply(Combine(values), Combine(values)));
                    break;
                case 1:
                    values.Add(builder.MultiplyAdd(Combine(values), Pick(values), Combine(values)));
                    break;
                case 2:
                    values.Add(Combine(values));
                    break;
                case 3:
                    values.Add(PoseidonGadget.Hash(builder, Pick(values), Pick(values)));
                    break;
                case 4:
                    small.Add(builder.FloorShift(builder.Multiply(Pick(small), Pick(small)), 31));
                    break;
                case 5:
                    values.Add(builder.Select(builder.IsLess(Pick(small), Pick(small)), Pick(values), Pick(values)));
                    break;
                default:
                    values.Add(builder.IsZero(Pick(values)));
                    break;
            }
        }
    }

    private Linear Combine(List<Linear> values)
    {
        LinearAccumulator sum = new();
        for (int i = _random.Next(1, 30); i > 0; i--)
        {
            sum.Add(Pick(values), _random.Next(-3, 1000));
        }

        return sum.ToLinear();
    }

    private T Pick<T>(List<T> values) => values[_random.Next(Math.Max(0, values.Count - 60), values.Count)];
}
