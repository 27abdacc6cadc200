using Accel.Proving.Ceremony;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Xunit;

namespace Accel.Proving.Tests.Ceremony;

/// <summary>Nothing that a ceremony's file says can be changed unnoticed, but for names, which its format does not bind.</summary>
public sealed class TamperedTranscriptTests(CeremonyFixture ceremony) : IClassFixture<CeremonyFixture>
{
    private static readonly G1Affine OtherG1 = (G1.Generator * 1234567).ToAffine();
    private static readonly G2Affine OtherG2 = (G2.Generator * 7654321).ToAffine();

    public static TheoryData<int, string, string> ContributionFields { get; } = new()
    {
        { 1, "DeltaAfter", "contribution 2 (theirs): the δ after it" },
        { 1, "S", "contribution 2 (theirs): its transcript" },
        { 1, "SX", "contribution 2 (theirs): its transcript" },
        { 1, "SpX", "contribution 2 (theirs): its proof of knowledge" },
        { 1, "SpX outside the subgroup", "contribution 2 (theirs): s′·x is on the curve but outside the subgroup" },
        { 1, "Transcript", "contribution 2 (theirs): its transcript" },
        { 0, "DeltaAfter", "contribution 1 (ours): the δ after it" },
        { 3, "DeltaAfter", "beacon 4 (beacon): the δ after it" },
        { 3, "beacon's value", "beacon 4 (beacon): its factor is not drawn from the value" },
        { 3, "beacon's iterations", "beacon 4 (beacon): its factor is not drawn from the value" },
        { 3, "beacon's iterations beyond all bounds", "beacon 4 (beacon): it does not say its value" },
        { 3, "beacon without parameters", "beacon 4: it does not say its value" },
        { 1, "kind", "beacon 2 (theirs): it does not say its value" },
        { 2, "infinity", "contribution 3: a point is at infinity" },
    };

    public static TheoryData<string, string> Orders { get; } = new()
    {
        { "drop the first", "contribution 1 (theirs): its transcript" },
        { "drop the second", "contribution 2: its transcript" },
        { "drop the last", "the header's δ·G1" },
        { "double the first", "contribution 2 (ours): its transcript" },
        { "swap two", "contribution 2: its transcript" },
        { "another circuit's hash", "contribution 1 (ours): its transcript" },
    };

    public static TheoryData<string, string> KeyParts { get; } = new()
    {
        { "alpha", "section 2: α or β" },
        { "beta1", "section 2: α or β" },
        { "beta2", "section 2: α or β" },
        { "gamma", "section 2: γ" },
        { "delta1", "the header's δ·G1" },
        { "delta2", "the header's δ·G2" },
        { "inputs", "section 3: point 1 of inputs" },
        { "matrix", "section 4: row 3 of A" },
        { "A", "section 5: point 1 of A" },
        { "B1", "section 6: point 1 of B1" },
        { "B2", "section 7: point 1 of B2" },
        { "C", "section 8" },
        { "H", "section 9" },
    };

    [Theory]
    [MemberData(nameof(ContributionFields))]
    public async Task A_changed_contribution_is_named(int index, string field, string expected)
    {
        using ProvingKey key = ZkeyFile.Read(ceremony.Final);
        ZkeyContribution[] contributions = [.. key.History.Contributions];
        contributions[index] = Change(contributions[index], field);
        Assert.Contains(expected, await ProblemAsync(key, contributions), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Dropped_doubled_and_moved_contributions_are_named(string change, string expected)
    {
        using ProvingKey key = ZkeyFile.Read(ceremony.Final);
        IReadOnlyList<ZkeyContribution> all = key.History.Contributions;
        ProvingKey changed = change == "another circuit's hash" ? With(key, history: key.History with { CircuitHash = new byte[64] }) : With(key, history: key.History with
        {
            Contributions = change switch
            {
                "drop the first" => [.. all.Skip(1)],
                "drop the second" => [all[0], .. all.Skip(2)],
                "drop the last" => [.. all.SkipLast(1)],
                "double the first" => [all[0], .. all],
                _ => [all[0], all[2], all[1], all[3]],
            },
        });
        Assert.Contains(expected, (await ceremony.VerifyAsync(changed)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(KeyParts))]
    public async Task A_changed_key_is_named_by_section(string part, string expected)
    {
        using ProvingKey key = ZkeyFile.Read(ceremony.Final);
        ProvingKeyHeader header = key.Header;
        ProvingKeyPoints points = key.Points;
        ProvingKey changed = part switch
        {
            "alpha" => With(key, header with { Alpha1 = OtherG1 }),
            "beta1" => With(key, header with { Beta1 = OtherG1 }),
            "beta2" => With(key, header with { Beta2 = OtherG2 }),
            "gamma" => With(key, header with { Gamma2 = OtherG2 }),
            "delta1" => With(key, header with { Delta1 = OtherG1 }),
            "delta2" => With(key, header with { Delta2 = OtherG2 }),
            "inputs" => With(key, points: points with { Inputs = Replace(points.Inputs, OtherG1) }),
            "matrix" => With(key, constraints: ReplaceTerm(key.Constraints, row: 3)),
            "A" => With(key, points: points with { A = Replace(points.A, OtherG1) }),
            "B1" => With(key, points: points with { B1 = Replace(points.B1, OtherG1) }),
            "B2" => With(key, points: points with { B2 = Replace(points.B2, OtherG2) }),
            "C" => With(key, points: points with { C = Replace(points.C, OtherG1) }),
            _ => With(key, points: points with { H = Replace(points.H, OtherG1) }),
        };
        Assert.Contains(expected, (await ceremony.VerifyAsync(changed)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "a point is at infinity: the factor would be zero")]
    [InlineData(1, "its factor is one: it adds no secret")]
    public async Task A_factor_of_zero_or_one_is_refused(int factor, string expected)
    {
        using ProvingKey key = ZkeyFile.Read(ceremony.First);
        ZkeyContribution forged = Forge(key, factor);
        ProvingKeyHeader header = key.Header with { Delta1 = forged.DeltaAfter, Delta2 = (G2.FromAffine(key.Header.Delta2) * factor).ToAffine() };
        ProvingKey changed = With(key, header, history: key.History with { Contributions = [.. key.History.Contributions, forged] });

        Assert.Contains($"contribution 2 (forged): {expected}", (await ceremony.VerifyAsync(changed)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_factor_that_did_not_reach_the_points_is_found()
    {
        using ProvingKey key = ZkeyFile.Read(ceremony.First);
        ZkeyContribution honest = Forge(key, factor: 5);
        ProvingKeyHeader header = key.Header with { Delta1 = honest.DeltaAfter, Delta2 = (G2.FromAffine(key.Header.Delta2) * 5).ToAffine() };
        ProvingKey changed = With(key, header, history: key.History with { Contributions = [.. key.History.Contributions, honest] });

        Assert.StartsWith("section 8", (await ceremony.VerifyAsync(changed)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_name_reaches_no_terminal()
    {
        using ProvingKey key = ZkeyFile.Read(ceremony.First);
        ZkeyContribution renamed = key.History.Contributions[0] with { Parameters = ContributionParameters.Named("\u001b[2Jall is well\u202e") };
        CeremonyVerdict verdict = await ceremony.VerifyAsync(With(key, history: key.History with { Contributions = [renamed] }));

        Assert.True(verdict.IsValid);
        Assert.Equal("\ufffd[2Jall is well\ufffd", verdict.Contributions[0].Name);
    }

    private static ZkeyContribution Change(ZkeyContribution contribution, string field) => field switch
    {
        "DeltaAfter" => contribution with { DeltaAfter = OtherG1 },
        "S" => contribution with { S = OtherG1 },
        "SX" => contribution with { SX = OtherG1 },
        "SpX" => contribution with { SpX = OtherG2 },
        "SpX outside the subgroup" => contribution with { SpX = TwistPoints.OutsideSubgroup() },
        "Transcript" => contribution with { Transcript = (byte[])[.. contribution.Transcript.Span[..63], (byte)(contribution.Transcript.Span[63] ^ 1)] },
        "beacon's value" => contribution with { Parameters = ContributionParameters.Beacon("beacon", new byte[32], CeremonyFixture.BeaconLog2) },
        "beacon's iterations" => WithIterations(contribution, CeremonyFixture.BeaconLog2 + 1),
        "beacon's iterations beyond all bounds" => WithIterations(contribution, 64),
        "beacon without parameters" => contribution with { Parameters = new ContributionParameters(ContributionParameters.BeaconKind, default) },
        "kind" => contribution with { Parameters = contribution.Parameters with { Kind = ContributionParameters.BeaconKind } },
        _ => contribution with { S = G1Affine.Infinity, SX = G1Affine.Infinity },
    };

    private static ZkeyContribution WithIterations(ZkeyContribution contribution, byte log2) =>
        contribution with { Parameters = ContributionParameters.Beacon("beacon", contribution.Parameters.BeaconValue.Span, log2) };

    private async Task<string> ProblemAsync(ProvingKey key, ZkeyContribution[] contributions)
    {
        CeremonyVerdict verdict = await ceremony.VerifyAsync(With(key, history: key.History with { Contributions = contributions }));
        return verdict.Problem ?? "none";
    }

    /// <summary>A contribution with a known factor, in every equation as it should be.</summary>
    private static ZkeyContribution Forge(ProvingKey key, int factor)
    {
        CeremonyTranscript transcript = new(key.History.CircuitHash.Span);
        foreach (ZkeyContribution contribution in key.History.Contributions)
        {
            transcript.Append(contribution);
        }

        G1Affine sX = (G1.FromAffine(OtherG1) * factor).ToAffine();
        byte[] hash = transcript.For(OtherG1, sX);
        return new ZkeyContribution(
            (G1.FromAffine(key.Header.Delta1) * factor).ToAffine(),
            OtherG1,
            sX,
            (G2.FromAffine(CeremonyStream.ChallengePoint(hash)) * factor).ToAffine(),
            hash,
            ContributionParameters.Named("forged"));
    }

    private static ProvingKey With(
        ProvingKey key, ProvingKeyHeader? header = null, ProvingKeyPoints? points = null, ProvingKeyConstraints? constraints = null, KeyHistory? history = null) =>
        new(header ?? key.Header, points ?? key.Points, constraints ?? key.Constraints, history ?? key.History);

    private static T[] Replace<T>(ReadOnlyMemory<T> points, T other)
    {
        T[] changed = points.ToArray();
        changed[1] = other;
        return changed;
    }

    private static ProvingKeyConstraints ReplaceTerm(ProvingKeyConstraints constraints, int row)
    {
        SparseMatrix a = constraints.A;
        List<Term> terms = [];
        int[] starts = new int[a.RowCount + 1];
        for (int i = 0; i < a.RowCount; i++)
        {
            starts[i] = terms.Count;
            terms.AddRange(a.Row(i));
        }

        starts[^1] = terms.Count;
        terms[starts[row]] = terms[starts[row]] with { Wire = terms[starts[row]].Wire + 1 };
        return constraints with { A = new SparseMatrix(a.Coefficients.ToArray(), [.. terms], starts) };
    }
}
