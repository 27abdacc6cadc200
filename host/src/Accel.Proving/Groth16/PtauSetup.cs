using Accel.Proving.ConstraintSystems;
using Accel.Proving.Formats;

namespace Accel.Proving.Groth16;

/// <summary>A set-up from a powers-of-tau transcript: every point is a small sum of the transcript's, and nobody here learns τ.</summary>
internal sealed class PtauSetup(
    IConstraintSystem system, CommitmentHash commitmentHash, PtauFile ptau, int threads, IProgress<SetupProgress>? progress, CancellationToken cancel)
{
    // snarkjs hashes the quotient's powers in blocks of this size and never shortens the last.
    private const int HashBlock = 1 << 14;

    public ProvingKey Run()
    {
        progress?.Report(new SetupProgress(SetupPhase.Matrices, 0, 0));
        QapMatrices columns = QapMatrices.ByWire(system);
        ProvingKeyHeader header = new(
            columns.WireCount,
            columns.PublicCount,
            columns.DomainLog2,
            ptau.AlphaG1(),
            ptau.BetaG1(),
            ptau.BetaG2(),
            G2Affine.Generator,
            G1Affine.Generator,
            G2Affine.Generator);
        (ProvingKeyPoints points, ProvingKeyCommitments? commitments) = Points(columns);

        progress?.Report(new SetupProgress(SetupPhase.Hash, 0, 0));
        byte[] hash = CircuitHash.Of(header, points, commitments, QuotientDifferences(header.DomainSize), header.DomainSize - 1);
        QapMatrices rows = QapMatrices.ByConstraint(system);
        return new ProvingKey(header, points, new ProvingKeyConstraints(rows.A, rows.B), new KeyHistory(hash, []), commitments);
    }

    private (ProvingKeyPoints Points, ProvingKeyCommitments? Commitments) Points(QapMatrices columns)
    {
        int log2 = columns.DomainLog2;
        ReadOnlyMemory<G1Affine> tau = ptau.LagrangeG1(log2);
        WireSums<Fq, Bn254G1> a = new(columns.Coefficients, [new(columns.A, tau)]);
        WireSums<Fq, Bn254G1> b1 = new(columns.Coefficients, [new(columns.B, tau)]);
        WireSums<Fq2, Bn254G2> b2 = new(columns.Coefficients, [new(columns.B, ptau.LagrangeG2(log2))]);
        WireSums<Fq, Bn254G1> c = new(
            columns.Coefficients, [new(columns.A, ptau.LagrangeBetaG1(log2)), new(columns.B, ptau.LagrangeAlphaG1(log2)), new(columns.C, tau)]);
        int privates = columns.PublicCount + 1;
        G1Affine[] inputs = Sum(SetupPhase.Inputs, c, 0, privates);
        G1Affine[] left = Sum(SetupPhase.A, a, 0, columns.WireCount);
        G1Affine[] right1 = Sum(SetupPhase.B1, b1, 0, columns.WireCount);
        G2Affine[] right2 = Sum(SetupPhase.B2, b2, 0, columns.WireCount);
        G1Affine[] combined = Sum(SetupPhase.C, c, privates, columns.WireCount);
        ProvingKeyCommitments? commitments = TakeCommitments(new CommitmentLayout(system), combined, privates);
        return (new ProvingKeyPoints(inputs, left, right1, right2, combined, OddLagrange(log2)), commitments);
    }

    /// <summary>Moves committed wires and challenges out of C, with δ = 1 and σⱼ = j + 1.</summary>
    private ProvingKeyCommitments? TakeCommitments(CommitmentLayout layout, G1Affine[] combined, int privates)
    {
        if (layout.Challenges.Length == 0)
        {
            return null;
        }

        ProvingKeyCommitment[] items =
        [
            .. layout.Challenges.Select((wire, i) => new ProvingKeyCommitment(
                wire, layout.Wires[i].Length, Take(wire), (G1.Generator * (i + 1)).ToAffine(), (G2.Generator * (i + 1)).ToAffine())),
        ];
        List<uint> wires = [];
        List<G1Affine> basis = [];
        List<G1> knowledge = [];
        for (int i = 0; i < items.Length; i++)
        {
            foreach (uint wire in layout.Wires[i])
            {
                G1Affine point = Take(wire);
                wires.Add(wire);
                basis.Add(point);
                knowledge.Add(G1.FromAffine(point) * (i + 1));
            }
        }

        G1Affine[] affine = new G1Affine[knowledge.Count];
        G1.ToAffine(knowledge.ToArray(), affine);
        return new ProvingKeyCommitments(commitmentHash, items, wires.ToArray(), basis.ToArray(), affine);

        G1Affine Take(uint wire)
        {
            G1Affine point = combined[(int)wire - privates];
            combined[(int)wire - privates] = G1Affine.Infinity;
            return point;
        }
    }

    private AffinePoint<TField, TCurve>[] Sum<TField, TCurve>(SetupPhase phase, WireSums<TField, TCurve> sums, int first, int end)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField> =>
        sums.Compute(first, end, threads, done => progress?.Report(new SetupProgress(phase, done, end - first)), cancel);

    private G1Affine[] OddLagrange(int log2)
    {
        progress?.Report(new SetupProgress(SetupPhase.H, 0, 1 << log2));
        ReadOnlySpan<G1Affine> twice = ptau.LagrangeG1(log2 + 1).Span;
        G1Affine[] odd = new G1Affine[1 << log2];
        for (int i = 0; i < odd.Length; i++)
        {
            odd[i] = twice[(2 * i) + 1];
        }

        return odd;
    }

    /// <summary>τⁱ(τⁿ − 1)·G1, i from 0; where the transcript has no τ²ⁿ⁻¹, the last block of snarkjs reads past its powers, and the hashes differ.</summary>
    private IEnumerable<ReadOnlyMemory<G1Affine>> QuotientDifferences(int domain)
    {
        int available = (int)Math.Min(domain, (2L << ptau.Power) - 1 - domain);
        for (int start = 0; start < domain - 1; start += HashBlock)
        {
            int count = Math.Min(Math.Min(HashBlock, domain <= HashBlock ? domain - 1 : HashBlock), available - start);
            ReadOnlyMemory<G1Affine> high = ptau.TauG1(start + domain, count);
            ReadOnlyMemory<G1Affine> low = ptau.TauG1(start, count);
            yield return Subtract(high.Span, low.Span);
        }
    }

    private static G1Affine[] Subtract(ReadOnlySpan<G1Affine> a, ReadOnlySpan<G1Affine> b)
    {
        G1[] differences = new G1[a.Length];
        for (int i = 0; i < differences.Length; i++)
        {
            differences[i] = G1.FromAffine(a[i]) - b[i];
        }

        G1Affine[] affine = new G1Affine[differences.Length];
        G1.ToAffine(differences, affine);
        return affine;
    }
}
