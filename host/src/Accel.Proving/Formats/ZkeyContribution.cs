namespace Accel.Proving.Formats;

/// <summary>One contribution to the second phase of a Groth16 ceremony, as section 10 of a .zkey records it (Bowe, Gabizon and Miers, eprint 2017/1050).</summary>
/// <param name="DeltaAfter">δ·G1 after this contribution.</param>
/// <param name="S">s·G1 of the proof of knowledge.</param>
/// <param name="SX">s·x·G1 for the contributed factor x.</param>
/// <param name="SpX">x·S′ with S′ in G2 derived from the transcript.</param>
/// <param name="Transcript">64 bytes: the transcript's hash before this contribution.</param>
/// <param name="Parameters">Kind, name and beacon.</param>
public sealed record ZkeyContribution(G1Affine DeltaAfter, G1Affine S, G1Affine SX, G2Affine SpX, ReadOnlyMemory<byte> Transcript, ContributionParameters Parameters)
{
    /// <summary>A contribution without parameters: three points of G1, one of G2, a hash, the kind and the length of nothing.</summary>
    internal const int BytesMin = (3 * 64) + 128 + HashBytes + 8;

    internal const int HashBytes = 64;

    /// <summary>The contributor's name; empty when there is none.</summary>
    public string Name => Parameters.Name;

    internal int ByteLength => BytesMin + Parameters.Raw.Length;

    internal static ZkeyContribution Read(SectionReader section) => new(
        section.ReadPoint<Fq, Bn254G1>("δ of a contribution"),
        section.ReadPoint<Fq, Bn254G1>("s of a contribution"),
        section.ReadPoint<Fq, Bn254G1>("s·x of a contribution"),
        section.ReadPoints<Fq2, Bn254G2>(1, "s′·x of a contribution", trusted: false).Span[0],
        section.ReadBytes(HashBytes, "transcript of a contribution").ToArray(),
        ContributionParameters.Read(section));

    internal void Write(SectionWriter writer)
    {
        writer.WritePoint(DeltaAfter);
        writer.WritePoint(S);
        writer.WritePoint(SX);
        writer.WritePoint(SpX);
        writer.WriteBytes(Transcript.Span);
        Parameters.Write(writer);
    }
}
