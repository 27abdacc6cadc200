using Accel.Compute.Cpu;
using Accel.Compute.Fpga;
using Accel.Device;

namespace Accel.Compute;

/// <summary>
/// Tests a backend's engines: transforms and the quotient against the polynomials that they stand for, products against known discrete logarithms.
/// Small enough for a simulated card, and to decide whether a device that failed may work again.
/// </summary>
public static class BackendSelfTest
{
    /// <summary>The usual size is 2 to this power.</summary>
    public const int Log2SizeUsual = 10;

    /// <summary>The largest size is 2 to this power.</summary>
    public const int Log2SizeMax = 20;

    private const int Log2SizeMin = 2;
    private const int Log2SizeSmall = 4;
    private const int Seed = 1;

    /// <summary>Tests at the usual size.</summary>
    /// <inheritdoc cref="RunAsync(IComputeBackend, int, SelfTestSequence, CancellationToken)" path="/param" />
    /// <returns>What every step found; a device that fails is a failed step, not an exception.</returns>
    /// <exception cref="OperationCanceledException">The test was cancelled.</exception>
    public static async ValueTask<SelfTestReport> RunAsync(IComputeBackend backend, CancellationToken cancel)
    {
        SelfTestSequence sequence = new(finished: null, cancel);
        await RunAsync(backend, Log2SizeUsual, sequence, cancel);
        return sequence.Report;
    }

    /// <summary>Appends the test of the engines to a sequence of steps.</summary>
    /// <param name="backend">The backend; it stays the caller's, and nobody else should use it meanwhile.</param>
    /// <param name="log2Size">Transforms and products have 2 to this power values, 2 to <see cref="Log2SizeMax"/>.</param>
    /// <param name="sequence">Receives the steps.</param>
    /// <param name="cancel">Ends the test.</param>
    public static async ValueTask RunAsync(IComputeBackend backend, int log2Size, SelfTestSequence sequence, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(log2Size, Log2SizeMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(log2Size, Log2SizeMax);
        Fr shift = Fr.RootOfUnity(log2Size + 1);
        int small = Math.Min(Log2SizeSmall, log2Size);
        NttPlan[] plans = [new(small, NttDirection.Forward), new(log2Size, NttDirection.Forward), new(log2Size, NttDirection.Inverse), new(log2Size, NttDirection.Inverse, shift)];
        foreach (NttPlan plan in plans)
        {
            await StepAsync(sequence, Describe(plan), () => TransformAsync(backend, plan, cancel));
        }

        await StepAsync(sequence, $"quotient of 2^{log2Size}", () => QuotientAsync(backend, log2Size, cancel));
        foreach (ScalarKind kind in Enum.GetValues<ScalarKind>())
        {
            await StepAsync(sequence, $"G1 product of 2^{log2Size}, {Describe(kind)}", () => ProductAsync<Fq, Bn254G1>(
                log2Size, kind, points => backend.LoadBasesAsync(points, cancel), (bases, scalars) => backend.MsmAsync(bases, scalars, cancel), cancel));
        }

        await StepAsync(sequence, $"G2 product of 2^{small}, {Describe(ScalarKind.Mixed)}", () => ProductAsync<Fq2, Bn254G2>(
            small, ScalarKind.Mixed, points => backend.LoadBasesAsync(points, cancel), (bases, scalars) => backend.MsmAsync(bases, scalars, cancel), cancel));
    }

    /// <summary>A result that the backend's own checks refuse is as wrong as one that it returns; the device can still be asked.</summary>
    private static ValueTask StepAsync(SelfTestSequence sequence, string name, Func<ValueTask<SelfTestVerdict>> test) => sequence.StepAsync(name, async () =>
    {
        try
        {
            return await test();
        }
        catch (DeviceResultException refused)
        {
            return new SelfTestVerdict(false, refused.Message);
        }
    });

    private static string Describe(NttPlan plan) =>
        $"{(plan.Direction == NttDirection.Forward ? "forward" : "inverse")} NTT of 2^{plan.Log2Size}{(plan.CosetShift is null ? "" : " on a coset")}";

    private static string Describe(ScalarKind kind) => kind switch
    {
        ScalarKind.Uniform => "uniform scalars",
        ScalarKind.Mixed => "scalars of a witness",
        ScalarKind.Equal => "one scalar again and again",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "there is no such kind of scalars"),
    };

    /// <summary>Coefficients and values must be of one polynomial: they are compared at a random point.</summary>
    private static async ValueTask<SelfTestVerdict> TransformAsync(IComputeBackend backend, NttPlan plan, CancellationToken cancel)
    {
        Fr[] input = Scalars(ScalarKind.Uniform, 1 << plan.Log2Size);
        Fr[] output = [.. input];
        await backend.NttAsync(plan, output, cancel);
        (Fr[] coefficients, Fr[] values) = plan.Direction == NttDirection.Forward ? (input, output) : (output, input);

        // Values on g·⟨ω⟩ are those of p(g·x) on ⟨ω⟩.
        Fr point = TransformCheck.RandomPoint();
        Fr expected = await TransformCheck.FromCoefficientsAsync(coefficients, point * (plan.CosetShift ?? Fr.One), threads: 1, cancel);
        bool isRight = await TransformCheck.FromValuesAsync(values, point, threads: 1, cancel) == expected;
        return new SelfTestVerdict(isRight, isRight ? "values and coefficients are one polynomial's" : "values and coefficients are of two polynomials: at a random point they differ");
    }

    private static async ValueTask<SelfTestVerdict> QuotientAsync(IComputeBackend backend, int log2Size, CancellationToken cancel)
    {
        Fr[] all = Scalars(ScalarKind.Uniform, 3 << log2Size);
        QuotientInput Input() => new(Part(0), Part(1), Part(2));
        Fr[] Part(int index) => all[(index << log2Size)..((index + 1) << log2Size)];
        QuotientInput reference = Input();
        await Quotient.ComputeAsync(new ScalarEngine(), reference, threads: 1, cancel);
        IScalarSource quotient = await backend.QuotientAsync(Input(), cancel);
        Fr[] values = new Fr[1 << log2Size];
        await quotient.ReadAsync(0, values, cancel);
        int wrong = FirstDifference(values, reference.A.Span);
        return wrong < 0
            ? new SelfTestVerdict(true, "equal to the processor's portable arithmetic")
            : new SelfTestVerdict(false, $"value {wrong} of {values.Length} is {values[wrong]}, not {reference.A.Span[wrong]}");
    }

    private static int FirstDifference(ReadOnlySpan<Fr> values, ReadOnlySpan<Fr> expected)
    {
        int same = values.CommonPrefixLength(expected);
        return same == expected.Length ? -1 : same;
    }

    /// <summary>Σ scalarᵢ·(logarithmᵢ·G) must be (Σ scalarᵢ·logarithmᵢ)·G.</summary>
    private static async ValueTask<SelfTestVerdict> ProductAsync<TField, TCurve>(
        int log2Size,
        ScalarKind kind,
        Func<AffinePoint<TField, TCurve>[], ValueTask<IBaseSet<AffinePoint<TField, TCurve>>>> load,
        Func<IBaseSet<AffinePoint<TField, TCurve>>, IScalarSource, ValueTask<XyzzPoint<TField, TCurve>>> multiply,
        CancellationToken cancel)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        // Consecutive multiples, with infinity first and the same point twice: what an adder must tell apart.
        Fr[] logarithms = [.. Enumerable.Range(0, 1 << log2Size).Select(i => (Fr)(i == 2 ? 1 : i))];
        Fr[] scalars = Scalars(kind, logarithms.Length);
        AffinePoint<TField, TCurve>[] points = new AffinePoint<TField, TCurve>[logarithms.Length];
        await FixedBase.MultiplyAsync(AffinePoint<TField, TCurve>.Generator, logarithms, points, threads: 1, cancel);
        Fr sum = Fr.Zero;
        for (int i = 0; i < scalars.Length; i++)
        {
            sum += scalars[i] * logarithms[i];
        }

        await using IBaseSet<AffinePoint<TField, TCurve>> bases = await load(points);
        bool isRight = await multiply(bases, new MemoryScalarSource(scalars)) == XyzzPoint<TField, TCurve>.Generator * sum;
        return new SelfTestVerdict(isRight, isRight ? "the point that the discrete logarithms give" : "not the point that the discrete logarithms give");
    }

    private static Fr[] Scalars(ScalarKind kind, int count)
    {
        Random random = new(Seed);
        Fr same = Uniform(random);
        return [.. Enumerable.Range(0, count).Select(_ => kind switch
        {
            ScalarKind.Equal => same,
            ScalarKind.Mixed => random.Next(20) switch { < 10 => Fr.Zero, < 15 => Fr.One, 15 => -Fr.One, 16 => (Fr)random.Next(1 << 16), _ => Uniform(random) },
            _ => Uniform(random),
        })];
    }

    private static Fr Uniform(Random random)
    {
        Span<byte> bytes = stackalloc byte[48];
        random.NextBytes(bytes);
        return Fr.FromBigInteger(new System.Numerics.BigInteger(bytes, isUnsigned: true));
    }

    private enum ScalarKind
    {
        Uniform,
        Mixed,
        Equal,
    }
}
