using BenchmarkDotNet.Attributes;

namespace Accel.Benchmarks;

/// <summary>The products that everything else is counted in.</summary>
public class FieldBenchmarks
{
    private const int Count = 1024;

    private readonly Fq[] _values = Inputs.Elements<Fq>(Count, Fq.FromBigInteger);
    private readonly Fq2[] _pairs = Inputs.Elements<Fq2>(Count, value => new Fq2(Fq.FromBigInteger(value), Fq.FromBigInteger(value >> 1)));
    private readonly Fq _factor = Inputs.Elements<Fq>(1, Fq.FromBigInteger)[0];
    private readonly Fq2 _factorPair = new(3, 5);

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Multiply()
    {
        foreach (ref Fq value in _values.AsSpan())
        {
            value *= _factor;
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void MultiplyQuadratic()
    {
        foreach (ref Fq2 value in _pairs.AsSpan())
        {
            value *= _factorPair;
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void Add()
    {
        foreach (ref Fq value in _values.AsSpan())
        {
            value += _factor;
        }
    }

    [Benchmark]
    public Fq Inverse() => _factor.Inverse();

    [Benchmark(OperationsPerInvoke = Count)]
    public void InverseInBatch() => BatchInversion.InvertAll<Fq>(_values);
}
