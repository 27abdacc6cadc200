namespace Accel.Compute;

/// <summary>
/// What a prover needs of an accelerator: transforms over Fr and multi-scalar products over G1 and G2.
/// It knows no transport and no proof system. Every implementation passes the one contract suite, and none falls back in silence:
/// what it cannot do it refuses with <see cref="NotSupportedException"/>.
/// </summary>
public interface IComputeBackend : IAsyncDisposable
{
    /// <summary>What runs behind this interface, and its limits.</summary>
    BackendInfo Info { get; }

    /// <summary>Transforms 2^<see cref="NttPlan.Log2Size"/> values in place, natural order in and out.</summary>
    /// <exception cref="ArgumentException">The span's length is not the plan's size.</exception>
    ValueTask NttAsync(NttPlan plan, Memory<Fr> values, CancellationToken cancel);

    /// <summary>Makes n bases resident; the memory must stay unchanged until the set is disposed.</summary>
    /// <param name="bases">Points of G1 on the curve; infinity is allowed.</param>
    /// <param name="cancel">Cancels the transfer.</param>
    ValueTask<IBaseSet<G1Affine>> LoadBasesAsync(ReadOnlyMemory<G1Affine> bases, CancellationToken cancel);

    /// <summary>Makes n bases resident; the memory must stay unchanged until the set is disposed.</summary>
    /// <param name="bases">Points of G2 in the subgroup; infinity is allowed.</param>
    /// <param name="cancel">Cancels the transfer.</param>
    ValueTask<IBaseSet<G2Affine>> LoadBasesAsync(ReadOnlyMemory<G2Affine> bases, CancellationToken cancel);

    /// <summary>Σ scalarᵢ·baseᵢ over G1 for the first <see cref="IScalarSource.Count"/> bases.</summary>
    /// <exception cref="ArgumentException">There are more scalars than bases, or the set belongs to another backend.</exception>
    ValueTask<G1> MsmAsync(IBaseSet<G1Affine> bases, IScalarSource scalars, CancellationToken cancel);

    /// <summary>Σ scalarᵢ·baseᵢ over G2 for the first <see cref="IScalarSource.Count"/> bases.</summary>
    /// <exception cref="ArgumentException">There are more scalars than bases, or the set belongs to another backend.</exception>
    ValueTask<G2> MsmAsync(IBaseSet<G2Affine> bases, IScalarSource scalars, CancellationToken cancel);

    /// <summary>
    /// Groth16's quotient in the form that snarkjs keys expect: a·b − c on the coset ω₂ₙ·⟨ωₙ⟩, where a, b, c interpolate the
    /// given values on ⟨ωₙ⟩ and ω₂ₙ is the primitive 2n-th root. The result may stay on the device for the MSM that consumes it.
    /// </summary>
    /// <exception cref="ArgumentException">The three lengths differ or are not a power of two.</exception>
    ValueTask<IScalarSource> QuotientAsync(QuotientInput input, CancellationToken cancel);
}

/// <summary>A backend behind a link that is worth ordering: what a proof needs first should cross it first.</summary>
public interface IOrderedTransfers
{
    /// <summary>The quotient, as <see cref="IComputeBackend.QuotientAsync"/> gives it.</summary>
    /// <param name="input">The three vectors.</param>
    /// <param name="taken">Called once, when all of them have crossed the link and the device works on them.</param>
    /// <param name="cancel">Cancels the work.</param>
    ValueTask<IScalarSource> QuotientAsync(QuotientInput input, Action taken, CancellationToken cancel);
}

/// <summary>Bases that a backend holds; dispose to free them.</summary>
/// <typeparam name="TPoint">The affine point type.</typeparam>
public interface IBaseSet<TPoint> : IAsyncDisposable
    where TPoint : struct
{
    /// <summary>The number of bases.</summary>
    int Count { get; }
}

/// <summary>Scalars that arrive in chunks, so that a transfer overlaps the work on earlier ones.</summary>
public interface IScalarSource
{
    /// <summary>The number of scalars.</summary>
    int Count { get; }

    /// <summary>Copies scalars [offset, offset + destination.Length) in Montgomery form.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range reaches past <see cref="Count"/>.</exception>
    ValueTask ReadAsync(int offset, Memory<Fr> destination, CancellationToken cancel);

    /// <summary>The scalars as host memory when they already are, so that a CPU copies nothing.</summary>
    bool TryGetMemory(out ReadOnlyMemory<Fr> memory);
}

/// <summary>Identity and limits of a backend.</summary>
/// <param name="Kind">The name that selects it on a command line, such as <c>cpu</c>.</param>
/// <param name="Device">The device in words: model, path, lanes.</param>
/// <param name="Curves">The curves it computes on.</param>
/// <param name="NttLog2SizeMax">The largest transform is 2 to this power.</param>
/// <param name="MsmCountMax">The largest number of bases in one product.</param>
public sealed record BackendInfo(string Kind, string Device, IReadOnlyList<string> Curves, int NttLog2SizeMax, long MsmCountMax)
{
    /// <summary>What a device leaves to the host's processor, in words; empty when nothing, or when the host is the device.</summary>
    public IReadOnlyList<string> OnHost { get; init; } = [];

    /// <summary>Whether products over G2 run on the device; if not, the host's processor does them.</summary>
    public bool MultipliesG2 { get; init; } = true;

    /// <summary>Where the device is: a device file, a library, an address; null for the host's processor.</summary>
    public string? Path { get; init; }

    /// <summary>Major and minor version of a card's registers, such as <c>1.0</c>; null for what has none.</summary>
    public string? RegisterVersion { get; init; }

    /// <summary>What it computes with. Backends that say the same, such as two that use the host's processor, are no faster side by side.</summary>
    public string Resource { get; init; } = HostProcessor;

    /// <summary>The <see cref="Resource"/> of whatever runs on the host's processor.</summary>
    public const string HostProcessor = "host processor";
}

/// <summary>Which transform to run.</summary>
/// <param name="Log2Size">The size is 2 to this power, 0 to 28.</param>
/// <param name="Direction">Forward evaluates, inverse interpolates and divides by the size.</param>
/// <param name="CosetShift">Null, or g ≠ 0: the domain is then g·⟨ω⟩. Forward scales by gⁱ before, inverse by g⁻ⁱ after.</param>
public readonly record struct NttPlan(int Log2Size, NttDirection Direction, Fr? CosetShift = null);

/// <summary>Direction of a transform.</summary>
public enum NttDirection
{
    /// <summary>Coefficients to values at ωⁱ, in natural order.</summary>
    Forward,

    /// <summary>Values at ωⁱ to coefficients, in natural order.</summary>
    Inverse,
}

/// <summary>Values of ⟨A,w⟩, ⟨B,w⟩ and ⟨C,w⟩ per constraint on the domain ⟨ωₙ⟩, padded with zeros to n = 2^k; the backend may overwrite them.</summary>
/// <param name="A">n values.</param>
/// <param name="B">n values.</param>
/// <param name="C">n values.</param>
public readonly record struct QuotientInput(Memory<Fr> A, Memory<Fr> B, Memory<Fr> C);
