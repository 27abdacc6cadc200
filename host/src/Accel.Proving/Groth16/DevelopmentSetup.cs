using Accel.Compute;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Formats;

namespace Accel.Proving.Groth16;

/// <summary>A set-up by one party that knows τ, so that every point is one product of the generator.</summary>
internal sealed class DevelopmentSetup(
    IConstraintSystem system, CommitmentHash commitmentHash, ToxicWaste waste, int threads, IProgress<SetupProgress>? progress, CancellationToken cancel)
{
    public async Task<ProvingKey> RunAsync()
    {
        progress?.Report(new SetupProgress(SetupPhase.Matrices, 0, 0));
        QapMatrices matrices = QapMatrices.ByConstraint(system);
        ProvingKeyHeader header = Header(matrices);
        CommitmentLayout layout = new(system);
        using WireScalars scalars = new(matrices, layout, waste);
        ProvingKeyPoints points = new(
            await MultiplyAsync(SetupPhase.Inputs, G1Affine.Generator, scalars.Inputs),
            await MultiplyAsync(SetupPhase.A, G1Affine.Generator, scalars.A),
            await MultiplyAsync(SetupPhase.B1, G1Affine.Generator, scalars.B),
            await MultiplyAsync(SetupPhase.B2, G2Affine.Generator, scalars.B),
            await MultiplyAsync(SetupPhase.C, G1Affine.Generator, scalars.C),
            await MultiplyAsync(SetupPhase.H, G1Affine.Generator, scalars.H));

        ProvingKeyCommitments? commitments = layout.Challenges.Length == 0 ? null : await CommitmentsAsync(layout, scalars);

        progress?.Report(new SetupProgress(SetupPhase.Hash, 0, 0));
        byte[] hash = CircuitHash.Of(header, points, commitments, [points.H], points.H.Length);
        return new ProvingKey(header, points, new ProvingKeyConstraints(matrices.A, matrices.B), new KeyHistory(hash, [Mark(header, hash)]), commitments);
    }

    private async Task<ProvingKeyCommitments> CommitmentsAsync(CommitmentLayout layout, WireScalars scalars)
    {
        G1Affine[] basis = new G1Affine[scalars.Committed.Length];
        G1Affine[] knowledge = new G1Affine[scalars.Committed.Length];
        await FixedBase.MultiplyAsync(G1Affine.Generator, scalars.Committed, basis, threads, cancel);
        await FixedBase.MultiplyAsync(G1Affine.Generator, scalars.Knowledge, knowledge, threads, cancel);
        ProvingKeyCommitment[] items =
        [
            .. layout.Challenges.Select((wire, i) => new ProvingKeyCommitment(
                wire,
                layout.Wires[i].Length,
                (G1.Generator * scalars.Challenges[i]).ToAffine(),
                (G1.Generator * (waste.Sigma(i) * waste.Delta)).ToAffine(),
                (G2.Generator * waste.Sigma(i)).ToAffine())),
        ];
        return new ProvingKeyCommitments(commitmentHash, items, layout.Wires.SelectMany(wires => wires).ToArray(), basis, knowledge);
    }

    /// <summary>The contribution that says what the key is. Its proof of knowledge has s = 1 and shows nothing; ceremonies that verify it refuse the key.</summary>
    private static ZkeyContribution Mark(ProvingKeyHeader header, byte[] hash) =>
        new(header.Delta1, G1Affine.Generator, header.Delta1, header.Delta2, hash, ContributionParameters.Named(KeyHistory.DevelopmentMark));

    private ProvingKeyHeader Header(QapMatrices matrices) => new(
        matrices.WireCount,
        matrices.PublicCount,
        matrices.DomainLog2,
        (G1.Generator * waste.Alpha).ToAffine(),
        (G1.Generator * waste.Beta).ToAffine(),
        (G2.Generator * waste.Beta).ToAffine(),
        G2Affine.Generator,
        (G1.Generator * waste.Delta).ToAffine(),
        (G2.Generator * waste.Delta).ToAffine());

    private async Task<ReadOnlyMemory<AffinePoint<TField, TCurve>>> MultiplyAsync<TField, TCurve>(
        SetupPhase phase, AffinePoint<TField, TCurve> generator, ReadOnlyMemory<Fr> scalars)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        progress?.Report(new SetupProgress(phase, 0, scalars.Length));
        AffinePoint<TField, TCurve>[] points = new AffinePoint<TField, TCurve>[scalars.Length];
        await FixedBase.MultiplyAsync(generator, scalars, points, threads, cancel);
        progress?.Report(new SetupProgress(phase, scalars.Length, scalars.Length));
        return points;
    }

    /// <summary>The discrete logarithms of a key's points; wiped when disposed.</summary>
    private sealed class WireScalars : IDisposable
    {
        private readonly Fr[] _combined;
        private readonly int _publicCount;

        public WireScalars(QapMatrices matrices, CommitmentLayout layout, ToxicWaste waste)
        {
            A = new Fr[matrices.WireCount];
            B = new Fr[matrices.WireCount];
            H = new Fr[1 << matrices.DomainLog2];
            _combined = new Fr[matrices.WireCount];
            _publicCount = matrices.PublicCount;

            Fr[] lagrange = new Fr[1 << matrices.DomainLog2];
            LagrangeBasis.Evaluate(matrices.DomainLog2, waste.Tau, 0, 1, lagrange);
            Accumulate(matrices.A, lagrange, A);
            Accumulate(matrices.B, lagrange, B);
            Accumulate(matrices.C, lagrange, _combined);
            ToxicWaste.Wipe(lagrange);

            for (int wire = 0; wire < _combined.Length; wire++)
            {
                _combined[wire] += (waste.Beta * A[wire]) + (waste.Alpha * B[wire]);
            }

            Committed = [.. layout.Wires.SelectMany(wires => wires).Select(wire => _combined[wire])];
            Knowledge = [.. layout.Wires.SelectMany((wires, i) => wires.Select(wire => _combined[wire] * waste.Sigma(i)))];
            Challenges = [.. layout.Challenges.Select(wire => _combined[wire])];

            Fr inverse = waste.Delta.Inverse();
            for (int wire = _publicCount + 1; wire < _combined.Length; wire++)
            {
                _combined[wire] = layout.IsMoved(wire) ? Fr.Zero : _combined[wire] * inverse;
            }

            LagrangeBasis.Evaluate(matrices.DomainLog2 + 1, waste.Tau, 1, 2, H);
            foreach (ref Fr value in H.AsSpan())
            {
                value *= inverse;
            }
        }

        public Fr[] A { get; }

        public Fr[] B { get; }

        public Fr[] H { get; }

        public Fr[] Committed { get; }

        public Fr[] Knowledge { get; }

        public Fr[] Challenges { get; }

        public ReadOnlyMemory<Fr> Inputs => _combined.AsMemory(0, _publicCount + 1);

        public ReadOnlyMemory<Fr> C => _combined.AsMemory(_publicCount + 1);

        public void Dispose()
        {
            ToxicWaste.Wipe(A);
            ToxicWaste.Wipe(B);
            ToxicWaste.Wipe(H);
            ToxicWaste.Wipe(_combined);
            ToxicWaste.Wipe(Committed);
            ToxicWaste.Wipe(Knowledge);
            ToxicWaste.Wipe(Challenges);
        }

        private static void Accumulate(SparseMatrix matrix, ReadOnlySpan<Fr> lagrange, Span<Fr> columns)
        {
            ReadOnlySpan<Fr> coefficients = matrix.Coefficients;
            for (int row = 0; row < matrix.RowCount; row++)
            {
                foreach (Term term in matrix.Row(row))
                {
                    columns[(int)term.Wire] += coefficients[(int)term.Coefficient] * lagrange[row];
                }
            }
        }
    }
}
