namespace Accel.Proving.Formats;

/// <summary>One contribution to a powers-of-tau ceremony, as section 7 of a .ptau records it (Bowe, Gabizon and Miers, eprint 2017/1050).</summary>
/// <param name="TauG1">τ·G1 after this contribution.</param>
/// <param name="TauG2">τ·G2 after it.</param>
/// <param name="AlphaG1">α·G1 after it.</param>
/// <param name="BetaG1">β·G1 after it.</param>
/// <param name="BetaG2">β·G2 after it.</param>
/// <param name="Proofs">The proofs of knowledge of the factors of τ, α and β: six points of G1 and three of G2, as the file has them.</param>
/// <param name="PartialHash">The 216-byte state of the response's hash.</param>
/// <param name="NextChallenge">The 64-byte hash that the next contributor starts from.</param>
/// <param name="Parameters">Kind, name and beacon.</param>
public sealed record PtauContribution(
    G1Affine TauG1,
    G2Affine TauG2,
    G1Affine AlphaG1,
    G1Affine BetaG1,
    G2Affine BetaG2,
    ReadOnlyMemory<byte> Proofs,
    ReadOnlyMemory<byte> PartialHash,
    ReadOnlyMemory<byte> NextChallenge,
    ContributionParameters Parameters)
{
    private const int ProofBytes = (6 * 64) + (3 * 128);
    private const int PartialHashBytes = 216;
    private const int ChallengeBytes = 64;
    private const int BytesMin = (3 * 64) + (2 * 128) + ProofBytes + PartialHashBytes + ChallengeBytes + 8;

    /// <summary>The contributor's name; empty when there is none.</summary>
    public string Name => Parameters.Name;

    internal static PtauContribution[] ReadAll(SectionReader section)
    {
        PtauContribution[] contributions = new PtauContribution[section.ReadCount("contributions", BytesMin, section)];
        for (int i = 0; i < contributions.Length; i++)
        {
            contributions[i] = Read(section);
        }

        section.End();
        return contributions;
    }

    internal static void WriteAll(SectionWriter writer, IReadOnlyList<PtauContribution> contributions)
    {
        writer.WriteUInt32((uint)contributions.Count);
        foreach (PtauContribution contribution in contributions)
        {
            contribution.Write(writer);
        }
    }

    private static PtauContribution Read(SectionReader section) => new(
        section.ReadPoint<Fq, Bn254G1>("τ·G1 of a contribution"),
        section.ReadPoint<Fq2, Bn254G2>("τ·G2 of a contribution"),
        section.ReadPoint<Fq, Bn254G1>("α·G1 of a contribution"),
        section.ReadPoint<Fq, Bn254G1>("β·G1 of a contribution"),
        section.ReadPoint<Fq2, Bn254G2>("β·G2 of a contribution"),
        section.ReadBytes(ProofBytes, "proofs of a contribution").ToArray(),
        section.ReadBytes(PartialHashBytes, "hash state of a contribution").ToArray(),
        section.ReadBytes(ChallengeBytes, "next challenge of a contribution").ToArray(),
        ContributionParameters.Read(section));

    private void Write(SectionWriter writer)
    {
        writer.WritePoint(TauG1);
        writer.WritePoint(TauG2);
        writer.WritePoint(AlphaG1);
        writer.WritePoint(BetaG1);
        writer.WritePoint(BetaG2);
        writer.WriteBytes(Proofs.Span);
        writer.WriteBytes(PartialHash.Span);
        writer.WriteBytes(NextChallenge.Span);
        Parameters.Write(writer);
    }
}
