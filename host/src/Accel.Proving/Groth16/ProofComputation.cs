using Accel.Compute;

namespace Accel.Proving.Groth16;

/// <summary>The five products of one proof, before blinding.</summary>
internal sealed record ProofProducts(G1 A, G1 B1, G2 B2, G1 C, G1 H);

/// <summary>Runs the expensive steps of one proof on a backend and times them.</summary>
internal sealed class ProofComputation(
    ProvingKey key,
    IComputeBackend backend,
    ResidentKey bases,
    ReadOnlyMemory<Fr> witness,
    ProofTimings timings,
    IProgress<ProofPhase>? progress,
    CancellationToken cancel)
{
    /// <summary>Computes all five products.</summary>
    /// <param name="overlap">Whether those of the witness start before the quotient is there.</param>
    public async Task<ProofProducts> RunAsync(bool overlap)
    {
        MemoryScalarSource all = new(witness);
        MemoryScalarSource privates = new(witness[(key.Header.PublicCount + 1)..]);
        if (!overlap)
        {
            IScalarSource quotient = await QuotientAsync();
            return new ProofProducts(
                await ProductAsync(ProofPhase.ProductA, bases.A, all),
                await ProductAsync(ProofPhase.ProductB1, bases.B1, all),
                await ProductB2Async(all),
                await ProductAsync(ProofPhase.ProductC, bases.C, privates),
                await ProductAsync(ProofPhase.ProductH, bases.H, quotient));
        }

        Task<G2> b2 = ProductB2Async(all);
        Task<G1> a = ProductAsync(ProofPhase.ProductA, bases.A, all);
        Task<G1> b1 = ProductAsync(ProofPhase.ProductB1, bases.B1, all);
        Task<G1> c = ProductAsync(ProofPhase.ProductC, bases.C, privates);
        Task<G1> h = ProductHAsync();
        await Task.WhenAll(a, b1, b2, c, h);
        return new ProofProducts(await a, await b1, await b2, await c, await h);
    }

    private async Task<G1> ProductHAsync() => await ProductAsync(ProofPhase.ProductH, bases.H, await QuotientAsync());

    private async Task<IScalarSource> QuotientAsync()
    {
        QuotientInput input = await timings.MeasureAsync(ProofPhase.WitnessMap, progress, () => ValueTask.FromResult(MapWitness()));
        return await timings.MeasureAsync(ProofPhase.Quotient, progress, () => backend.QuotientAsync(input, cancel));
    }

    /// <summary>⟨C,w⟩ is taken to be the product of the other two: the key has no C, and a witness for which it is not fails the final check.</summary>
    private QuotientInput MapWitness()
    {
        Fr[] a = new Fr[key.Header.DomainSize];
        Fr[] b = new Fr[key.Header.DomainSize];
        Fr[] c = new Fr[key.Header.DomainSize];
        key.Constraints.A.Multiply(witness, a, cancel);
        key.Constraints.B.Multiply(witness, b, cancel);
        for (int i = 0; i < c.Length; i++)
        {
            c[i] = a[i] * b[i];
        }

        return new QuotientInput(a, b, c);
    }

    private Task<G1> ProductAsync(ProofPhase phase, IBaseSet<G1Affine> set, IScalarSource scalars) => timings.MeasureAsync(
        phase, progress, () => scalars.Count == 0 ? ValueTask.FromResult(G1.Infinity) : backend.MsmAsync(set, scalars, cancel));

    private Task<G2> ProductB2Async(IScalarSource scalars) => timings.MeasureAsync(ProofPhase.ProductB2, progress, () => backend.MsmAsync(bases.B2, scalars, cancel));
}
