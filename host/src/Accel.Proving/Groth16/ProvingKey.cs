using Accel.Proving.Formats;

namespace Accel.Proving.Groth16;

/// <summary>
/// A Groth16 proving key (Groth, eprint 2016/260, §3.2) in the layout of snarkjs: the quotient's points are Lagrange polynomials of
/// the domain of twice the size, at its odd positions, so that the prover never interpolates the quotient.
/// </summary>
/// <remarks>
/// A key that was read from a file is a view of it. Dispose it after use: the points throw from then on, or from when the last prover
/// that holds them is disposed. The file must not be shortened meanwhile; to replace it, rename another over it.
/// </remarks>
public sealed class ProvingKey : IDisposable
{
    private readonly SectionedFile? _file;

    /// <summary>A key over given parts.</summary>
    /// <param name="header">Sizes and the key's constant points.</param>
    /// <param name="points">The points that proofs are sums of.</param>
    /// <param name="constraints">The matrices A and B; C follows from a satisfied system as their product.</param>
    /// <param name="history">Where the key comes from.</param>
    /// <param name="commitments">What belongs to the circuit's commitments; null when it has none.</param>
    /// <exception cref="ArgumentException">The parts' sizes contradict each other.</exception>
    public ProvingKey(
        ProvingKeyHeader header, ProvingKeyPoints points, ProvingKeyConstraints constraints, KeyHistory history, ProvingKeyCommitments? commitments = null)
        : this(header, points, constraints, history, commitments, file: null)
    {
    }

    /// <summary>A key whose points are views of a file, which is disposed with the key.</summary>
    internal ProvingKey(
        ProvingKeyHeader header, ProvingKeyPoints points, ProvingKeyConstraints constraints, KeyHistory history, ProvingKeyCommitments? commitments, SectionedFile? file)
    {
        RequireLength(points.Inputs.Length, header.PublicCount + 1, nameof(points.Inputs));
        RequireLength(points.A.Length, header.WireCount, nameof(points.A));
        RequireLength(points.B1.Length, header.WireCount, nameof(points.B1));
        RequireLength(points.B2.Length, header.WireCount, nameof(points.B2));
        RequireLength(points.C.Length, header.PrivateCount, nameof(points.C));
        RequireLength(points.H.Length, header.DomainSize, nameof(points.H));
        RequireLength(constraints.A.RowCount, header.DomainSize, nameof(constraints.A));
        RequireLength(constraints.B.RowCount, header.DomainSize, nameof(constraints.B));
        if (commitments is not null)
        {
            int committed = commitments.FirstOf(commitments.Items.Count);
            RequireLength(commitments.Wires.Length, committed, nameof(commitments.Wires));
            RequireLength(commitments.Basis.Length, committed, nameof(commitments.Basis));
            RequireLength(commitments.KnowledgeBasis.Length, committed, nameof(commitments.KnowledgeBasis));
        }

        Header = header;
        Points = points;
        Constraints = constraints;
        History = history;
        Commitments = commitments;
        _file = file;
    }

    /// <summary>Sizes and the key's constant points.</summary>
    public ProvingKeyHeader Header { get; }

    /// <summary>The points that proofs are sums of.</summary>
    public ProvingKeyPoints Points { get; }

    /// <summary>The matrices A and B.</summary>
    public ProvingKeyConstraints Constraints { get; }

    /// <summary>Where the key comes from.</summary>
    public KeyHistory History { get; }

    /// <summary>What belongs to the circuit's commitments; null for a circuit without commitments, whose keys are those of snarkjs.</summary>
    public ProvingKeyCommitments? Commitments { get; }

    /// <summary>Whether one party made the key alone, so that it could have kept what forges proofs. Such a key must guard nothing of value.</summary>
    public bool IsForDevelopment => History.IsForDevelopment;

    /// <inheritdoc />
    public void Dispose() => _file?.Dispose();

    /// <summary>Keeps the points in place until what is returned is disposed, even when the key is disposed before; null when they are ordinary memory.</summary>
    internal IDisposable? Hold() => _file?.Hold();

    /// <summary>Demands that the file that the points are views of still has all its bytes.</summary>
    /// <exception cref="InvalidFileException">It was shortened.</exception>
    internal void RequireWhole() => _file?.RequireWhole();

    private static void RequireLength(int actual, int expected, string part)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{part} has {actual} entries where the header demands {expected}");
        }
    }
}

/// <summary>Sizes and constant points of a proving key.</summary>
/// <param name="WireCount">Wires, the constant one included.</param>
/// <param name="PublicCount">Public wires, the constant one excluded; below <paramref name="WireCount"/>.</param>
/// <param name="DomainLog2">The domain has 2 to this power points, 0 to <see cref="DomainLog2Max"/>; it holds the constraints and one row per public wire and the constant.</param>
/// <param name="Alpha1">α·G1.</param>
/// <param name="Beta1">β·G1.</param>
/// <param name="Beta2">β·G2.</param>
/// <param name="Gamma2">γ·G2; snarkjs keys have γ = 1.</param>
/// <param name="Delta1">δ·G1.</param>
/// <param name="Delta2">δ·G2.</param>
public sealed record ProvingKeyHeader(
    int WireCount, int PublicCount, int DomainLog2, G1Affine Alpha1, G1Affine Beta1, G2Affine Beta2, G2Affine Gamma2, G1Affine Delta1, G2Affine Delta2)
{
    /// <summary>The quotient needs a root of unity of twice the domain's size, and Fr has one of order 2²⁸.</summary>
    public const int DomainLog2Max = 27;

    /// <summary>The number of points of the domain.</summary>
    public int DomainSize => 1 << DomainLog2;

    /// <summary>Wires that are neither public nor the constant one.</summary>
    public int PrivateCount => WireCount - PublicCount - 1;
}

/// <summary>The points of a proving key that proofs are sums of. uᵢ, vᵢ, wᵢ are the columns of A, B, C as polynomials at τ.</summary>
/// <param name="Inputs">(βuᵢ + αvᵢ + wᵢ)/γ·G1 for the constant one and each public wire.</param>
/// <param name="A">uᵢ·G1 for each wire.</param>
/// <param name="B1">vᵢ·G1 for each wire.</param>
/// <param name="B2">vᵢ·G2 for each wire.</param>
/// <param name="C">(βuᵢ + αvᵢ + wᵢ)/δ·G1 for each private wire; infinity for committed wires and challenges.</param>
/// <param name="H">L₂ᵢ₊₁(τ)/δ·G1 for each point of the domain, L over the domain of twice the size.</param>
public sealed record ProvingKeyPoints(
    ReadOnlyMemory<G1Affine> Inputs,
    ReadOnlyMemory<G1Affine> A,
    ReadOnlyMemory<G1Affine> B1,
    ReadOnlyMemory<G2Affine> B2,
    ReadOnlyMemory<G1Affine> C,
    ReadOnlyMemory<G1Affine> H);

/// <summary>The matrices A and B with a row per point of the domain; after the constraints come rows that bind each public wire to itself in A.</summary>
/// <param name="A">Left factors.</param>
/// <param name="B">Right factors.</param>
public sealed record ProvingKeyConstraints(SparseMatrix A, SparseMatrix B);

/// <summary>Where a proving key comes from.</summary>
/// <param name="CircuitHash">64 bytes: BLAKE2b of the initial key, by which contributions to a ceremony name it.</param>
/// <param name="Contributions">The contributions to the ceremony's second phase, oldest first.</param>
public sealed record KeyHistory(ReadOnlyMemory<byte> CircuitHash, IReadOnlyList<ZkeyContribution> Contributions)
{
    /// <summary>
    /// The name of the contribution that marks a key made by one party. It is a contribution so that it survives every tool that
    /// copies keys: further contributions cannot make such a key safe, because the party may still know τ.
    /// </summary>
    public const string DevelopmentMark = "DEVELOPMENT KEY: made by one party, not safe for value";

    /// <summary>Whether any contribution carries <see cref="DevelopmentMark"/>.</summary>
    public bool IsForDevelopment => Contributions.Any(contribution => contribution.Name == DevelopmentMark);
}
