using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Benchmarks;

/// <summary>
/// A circuit of a chosen size with the mix of a settlement batch: independent lanes whose rows multiply combinations with general
/// coefficients (seven constraints in ten, 15 terms each), Poseidon instances (two in ten) and 32-bit range checks (one in ten).
/// </summary>
internal sealed class BarCircuit(int constraints) : ICircuit
{
    public const string InputName = "lane";
    public const int LaneCount = 4096;

    private const int Seed = 20260101;
    private const int CoefficientCount = 4096;
    private const int TermsA = 7;
    private const int TermsB = 7;
    private const int Window = 16;
    private const int RangeBits = 32;

    private readonly Random _random = new(Seed);

    public string Name => $"CircuitBar({constraints})";

    public void Define(CircuitBuilder builder)
    {
        Fr[] coefficients = [.. Enumerable.Range(0, CoefficientCount).Select(i => ((Fr)(i + 2)).Inverse())];
        Linear[] inputs = builder.SecretInputs(InputName, LaneCount);
        Linear[][] lanes = [.. inputs.Select(input => Enumerable.Repeat(input, Window).ToArray())];
        int poseidon = PoseidonGadget.ConstraintCount(2);
        int products = 0, hashes = 0, ranges = 0;
        for (int step = 0; builder.ConstraintCount < constraints; step++)
        {
            int index = step % LaneCount;
            Linear[] lane = lanes[index];
            Linear next = builder.Multiply(Combine(lane, coefficients, TermsA), Combine(lane, coefficients, TermsB));
            lane[step / LaneCount % Window] = next;
            products++;
            if (hashes * 7L * poseidon < products * 2L)
            {
                lane[0] = PoseidonGadget.Hash(builder, next, inputs[index]);
                hashes++;
            }

            if (ranges * 7L * (RangeBits + 1) < products)
            {
                builder.ToUnsigned(inputs[(ranges * 31) % LaneCount], RangeBits);
                ranges++;
            }
        }
    }

    private Linear Combine(Linear[] lane, Fr[] coefficients, int terms)
    {
        LinearAccumulator sum = new();
        int first = _random.Next(Window);
        for (int i = 0; i < terms; i++)
        {
            sum.Add(lane[(first + i) % Window], coefficients[_random.Next(CoefficientCount)]);
        }

        return sum.ToLinear();
    }
}
