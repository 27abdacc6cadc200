using System.Runtime.InteropServices;
using Accel.Proving.Ceremony;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Proving.Tests.Groth16;
using Xunit;

namespace Accel.Proving.Tests.Ceremony;

/// <summary>A key is made only from powers of one τ.</summary>
[Collection(SharedPtau.Name)]
public sealed class PowersOfTauTests(PtauFixture powers)
{
    private const int DomainLog2 = 5;

    /// <summary>Section, bytes of a point, the point that is replaced by its neighbour, and what is said.</summary>
    public static TheoryData<int, int, int, string> Places { get; } = new()
    {
        { 2, 64, 0, "section 2: τ⁰·G1" },
        { 2, 64, 1, "sections 2 and 3 have different τ" },
        { 2, 64, 40, "section 2: the points are not successive" },
        { 3, 128, 0, "section 3: τ⁰·G2" },
        { 3, 128, 1, "sections 2 and 3 have different τ" },
        { 3, 128, 20, "section 3: the points are not successive" },
        { 4, 64, 0, "last contribution" },
        { 4, 64, 20, "section 4: the points" },
        { 5, 64, 0, "sections 5 and 6 have different β" },
        { 5, 64, 20, "section 5: the points" },
        { 12, 64, 31 + 9, "section 12: the Lagrange basis does" },
        { 12, 64, 63 + 9, "section 12: the Lagrange basis of the double domain" },
        { 13, 128, 31 + 9, "section 13: the Lagrange basis" },
        { 14, 64, 31 + 9, "section 14: the Lagrange basis" },
        { 15, 64, 31 + 9, "section 15: the Lagrange basis" },
    };

    [Theory]
    [InlineData(1)]
    [InlineData(DomainLog2)]
    [InlineData(PtauFixture.Power)]
    public async Task Powers_by_snarkjs_are_accepted_for_every_domain_that_they_serve(int domainLog2)
    {
        using PtauFile file = PtauFile.Open(powers.Prepared);
        Assert.Null(await FindProblemAsync(file, domainLog2));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_replaced_point_is_named_by_section(int section, int bytes, int point, string expected)
    {
        byte[] content = await File.ReadAllBytesAsync(powers.Prepared, TestContext.Current.CancellationToken);
        Memory<byte> at = content.AsMemory((int)Start(content, section) + (point * bytes));
        at.Slice(bytes, bytes).CopyTo(at);

        using PtauFile file = PtauFile.Read("changed.ptau", content);
        Assert.Contains(expected, await FindProblemAsync(file, DomainLog2), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 20)]
    [InlineData(13, 31 + 9)]
    public async Task A_point_outside_the_subgroup_is_named(int section, int point)
    {
        byte[] content = await File.ReadAllBytesAsync(powers.Prepared, TestContext.Current.CancellationToken);
        G2Affine[] outside = [TwistPoints.OutsideSubgroup()];
        MemoryMarshal.AsBytes(outside.AsSpan()).CopyTo(content.AsSpan((int)Start(content, section) + (point * 128)));

        using PtauFile file = PtauFile.Read("changed.ptau", content);
        string? problem = await FindProblemAsync(file, DomainLog2);
        Assert.StartsWith($"section {section}: point", problem, StringComparison.Ordinal);
        Assert.Contains("outside the subgroup", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_beta_in_G2_is_found()
    {
        byte[] content = await File.ReadAllBytesAsync(powers.Prepared, TestContext.Current.CancellationToken);
        G2Affine[] other = [(G2.Generator * 3).ToAffine()];
        MemoryMarshal.AsBytes(other.AsSpan()).CopyTo(content.AsSpan((int)Start(content, 6)));

        using PtauFile file = PtauFile.Read("changed.ptau", content);
        Assert.Contains("different β", await FindProblemAsync(file, DomainLog2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verdict_names_the_transcript_and_its_section()
    {
        (SyntheticCircuit circuit, _) = SyntheticCircuit.Create(seed: 5, constraints: 20, publics: 1);
        using Accel.Testing.TemporaryFolder folder = new();
        using (PtauFile good = PtauFile.Open(powers.Prepared))
        using (ProvingKey initial = await Groth16Setup.CreateInitialKeyAsync(circuit, good, threads: 1, progress: null, TestContext.Current.CancellationToken))
        {
            DevelopmentSetupTests.Save(folder["0.zkey"], stream => ZkeyFile.Write(stream, initial));
        }

        await CeremonyFixture.ContributeAsync(folder["0.zkey"], folder["1.zkey"], "one");
        byte[] content = await File.ReadAllBytesAsync(powers.Prepared, TestContext.Current.CancellationToken);
        Memory<byte> at = content.AsMemory((int)Start(content, 4) + (20 * 64));
        at.Slice(64, 64).CopyTo(at);
        using PtauFile changed = PtauFile.Read("changed.ptau", content);
        using ProvingKey key = ZkeyFile.Read(folder["1.zkey"]);

        CeremonyVerdict verdict = await KeyCeremony.VerifyAsync(circuit, changed, key, threads: 1, progress: null, TestContext.Current.CancellationToken);
        Assert.StartsWith("changed.ptau: section 4", verdict.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hash_is_that_of_b2sum()
    {
        using Accel.Testing.TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["abc"], "abc", TestContext.Current.CancellationToken);
        byte[] hash = await PowersOfTau.HashAsync(folder["abc"], TestContext.Current.CancellationToken);

        // RFC 7693, appendix A.
        const string Expected = "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923";
        Assert.Equal(Expected, Convert.ToHexStringLower(hash));
    }

    private static Task<string?> FindProblemAsync(PtauFile file, int domainLog2) =>
        PowersOfTau.FindProblemAsync(file, domainLog2, threads: 2, progress: null, TestContext.Current.CancellationToken);

    private static long Start(byte[] content, int section)
    {
        using SectionedFile file = SectionedFile.FromMemory("powers", content, SectionedFormat.Ptau);
        return file.Sections.Single(entry => entry.Id == section).Start;
    }
}
