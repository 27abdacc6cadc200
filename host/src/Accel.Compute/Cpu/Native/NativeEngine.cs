namespace Accel.Compute.Cpu.Native;

/// <summary>Eight lanes of 52-bit limbs in C, with instructions that .NET lacks. Optional: absent unless <c>make native</c> built it and the processor fits.</summary>
internal sealed class NativeEngine : CpuEngine
{
    private readonly NativeKernels? _kernels;
    private readonly NativeNttColumns? _columns;

    /// <summary>An engine on a library that tests have loaded.</summary>
    public NativeEngine(NativeKernels kernels)
        : this(kernels, string.Empty)
    {
    }

    private NativeEngine(NativeKernels? kernels, string missing)
    {
        _kernels = kernels;
        _columns = kernels is null ? null : new NativeNttColumns(kernels);
        Missing = missing;
    }

    /// <inheritdoc />
    public override string Name => "ifma";

    /// <inheritdoc />
    public override string Description => $"8 lanes of 52-bit limbs in native code ({NativeKernels.Instructions})";

    /// <inheritdoc />
    public override string Needs => $"{NativeKernels.Instructions} and {NativeKernels.FileName}";

    /// <inheritdoc />
    public override string Missing { get; }

    /// <inheritdoc />
    public override bool IsAccelerated => _kernels is { IsVector: true };

    /// <inheritdoc />
    public override bool IsAvailable => _kernels is not null;

    /// <inheritdoc />
    /// <exception cref="NotSupportedException">The engine is not available.</exception>
    public override NttColumns NttColumns => _columns ?? throw Absent();

    /// <inheritdoc />
    public override int NttLog2RoundsMin => NttRounds.Log2SizeMin;

    /// <inheritdoc />
    public override IEnumerable<(string Operation, string Field, Action<int> Repeat, int Lanes)> FieldKernels =>
    [
        ("multiply", "Fq", count => Chain(count, isBase: true, square: false), NttColumns.Group),
        ("square", "Fq", count => Chain(count, isBase: true, square: true), NttColumns.Group),
        ("multiply", "Fr", count => Chain(count, isBase: false, square: false), NttColumns.Group),
    ];

    /// <summary>The engine for this processor, with its library or with the reason why it has none.</summary>
    public static NativeEngine ForProcessor() => new(NativeKernels.ForProcessor(out string missing), missing);

    /// <inheritdoc />
    /// <exception cref="NotSupportedException">The engine is not available.</exception>
    public override IPairAdder<TField, TCurve> CreatePairAdder<TField, TCurve>() => new NativePairAdder<TField, TCurve>(_kernels ?? throw Absent());

    /// <inheritdoc />
    /// <remarks>The library has no such check: the managed lanes that the processor accelerates do it, and cost little.</remarks>
    public override int FindOffCurve<TField, TCurve>(ReadOnlySpan<AffinePoint<TField, TCurve>> points) =>
        All.First(engine => engine is not NativeEngine && engine.IsAccelerated).FindOffCurve(points);

    private NotSupportedException Absent() => new($"the {Name} engine is without {Missing}");

    private unsafe void Chain(int count, bool isBase, bool square)
    {
        NativeKernels kernels = _kernels ?? throw Absent();
        Fr* values = stackalloc Fr[2 * NttColumns.Group];
        new Span<Fr>(values, 2 * NttColumns.Group).Fill(12345);
        (isBase ? kernels.Functions.FqChain : kernels.Functions.FrChain)(square ? 1u : 0u, values, values + NttColumns.Group, (ulong)count);
    }
}
