using Accel.Compute;
using Accel.Proving.Formats;

namespace Accel.Proving.Ceremony;

/// <summary>The checks of <see cref="PowersOfTau.FindProblemAsync"/>.</summary>
internal sealed class PowersCheck(PtauFile ptau, int domainLog2, CpuBackend backend, IProgress<CeremonyProgress>? progress, CancellationToken cancel)
{
    private readonly RandomCombination _random = new(backend, cancel);
    private readonly int _domain = 1 << domainLog2;

    public async Task<string?> FindProblemAsync() => FindConstantProblem() ?? await FindPowerProblemAsync() ?? await FindLagrangeProblemAsync();

    private G2Affine Tau2 => ptau.TauG2(1, 1).Span[0];

    private string? FindConstantProblem()
    {
        G1Affine tau = ptau.TauG1(1, 1).Span[0];
        G2Affine tau2 = Tau2;
        G2Affine beta2 = ptau.BetaG2();
        PtauContribution? last = ptau.Contributions.Count == 0 ? null : ptau.Contributions[^1];
        return last is null ? "nobody has contributed to it: its τ is one"
            : ptau.TauG1(0, 1).Span[0] != G1Affine.Generator ? "section 2: τ⁰·G1 is not the generator"
            : ptau.TauG2(0, 1).Span[0] != G2Affine.Generator ? "section 3: τ⁰·G2 is not the generator"
            : tau.IsInfinity || ptau.AlphaG1().IsInfinity || ptau.BetaG1().IsInfinity ? "τ, α or β is zero"
            : !tau2.IsInSubgroup() || !ContributionChain.SameRatio(G1Affine.Generator, tau, G2Affine.Generator, tau2) ? "sections 2 and 3 have different τ"
            : !ContributionChain.SameRatio(G1Affine.Generator, ptau.BetaG1(), G2Affine.Generator, beta2) ? "sections 5 and 6 have different β"
            : last.TauG1 != tau || last.TauG2 != tau2 || last.AlphaG1 != ptau.AlphaG1() || last.BetaG1 != ptau.BetaG1() || last.BetaG2 != beta2
                ? "its points are not those after the last contribution"
            : null;
    }

    private async Task<string?> FindPowerProblemAsync()
    {
        int powers = (int)Math.Min(2L * _domain, ptau.TauG1Count);
        return await AreSuccessivePowersAsync("powers of τ in G1", ptau.TauG1(0, powers)) ? await FindPowerProblemInG2Async() ?? await FindMultipleProblemAsync()
            : "section 2: the points are not successive powers of τ";
    }

    private async Task<string?> FindPowerProblemInG2Async()
    {
        ReadOnlyMemory<G2Affine> points = ptau.TauG2(0, _domain);
        progress?.Report(new CeremonyProgress("powers of τ in G2", 0, points.Length));
        if (FindOutsideSubgroup(points) is { } outside)
        {
            return $"section 3: point {outside} is outside the subgroup of G2";
        }

        (G2Affine low, G2Affine high) = await _random.SumAsync(points[..^1], points[1..]);
        return ContributionChain.SameRatio(G1Affine.Generator, ptau.TauG1(1, 1).Span[0], low, high) ? null : "section 3: the points are not successive powers of τ";
    }

    private async Task<string?> FindMultipleProblemAsync() =>
        !await AreSuccessivePowersAsync("α times powers of τ", ptau.AlphaTauG1(0, _domain)) ? "section 4: the points are not α times successive powers of τ"
        : !await AreSuccessivePowersAsync("β times powers of τ", ptau.BetaTauG1(0, _domain)) ? "section 5: the points are not β times successive powers of τ"
        : null;

    private async Task<bool> AreSuccessivePowersAsync(string step, ReadOnlyMemory<G1Affine> points)
    {
        progress?.Report(new CeremonyProgress(step, 0, points.Length));
        (G1Affine low, G1Affine high) = await _random.SumAsync(points[..^1], points[1..]);
        return ContributionChain.SameRatio(low, high, G2Affine.Generator, Tau2);
    }

    /// <summary>Σ ρᵢ·Lᵢ(τ) is the polynomial with values ρᵢ at τ: Σ cⱼ·τʲ, c its coefficients.</summary>
    private async Task<string?> FindLagrangeProblemAsync()
    {
        progress?.Report(new CeremonyProgress("Lagrange bases", 0, _domain));
        (Fr[] values, Fr[] coefficients) = await RandomPolynomialAsync(domainLog2);
        if (!await IsEvaluatedAsync(ptau.LagrangeG1(domainLog2), values, ptau.TauG1(0, _domain), coefficients))
        {
            return "section 12: the Lagrange basis does not follow from the powers of τ";
        }

        if (!await IsEvaluatedAsync(ptau.LagrangeAlphaG1(domainLog2), values, ptau.AlphaTauG1(0, _domain), coefficients))
        {
            return "section 14: the Lagrange basis does not follow from α times the powers of τ";
        }

        if (!await IsEvaluatedAsync(ptau.LagrangeBetaG1(domainLog2), values, ptau.BetaTauG1(0, _domain), coefficients))
        {
            return "section 15: the Lagrange basis does not follow from β times the powers of τ";
        }

        ReadOnlyMemory<G2Affine> lagrange2 = ptau.LagrangeG2(domainLog2);
        if (FindOutsideSubgroup(lagrange2) is { } outside)
        {
            return $"section 13: point {outside} of the domain is outside the subgroup of G2";
        }

        if (await _random.MultiplyAsync(lagrange2, values) != await _random.MultiplyAsync(ptau.TauG2(0, _domain), coefficients))
        {
            return "section 13: the Lagrange basis does not follow from the powers of τ in G2";
        }

        (values, coefficients) = await RandomPolynomialAsync(domainLog2 + 1);

        // A transcript of just the domain's power lacks the highest power of the double domain; snarkjs takes it for zero, and no quotient reaches it.
        int powers = (int)Math.Min(2L * _domain, ptau.TauG1Count);
        return await IsEvaluatedAsync(ptau.LagrangeG1(domainLog2 + 1), values, ptau.TauG1(0, powers), coefficients)
            ? null
            : "section 12: the Lagrange basis of the double domain does not follow from the powers of τ";
    }

    private async Task<bool> IsEvaluatedAsync(ReadOnlyMemory<G1Affine> lagrange, Fr[] values, ReadOnlyMemory<G1Affine> powers, Fr[] coefficients) =>
        await _random.MultiplyAsync(lagrange, values) == await _random.MultiplyAsync(powers, coefficients);

    private async Task<(Fr[] Values, Fr[] Coefficients)> RandomPolynomialAsync(int log2)
    {
        Fr[] values = RandomCombination.Scalars(1 << log2);
        Fr[] coefficients = [.. values];
        await backend.NttAsync(new NttPlan(log2, NttDirection.Inverse), coefficients, cancel);
        return (values, coefficients);
    }

    private int? FindOutsideSubgroup(ReadOnlyMemory<G2Affine> points)
    {
        int found = int.MaxValue;
        Parallel.For(0, points.Length, new ParallelOptions { CancellationToken = cancel }, (i, state) =>
        {
            if (!points.Span[i].IsInSubgroup())
            {
                Interlocked.Exchange(ref found, i);
                state.Stop();
            }
        });
        return found == int.MaxValue ? null : found;
    }
}
