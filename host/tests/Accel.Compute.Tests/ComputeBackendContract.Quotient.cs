using Xunit;

namespace Accel.Compute.Tests;

public abstract partial class ComputeBackendContract
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task Quotient_is_ab_minus_c_on_the_odd_coset(int log2)
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        await CheckQuotient(backend, Seed, log2);
    }

    [Fact]
    public async Task Quotient_of_a_satisfied_system_is_minus_two_times_a_polynomial_of_degree_below_n_minus_one()
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Random random = new(Seed);
        const int Log2 = 12;
        int n = 1 << Log2;
        Fr[] a = Samples.Scalars(random, n);
        Fr[] b = Samples.Scalars(random, n);
        Fr[] c = [.. a.Zip(b, (x, y) => x * y)];
        IScalarSource source = await backend.QuotientAsync(new QuotientInput(a, b, c), Cancel);
        Fr[] values = await ReadAll(source);
        Fr[] coefficients = await Transform(backend, new NttPlan(Log2, NttDirection.Inverse, Fr.RootOfUnity(Log2 + 1)), values);

        // ab − c vanishes on ⟨ω⟩, so it is h·(Xⁿ − 1), and Xⁿ = −1 on the coset: degree h ≤ 2(n − 1) − n.
        Assert.Equal(Fr.Zero, coefficients[n - 1]);
        Assert.NotEqual(Fr.Zero, coefficients[n - 2]);
    }

    [Theory]
    [InlineData(4, 4, 8)]
    [InlineData(4, 8, 4)]
    [InlineData(6, 6, 6)]
    [InlineData(0, 0, 0)]
    public async Task Quotient_refuses_lengths_that_differ_or_are_no_power_of_two(int a, int b, int c)
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => backend.QuotientAsync(new QuotientInput(new Fr[a], new Fr[b], new Fr[c]), Cancel).AsTask());
    }

    protected static async Task CheckQuotient(IComputeBackend backend, int seed, int log2)
    {
        Random random = new(seed);
        int n = 1 << log2;
        Fr[][] polynomials = [Samples.Scalars(random, n), Samples.Scalars(random, n), Samples.Scalars(random, n)];
        Fr[][] values = [.. polynomials.Select(p => Samples.NaiveTransform(p, Fr.One))];
        Fr[][] coset = [.. polynomials.Select(p => Samples.NaiveTransform(p, Fr.RootOfUnity(log2 + 1)))];
        IScalarSource source = await backend.QuotientAsync(new QuotientInput(values[0], values[1], values[2]), Cancel);
        Fr[] quotient = await ReadAll(source);
        for (int i = 0; i < n; i++)
        {
            Assert.True((coset[0][i] * coset[1][i]) - coset[2][i] == quotient[i], $"value {i} of 2^{log2}, seed {seed}");
        }
    }

    private static async Task<Fr[]> ReadAll(IScalarSource source)
    {
        Fr[] scalars = new Fr[source.Count];
        await source.ReadAsync(0, scalars, Cancel);
        return scalars;
    }
}
