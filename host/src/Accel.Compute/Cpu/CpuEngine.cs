using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Accel.Compute.Cpu.Native;
using Accel.Compute.Cpu.Vector;

namespace Accel.Compute.Cpu;

/// <summary>
/// The arithmetic that the CPU backend runs on: the one place where an instruction set is chosen. Results do not depend on it.
/// </summary>
internal abstract class CpuEngine
{
    /// <summary>The environment variable that forces an engine by name.</summary>
    public const string Variable = "ACCEL_CPU";

    /// <summary>Every engine, the most preferred first.</summary>
    public static IReadOnlyList<CpuEngine> All { get; } =
    [
        NativeEngine.ForProcessor(),
        new LaneEngine<Lanes512>("avx512", "AVX-512F"),
        new LaneEngine<Lanes256>("avx2", "AVX2 and FMA"),
        new ScalarEngine(),
    ];

    /// <summary>The name that selects it.</summary>
    public abstract string Name { get; }

    /// <summary>The arithmetic in words.</summary>
    public abstract string Description { get; }

    /// <summary>What must be there, in words.</summary>
    public abstract string Needs { get; }

    /// <summary>What of it is not there, in words; means nothing when the engine is accelerated.</summary>
    public virtual string Missing => Needs;

    /// <summary>Whether this processor, and this run-time's settings, have what the engine is made for.</summary>
    public abstract bool IsAccelerated { get; }

    /// <summary>Whether it works here, if only slowly.</summary>
    public virtual bool IsAvailable => true;

    /// <summary>The engine that <see cref="Variable"/> names, else the most preferred one that the processor accelerates.</summary>
    /// <exception cref="ArgumentException">The variable names no engine, or one that this processor does not accelerate.</exception>
    public static CpuEngine Choose() => Choose(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The engine called <paramref name="name"/>, or when that is empty the most preferred one that the processor accelerates.</summary>
    /// <exception cref="ArgumentException">There is no such engine, or this processor does not accelerate it.</exception>
    public static CpuEngine Choose(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return All.First(engine => engine.IsAccelerated);
        }

        CpuEngine chosen = All.FirstOrDefault(engine => engine.Name == name)
            ?? throw new ArgumentException($"{Variable} is '{name}'; there is: {string.Join(", ", All.Select(engine => engine.Name))}", nameof(name));
        return chosen.IsAccelerated
            ? chosen
            : throw new ArgumentException(
                $"{Variable} is '{name}', which needs {chosen.Needs}; this {RuntimeInformation.ProcessArchitecture} machine, or the run-time's settings, lack {chosen.Missing}",
                nameof(name));
    }

    /// <summary>Transforms columns of a matrix; safe for concurrent use.</summary>
    public abstract NttColumns NttColumns { get; }

    /// <summary>From this power on two rounds of columns are faster than one kernel on one thread.</summary>
    public abstract int NttLog2RoundsMin { get; }

    /// <summary>Chains of products to be timed: operation, field, the chain by its length, and values that it works on at once.</summary>
    public abstract IEnumerable<(string Operation, string Field, Action<int> Repeat, int Lanes)> FieldKernels { get; }

    /// <summary>Why this engine runs, in words.</summary>
    /// <param name="forced">Whether <see cref="Variable"/> named it.</param>
    public string Reason(bool forced)
    {
        string[] absent = [.. All.TakeWhile(engine => engine != this).Where(engine => !engine.IsAccelerated).Select(engine => engine.Missing)];
        return forced ? $"forced by {Variable}" : absent.Length == 0 ? "the fastest there is" : $"without {string.Join(", ", absent)}";
    }

    /// <summary>The index of the first point that is neither on its curve nor infinity; −1 when there is none. Coordinates are below the modulus.</summary>
    public abstract int FindOffCurve<TField, TCurve>(ReadOnlySpan<AffinePoint<TField, TCurve>> points)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField>;

    /// <summary>A pair adder for one thread.</summary>
    public abstract IPairAdder<TField, TCurve> CreatePairAdder<TField, TCurve>()
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>;
}

/// <summary>Portable 64-bit arithmetic: the reference for the others.</summary>
internal sealed class ScalarEngine : CpuEngine
{
    /// <inheritdoc />
    public override string Name => "scalar";

    /// <inheritdoc />
    public override string Description => "portable 64-bit arithmetic";

    /// <inheritdoc />
    public override string Needs => "nothing";

    /// <inheritdoc />
    public override bool IsAccelerated => true;

    /// <inheritdoc />
    public override NttColumns NttColumns { get; } = new ScalarNttColumns();

    /// <inheritdoc />
    public override int NttLog2RoundsMin => 11;

    /// <inheritdoc />
    public override IEnumerable<(string Operation, string Field, Action<int> Repeat, int Lanes)> FieldKernels =>
        [("multiply", "Fq", Multiply<Bn254BaseModulus>, 1), ("multiply", "Fr", Multiply<Bn254ScalarModulus>, 1)];

    /// <inheritdoc />
    public override IPairAdder<TField, TCurve> CreatePairAdder<TField, TCurve>() => new ScalarPairAdder<TField, TCurve>();

    /// <inheritdoc />
    public override int FindOffCurve<TField, TCurve>(ReadOnlySpan<AffinePoint<TField, TCurve>> points)
    {
        int index = 0;
        while (index < points.Length && points[index].IsOnCurve)
        {
            index++;
        }

        return index < points.Length ? index : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TModulus>(int count)
        where TModulus : struct, IPrimeModulus
    {
        PrimeField<TModulus> factor = ((PrimeField<TModulus>)3).Inverse();
        PrimeField<TModulus> product = factor;
        for (int i = 0; i < count; i++)
        {
            product *= factor;
        }

        GC.KeepAlive(product);
    }
}

/// <summary>Floating-point lanes of one width.</summary>
internal sealed class LaneEngine<TLanes>(string name, string needs) : CpuEngine
    where TLanes : struct, IFieldLanes
{
    /// <inheritdoc />
    public override string Name => name;

    /// <inheritdoc />
    public override string Description => $"{TLanes.Count} lanes of 51-bit limbs ({needs})";

    /// <inheritdoc />
    public override string Needs => needs;

    /// <inheritdoc />
    public override bool IsAccelerated => TLanes.IsAccelerated;

    /// <inheritdoc />
    public override NttColumns NttColumns { get; } = new LaneNttColumns<TLanes>();

    /// <inheritdoc />
    public override int NttLog2RoundsMin => NttRounds.Log2SizeMin;

    /// <inheritdoc />
    public override unsafe IEnumerable<(string Operation, string Field, Action<int> Repeat, int Lanes)> FieldKernels =>
    [
        ("multiply", "Fq", count => Chain<Bn254BaseModulus>(count, square: false), TLanes.Count),
        ("square", "Fq", count => Chain<Bn254BaseModulus>(count, square: true), TLanes.Count),
        ("multiply", "Fr", count => Chain<Bn254ScalarModulus>(count, square: false), TLanes.Count),
    ];

    /// <inheritdoc />
    /// <exception cref="NotSupportedException">The curve is not one of BN254's.</exception>
    public override IPairAdder<TField, TCurve> CreatePairAdder<TField, TCurve>()
    {
        object adder = typeof(TCurve) == typeof(Bn254G1) ? new LanePairAdder<Fq, Bn254G1, PrimeLanes<Bn254BaseModulus, TLanes>>()
            : typeof(TCurve) == typeof(Bn254G2) ? new LanePairAdder<Fq2, Bn254G2, QuadraticLanes<Bn254BaseModulus, TLanes>>()
            : throw new NotSupportedException($"the {name} engine has no lanes for {TCurve.Name}");
        return (IPairAdder<TField, TCurve>)adder;
    }

    /// <inheritdoc />
    /// <exception cref="NotSupportedException">The curve is not one of BN254's.</exception>
    public override int FindOffCurve<TField, TCurve>(ReadOnlySpan<AffinePoint<TField, TCurve>> points) =>
        typeof(TCurve) == typeof(Bn254G1) ? LaneCurveCheck<Fq, Bn254G1, PrimeLanes<Bn254BaseModulus, TLanes>>.FindOffCurve(MemoryMarshal.Cast<AffinePoint<TField, TCurve>, G1Affine>(points))
        : typeof(TCurve) == typeof(Bn254G2) ? LaneCurveCheck<Fq2, Bn254G2, QuadraticLanes<Bn254BaseModulus, TLanes>>.FindOffCurve(MemoryMarshal.Cast<AffinePoint<TField, TCurve>, G2Affine>(points))
        : throw new NotSupportedException($"the {name} engine has no lanes for {TCurve.Name}");

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Chain<TModulus>(int count, bool square)
        where TModulus : struct, IPrimeModulus
    {
        double* memory = stackalloc double[2 * IFieldLanes.Limbs * TLanes.Count];
        double* factor = memory + (IFieldLanes.Limbs * TLanes.Count);
        new Span<double>(memory, 2 * IFieldLanes.Limbs * TLanes.Count).Fill(12345);
        for (int i = 0; i < count; i++)
        {
            if (square)
            {
                TLanes.Square(memory, memory, LaneModulus<TModulus, TLanes>.Table);
            }
            else
            {
                TLanes.Multiply(memory, memory, factor, LaneModulus<TModulus, TLanes>.Table);
            }
        }
    }
}
