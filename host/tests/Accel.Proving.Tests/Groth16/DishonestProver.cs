using Accel.Compute;
using Accel.Proving.Groth16;

namespace Accel.Proving.Tests.Groth16;

/// <summary>
/// A prover that does as it is told: any wires, any commitments, any scalar to fold by, and no check at the end. It has what an attacker has,
/// the proving key and nothing else.
/// </summary>
internal sealed class DishonestProver(ProvingKey key, IComputeBackend backend)
{
    private readonly ProvingKeyCommitments _commitments = key.Commitments!;

    /// <summary>The values of a commitment's wires.</summary>
    public Fr[] ValuesOf(int commitment, ReadOnlySpan<Fr> wires)
    {
        Fr[] values = new Fr[_commitments.Items[commitment].WireCount];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = wires[(int)_commitments.Wires.Span[_commitments.FirstOf(commitment) + i]];
        }

        return values;
    }

    /// <summary>D = Σ value·K + ν·δ.</summary>
    public G1 Commit(int commitment, ReadOnlySpan<Fr> values, Fr blinding) =>
        Sum(_commitments.Basis.Span.Slice(_commitments.FirstOf(commitment), values.Length), values) + (G1.FromAffine(key.Header.Delta1) * blinding);

    /// <summary>σ·D for what <see cref="Commit"/> makes.</summary>
    public G1 Knowledge(int commitment, ReadOnlySpan<Fr> values, Fr blinding) =>
        Sum(_commitments.KnowledgeBasis.Span.Slice(_commitments.FirstOf(commitment), values.Length), values)
        + (G1.FromAffine(_commitments.Items[commitment].SigmaDelta1) * blinding);

    /// <summary>A proof of these wires that goes with commitments whose blinding adds up to <paramref name="blinding"/>; A and B are not hidden.</summary>
    public async Task<Proof> ProveAsync(ReadOnlyMemory<Fr> wires, Fr blinding, ProofCommitments commitments, CancellationToken cancel)
    {
        int domain = key.Header.DomainSize;
        Fr[] left = new Fr[domain], right = new Fr[domain], product = new Fr[domain];
        key.Constraints.A.MultiplyRows(wires.Span, left, 0, domain);
        key.Constraints.B.MultiplyRows(wires.Span, right, 0, domain);
        for (int row = 0; row < domain; row++)
        {
            product[row] = left[row] * right[row];
        }

        Fr[] quotient = new Fr[domain];
        await (await backend.QuotientAsync(new QuotientInput(left, right, product), cancel)).ReadAsync(0, quotient, cancel);
        G2 b = G2.FromAffine(key.Header.Beta2);
        for (int i = 0; i < wires.Length; i++)
        {
            b += G2.FromAffine(key.Points.B2.Span[i]) * wires.Span[i];
        }

        G1 a = Sum(key.Points.A.Span, wires.Span) + key.Header.Alpha1;
        G1 c = Sum(key.Points.C.Span, wires.Span[(key.Header.PublicCount + 1)..]) + Sum(key.Points.H.Span, quotient) - (G1.Generator * blinding);
        return new Proof(a.ToAffine(), b.ToAffine(), c.ToAffine()) { Commitments = commitments };
    }

    private static G1 Sum(ReadOnlySpan<G1Affine> points, ReadOnlySpan<Fr> scalars)
    {
        G1 sum = G1.Infinity;
        for (int i = 0; i < scalars.Length; i++)
        {
            sum += G1.FromAffine(points[i]) * scalars[i];
        }

        return sum;
    }
}
