using Accel.Proving.Groth16;

namespace Accel.Proving.Formats;

/// <summary>
/// Section 11 of a .zkey, which snarkjs does not know and only keys of circuits with commitments have: the hash, the number of commitments, for each its
/// challenge's wire, its number of wires, K of the challenge, σδ·G1 and σ·G2; then the wires of all, their K, and their σ·K.
/// </summary>
internal static class ZkeyCommitments
{
    public const int Section = 11;

    private const int ItemBytes = (2 * sizeof(uint)) + 64 + 64 + 128;
    private const int WireBytes = sizeof(uint) + 64 + 64;

    /// <summary>Reads the section, which a key without commitments lacks.</summary>
    /// <exception cref="InvalidFileException">It is malformed, or contradicts the header or the points C.</exception>
    public static ProvingKeyCommitments? Read(SectionedFile file, ProvingKeyHeader header, ReadOnlyMemory<G1Affine> pointsC, bool trusted)
    {
        if (!file.Has(Section))
        {
            return null;
        }

        SectionReader section = file.Read(Section);
        if (header.Gamma2 != G2Affine.Generator)
        {
            throw section.Problem($"the key has commitments, whose blinding needs γ = 1, but γ is another");
        }

        CommitmentHash hash = ReadHash(section);
        WireSet moved = new(header, pointsC);
        ProvingKeyCommitment[] items = ReadItems(section, moved);
        long wireCount = items.Sum(item => (long)item.WireCount);
        section.RequireRemaining(wireCount, WireBytes, "the committed wires and their points");
        long at = section.Offset;
        ReadOnlyMemory<uint> wires = section.ReadValues<uint>((int)wireCount, "committed wires");
        foreach (uint wire in wires.Span)
        {
            moved.Add(wire, "committed wire", section, at);
            at += sizeof(uint);
        }

        return new ProvingKeyCommitments(
            hash,
            items,
            wires,
            section.ReadPoints<Fq, Bn254G1>((int)wireCount, "the commitments' basis", trusted),
            section.ReadPoints<Fq, Bn254G1>((int)wireCount, "the proof of knowledge's basis", trusted));
    }

    public static void Write(SectionWriter writer, ProvingKeyCommitments commitments)
    {
        writer.Begin(Section, (2 * sizeof(uint)) + ((long)commitments.Items.Count * ItemBytes) + ((long)commitments.Wires.Length * WireBytes));
        writer.WriteUInt32((uint)commitments.Hash);
        writer.WriteUInt32((uint)commitments.Items.Count);
        foreach (ProvingKeyCommitment item in commitments.Items)
        {
            writer.WriteUInt32(item.ChallengeWire);
            writer.WriteUInt32((uint)item.WireCount);
            writer.WritePoint(item.ChallengeInput);
            writer.WritePoint(item.SigmaDelta1);
            writer.WritePoint(item.Sigma2);
        }

        foreach (uint wire in commitments.Wires.Span)
        {
            writer.WriteUInt32(wire);
        }

        writer.WritePoints(commitments.Basis.Span);
        writer.WritePoints(commitments.KnowledgeBasis.Span);
    }

    private static CommitmentHash ReadHash(SectionReader section)
    {
        long at = section.Offset;
        CommitmentHash hash = (CommitmentHash)section.ReadUInt32("hash of the commitments");
        return Enum.IsDefined(hash) ? hash : throw section.Problem($"hash {(uint)hash} is not known; 1 is Keccak-256 and 2 Poseidon", at);
    }

    private static ProvingKeyCommitment[] ReadItems(SectionReader section, WireSet moved)
    {
        long at = section.Offset;
        ProvingKeyCommitment[] items = new ProvingKeyCommitment[section.ReadCount("commitments", ItemBytes, section)];
        if (items.Length == 0)
        {
            throw section.Problem($"a key without commitments has no section {Section}", at);
        }

        for (int i = 0; i < items.Length; i++)
        {
            at = section.Offset;
            uint challenge = section.ReadUInt32("wire of a challenge");
            moved.Add(challenge, "challenge", section, at);
            items[i] = new ProvingKeyCommitment(
                challenge,
                section.ReadCount("committed wires", WireBytes, section),
                section.ReadPoint<Fq, Bn254G1>("K of a challenge"),
                section.ReadPoint<Fq, Bn254G1>("σδ"),
                section.ReadPoint<Fq2, Bn254G2>("σ"));
            if (items[i].Sigma2.IsInfinity || items.Take(i).Any(item => item.Sigma2 == items[i].Sigma2))
            {
                throw section.Problem($"σ of commitment {i} is zero or that of another: values could be moved between commitments", at);
            }
        }

        return items;
    }

    /// <summary>Wires that the verifier accounts for: each private, once, and infinity among the points C.</summary>
    private sealed class WireSet(ProvingKeyHeader header, ReadOnlyMemory<G1Affine> pointsC)
    {
        private readonly HashSet<uint> _wires = [];

        public void Add(uint wire, string what, SectionReader section, long offset)
        {
            if (wire <= header.PublicCount || wire >= header.WireCount)
            {
                throw section.Problem($"{what} {wire:N0} is not one of the private wires {header.PublicCount + 1:N0} to {header.WireCount - 1:N0}", offset);
            }

            if (!_wires.Add(wire))
            {
                throw section.Problem($"{what} {wire:N0} is committed or a challenge already", offset);
            }

            if (!pointsC.Span[(int)wire - header.PublicCount - 1].IsInfinity)
            {
                throw section.Problem($"{what} {wire:N0} has a point among C too, so that it could have two values", offset);
            }
        }
    }
}
